"""The first bytes of many uploads, and what S3 knows about each, read at once: one request for an object."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.errors import HeaderParseError
from email.header import decode_header
from functools import partial
from typing import TYPE_CHECKING, Final

from encord_lambda.aws.objects import Objects
from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Reject, Skip, Trouble
from encord_lambda.registration.events import Head, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

AT_ONCE: Final = 10  # as many connections as a boto3 client keeps
_CHARSETS: Final = {"utf-8", "us-ascii", "iso-8859-1"}


class UploadedObjects:
    """Objects in whatever buckets the events name; IAM says which of them we may read."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    def heads(self, uploads: Sequence[Upload], length: int) -> Sequence[Head | Trouble]:
        """Each as it is now, with its first `length` bytes, or why it cannot be had: Skip when it is gone."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(partial(self._head, length), uploads))

    def exists(self, upload: Upload) -> bool:
        """Whether there is an object of this bucket and key now."""
        return Objects(self._s3, upload.bucket).exists(upload.key)

    def _head(self, length: int, upload: Upload) -> Head | Trouble:
        try:
            return self._read(length, upload)
        except Reject:
            return Skip("deleted before it was registered")
        except Trouble as trouble:
            return trouble

    def _read(self, length: int, upload: Upload) -> Head:
        with translated(f"read {Objects(self._s3, upload.bucket).address(upload.key)}"):
            answer = self._s3.get_object(Bucket=upload.bucket, Key=upload.key, Range=f"bytes=0-{length - 1}")
            first = answer["Body"].read()
        return Head(
            first=first,
            size=_size(answer),
            content_type=answer.get("ContentType", ""),
            user_metadata=decoded(answer.get("Metadata", {})),
            etag=answer["ETag"].strip('"'),
            version=None if answer.get("VersionId") == "null" else answer.get("VersionId"),
        )


def decoded(user_metadata: Mapping[str, str]) -> dict[str, str]:
    """User metadata as it was meant; S3 encodes what is not ASCII as mail headers do (RFC 2047).

    >>> decoded({"Ort": "=?UTF-8?B?TcO8bmNoZW4=?="})
    {'ort': 'München'}
    """
    return {key.lower(): _decoded(value) for key, value in user_metadata.items()}


def _decoded(value: str) -> str:
    try:
        words = decode_header(value)
        if not all(charset is None or charset.lower() in _CHARSETS for _, charset in words):
            return value
        # What stands between encoded words is told as bytes as well, and has no charset.
        return "".join(word if isinstance(word, str) else word.decode(charset or "latin-1") for word, charset in words)
    except (HeaderParseError, UnicodeDecodeError):
        return value


def _size(answer: "GetObjectOutputTypeDef") -> int:
    """Of the whole object: `bytes 0-1023/4096` is a range of 4096."""
    total = answer.get("ContentRange", "").rpartition("/")[2]
    return int(total) if total.isdecimal() else answer["ContentLength"]
