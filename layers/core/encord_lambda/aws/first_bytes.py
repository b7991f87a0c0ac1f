"""The first bytes of many uploads, read at once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from encord_lambda.aws.objects import Objects
from encord_lambda.errors import Reject, Skip, Trouble
from encord_lambda.registration.events import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AT_ONCE = 10  # as many connections as a boto3 client keeps


class UploadedObjects:
    """Objects in whatever buckets the events name; IAM says which of them we may read."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    def heads(self, uploads: Sequence[Upload], length: int) -> Sequence[bytes | Trouble]:
        """The first `length` bytes of each, or why they cannot be had: Skip when the object is gone."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(partial(self._head, length), uploads))

    def _head(self, length: int, upload: Upload) -> bytes | Trouble:
        try:
            return Objects(self._s3, upload.bucket).head(upload.key, length)
        except Reject:
            return Skip("deleted before it was registered")
        except Trouble as trouble:
            return trouble
