"""Parts of uploaded objects."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from encord_lambda.aws.objects import Objects
from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Reject, Retry, Skip
from encord_lambda.registration.events import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef


class Ranges:
    """Reads objects in whatever buckets the events name; safe to share between threads."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    def of(self, upload: Upload) -> Callable[[int, int], bytes]:
        """What fetches the bytes of an object from a start to an end, which is excluded: one request each time.

        They all are of the object that `upload.etag` tells, if it does. What it raises:

        Raises:
            Skip: The object was overwritten or deleted since: S3 tells of that in another event.
            Retry: S3 is busy, or broke off.
            Misconfigured: Access is denied.
        """
        return lambda start, end: self._fetched(upload, start, end)

    def _fetched(self, upload: Upload, start: int, end: int) -> bytes:
        address = Objects(self._s3, upload.bucket).address(upload.key)
        try:
            with translated(f"read {address}"):
                body = self._body(_request(upload, start, end))
        except Reject:
            raise Skip("deleted before it was registered") from None
        if len(body) != end - start:
            raise Retry(f"cannot read {address}: S3 sent {len(body):,} of {end - start:,} bytes")
        return body

    def _body(self, request: "GetObjectRequestTypeDef") -> bytes:
        try:
            return self._s3.get_object(**request)["Body"].read()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "PreconditionFailed":
                raise Skip("overwritten while it was being read; the new upload is registered in its stead") from None
            raise


def _request(upload: Upload, start: int, end: int) -> "GetObjectRequestTypeDef":
    request: GetObjectRequestTypeDef = {"Bucket": upload.bucket, "Key": upload.key, "Range": f"bytes={start}-{end - 1}"}
    if upload.etag:
        request["IfMatch"] = f'"{upload.etag}"'
    return request
