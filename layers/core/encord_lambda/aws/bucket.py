"""A bucket as it stands, for the desk: where it is, and what is in it."""

from collections.abc import Iterator
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from encord_lambda.aws.stack import logged_in
from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Misconfigured
from encord_lambda.registration.events import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef


class Bucket:
    """One bucket. Nothing is asked before it must be."""

    def __init__(self, s3: "S3Client", name: str) -> None:
        self._s3, self.name = s3, name

    @cached_property
    def region(self) -> str:
        """Where it is.

        Raises:
            Misconfigured: There is no such bucket, or these credentials may not look at it, or there are none.
        """
        with translated(f"look at the bucket {self.name}"), logged_in():
            try:
                return self._s3.head_bucket(Bucket=self.name)["BucketRegion"]
            except ClientError as error:
                raise self._lost(error) from None

    def uploads(self, prefix: str) -> Iterator[Upload]:
        """All objects below a prefix in the order of their keys, as if each had been uploaded when it was last written.

        One request per thousand, made as they are taken.

        Raises:
            Misconfigured: As `region`, or they may not be listed.
            Retry: S3 cannot be reached.
        """
        pages = iter(self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix))
        while page := self._next(pages):
            for found in page.get("Contents", []):
                etag, at = found["ETag"].strip('"'), found["LastModified"]
                yield Upload(self.name, self.region, found["Key"], found["Size"], etag=etag, at=at)

    def write_once(self, key: str, body: bytes) -> bool:
        """Put an object, unless there is one; whether it was put.

        Raises:
            Misconfigured: It may not be put.
            Retry: S3 cannot be reached.
        """
        with translated(f"write s3://{self.name}/{key}"), logged_in():
            try:
                self._s3.put_object(
                    Bucket=self.name, Key=key, Body=body, ContentType="application/json", IfNoneMatch="*"
                )
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.PRECONDITION_FAILED:
                    return False
                raise
        return True

    def _next(self, pages: "Iterator[ListObjectsV2OutputTypeDef]") -> "ListObjectsV2OutputTypeDef | None":
        with translated(f"list s3://{self.name}"), logged_in():
            return next(pages, None)

    def _lost(self, error: ClientError) -> ClientError | Misconfigured:
        code = error.response["Error"].get("Code")
        if code in ("404", "NoSuchBucket"):
            return Misconfigured(f"there is no bucket '{self.name}': is its name spelt as in S3?")
        if code == "403":
            return Misconfigured(
                f"these credentials may not look at the bucket '{self.name}': they need s3:ListBucket and "
                "s3:GetObject, and must not have expired"
            )
        return error
