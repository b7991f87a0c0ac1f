"""What is in a directory of a bucket, now: S3's listings show each object that was there when they began."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Reject
from encord_lambda.registration.directories.groups import GroupKey
from encord_lambda.registration.directories.planning import Listed
from encord_lambda.registration.events import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_PAGES: Final = 200
"""Of a thousand objects or directories each; directories further below are on the pages, too."""


class S3Directories:
    """Directories in whatever buckets the events name; IAM says which of them we may list."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    def listed(self, key: GroupKey, region: str, limit: int) -> Sequence[Listed]:
        """The objects right in the directory in S3's order, the first `limit` of them: a request for each thousand.

        Raises:
            Reject: It has more directories below it than can be paged through.
        """
        with translated(f"list {key.address}"):
            return list(islice(self._objects(key, region), limit))

    def _objects(self, key: GroupKey, region: str) -> Iterator[Listed]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=key.bucket, Prefix=key.directory, Delimiter="/"
        )
        for number, page in enumerate(pages):
            if number >= MOST_PAGES:
                raise Reject(f"{key.address} has too many directories below it to be listed: group files elsewhere")
            for found in page.get("Contents", []):
                etag = found["ETag"].strip('"')
                upload = Upload(key.bucket, region, found["Key"], found["Size"], etag=etag)
                yield Listed(upload, found["LastModified"])
