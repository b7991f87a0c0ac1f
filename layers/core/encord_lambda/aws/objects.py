"""Objects in S3: records, and the first bytes of uploads."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Reject

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

    def exists(self, key: str) -> bool:
        """Whether there is such an object now, of whatever size; in a versioned bucket, whether it is not deleted.

        Raises:
            Misconfigured: There is none, and S3 does not say so for want of s3:ListBucket on the bucket.
        """
        try:
            with translated(f"look for {self.address(key)}"):
                self._s3.head_object(Bucket=self.bucket, Key=key)
        except Reject:
            return False
        return True

    def write(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Put an object, over whatever was there."""
        with translated(f"write {self.address(key)}"):
            self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)

    def keys(self, prefix: str) -> list[str]:
        """All keys that begin with `prefix`, in S3's order: one request per thousand."""
        return list(self.marks(prefix))

    def marks(self, prefix: str) -> dict[str, str]:
        """The same, each with its ETag: another one whenever something else is written there."""
        return dict(self.listed(prefix))

    def listed(self, prefix: str) -> Iterator[tuple[str, str]]:
        """The same, page by page as they come: nothing of them is held."""
        with translated(f"list {self.address(prefix)}"):
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
                yield from ((found["Key"], found["ETag"]) for found in page.get("Contents", []))

    def address(self, key: str) -> str:
        """How messages name an object."""
        return f"s3://{self.bucket}/{key}"


class Buckets:
    """Objects of whatever bucket is named; IAM says which of them we may write."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    def write(self, bucket: str, key: str, body: bytes) -> None:
        """Put an object, over whatever was there."""
        Objects(self._s3, bucket).write(key, body)
