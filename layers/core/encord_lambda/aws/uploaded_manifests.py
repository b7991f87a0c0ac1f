"""Import manifests in the uploads bucket, read as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from encord_lambda.aws.objects import Objects
from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Reject, Skip

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

PIECE: Final = 1 << 20
"""Bytes that are read at a time."""


class UploadedManifests:
    """As `registration.instructions.Manifests` describes them."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    def open(self, bucket: str, key: str) -> "UploadedManifest":
        """An import manifest as it is now.

        Raises:
            Skip: It is gone.
        """
        address = Objects(self._s3, bucket).address(key)
        try:
            with translated(f"look at {address}"):
                found = self._s3.head_object(Bucket=bucket, Key=key)
        except Reject:
            raise Skip(f"{address} was deleted before it was read") from None
        return UploadedManifest(self._s3, bucket, key, found["ETag"], found["ContentLength"])


@dataclass(frozen=True, slots=True)
class UploadedManifest:
    """One version of one, by its ETag."""

    _s3: "S3Client"
    _bucket: str
    _key: str
    _tag: str
    size: int
    """Bytes."""

    @property
    def etag(self) -> str:
        """Without quotes."""
        return self._tag.strip('"')

    def chunks(self) -> Iterator[bytes]:
        """Its bytes from the beginning, `PIECE` at a time.

        Raises:
            Skip: It was deleted or overwritten since it was opened; the event of that is on its way.
        """
        address = Objects(self._s3, self._bucket).address(self._key)
        with translated(f"read {address}"):
            try:
                body = self._s3.get_object(Bucket=self._bucket, Key=self._key, IfMatch=self._tag)["Body"]
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in ("PreconditionFailed", "NoSuchKey"):
                    raise Skip(f"{address} was deleted or overwritten while it was read") from None
                raise
        while piece := _piece(body, address):
            yield piece


def _piece(body: "StreamingBody", address: str) -> bytes:
    with translated(f"read {address}"):
        return body.read(PIECE)
