"""What is kept beside uploaded objects: their tags and their sidecars. Asked for only where pipeline.yaml says so."""

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from encord_lambda.aws.first_bytes import AT_ONCE
from encord_lambda.aws.objects import Objects
from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Reject, Skip, Trouble
from encord_lambda.registration.client_metadata import LONGEST_SIDECAR, Beside
from encord_lambda.registration.events import Upload
from encord_lambda.registration.media import SIDECAR

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ObjectsBeside:
    """Tags and sidecars, each by one request for an object."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    def found(self, uploads: Sequence[Upload], sources: Collection[str]) -> Sequence[Beside | Trouble]:
        """What is beside each upload, or why it cannot be had; `sources` are those of `Metadata.sources`.

        Skip: the object is gone. Reject: its sidecar is too large.
        """
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(partial(self._beside, sources), uploads))

    def _beside(self, sources: Collection[str], upload: Upload) -> Beside | Trouble:
        try:
            tags = self._tags(upload) if "tags" in sources else {}
            return Beside(tags, self._sidecar(upload) if "sidecar" in sources else None)
        except Trouble as trouble:
            return trouble

    def _tags(self, upload: Upload) -> dict[str, str]:
        try:
            with translated(f"read the tags of {Objects(self._s3, upload.bucket).address(upload.key)}"):
                answer = self._s3.get_object_tagging(Bucket=upload.bucket, Key=upload.key)
        except Reject:
            raise Skip("deleted before it was registered") from None
        return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}

    def _sidecar(self, upload: Upload) -> bytes | None:
        address = Objects(self._s3, upload.bucket).address(upload.key + SIDECAR)
        with translated(f"read {address}"):
            try:
                answer = self._s3.get_object(Bucket=upload.bucket, Key=upload.key + SIDECAR)
            except self._s3.exceptions.NoSuchKey:
                return None
            if answer["ContentLength"] > LONGEST_SIDECAR:
                answer["Body"].close()
                raise Reject(f"the sidecar {address} has more than {LONGEST_SIDECAR} bytes: make it smaller")
            return answer["Body"].read()
