"""Objects in S3: pipeline.yaml, records, and the first bytes of uploads."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from encord_lambda.aws.trouble import translated
from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Misconfigured, Reject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Objects:
    """One bucket's objects."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3, self.bucket = s3, bucket

    def read(self, key: str) -> bytes:
        """A whole object; for small records of ours only.

        Raises:
            Reject: There is no such object.
        """
        with translated(f"read {self.address(key)}"):
            return self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def head(self, key: str, length: int) -> bytes:
        """The first `length` bytes, fewer if the object is shorter. The object must not be empty.

        Raises:
            Reject: There is no such object (any more).
        """
        with translated(f"read {self.address(key)}"):
            answer = self._s3.get_object(Bucket=self.bucket, Key=key, Range=f"bytes=0-{length - 1}")
            return answer["Body"].read()

    def write(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Put an object, over whatever was there."""
        with translated(f"write {self.address(key)}"):
            self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)

    def address(self, key: str) -> str:
        """How messages name an object."""
        return f"s3://{self.bucket}/{key}"


class PipelineFile:
    """pipeline.yaml in S3, read again only when its ETag changed."""

    def __init__(self, s3: "S3Client", address: str) -> None:
        self._s3, self._address = s3, address
        self._bucket, _, self._key = address.removeprefix("s3://").partition("/")
        self._etag = ""
        self._config: PipelineConfig | None = None

    def current(self) -> PipelineConfig:
        """The pipeline as it stands now: one conditional request.

        Raises:
            Misconfigured: The file is missing, unreadable or malformed; says where.
        """
        if found := self._changed():
            body, etag = found
            text = body.decode("utf-8", errors="replace")
            self._config, self._etag = PipelineConfig.parse(self._address, text), etag
        if self._config is None:
            raise Misconfigured(f"{self._address} was reported unchanged before it was ever read")
        return self._config

    def _changed(self) -> tuple[bytes, str] | None:
        """The file's content and ETag, unless it is still the one we know."""
        try:
            with translated(f"read {self._address}"):
                return self._fetch()
        except (Reject, Misconfigured) as trouble:
            # Without leave to list the bucket, S3 says AccessDenied for an object that does not exist.
            raise Misconfigured(f"{trouble.reason}: upload your pipeline.yaml to {self._address}") from None

    def _fetch(self) -> tuple[bytes, str] | None:
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=self._key, IfNoneMatch=self._etag or '"none"')
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_MODIFIED:
                return None
            raise
        return answer["Body"].read(), answer["ETag"]
