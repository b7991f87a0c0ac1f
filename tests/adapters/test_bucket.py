"""A bucket as it stands (moto): its region, its objects, and who may not look."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.bucket import Bucket
from encord_lambda.errors import Misconfigured, Retry

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def s3() -> "S3Client":
    elsewhere = boto3.client("s3", region_name="ap-south-1")
    elsewhere.create_bucket(Bucket="media", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"})
    return boto3.client("s3")


def test_it_knows_where_it_is(s3: "S3Client") -> None:
    assert Bucket(s3, "media").region == "ap-south-1"


def test_objects_are_uploads_of_the_time_they_were_written(s3: "S3Client") -> None:
    for key in ("pets/b c+ü.jpg", "pets/a.jpg", "other/x.jpg"):
        s3.put_object(Bucket="media", Key=key, Body=b"123")

    first, second = Bucket(s3, "media").uploads("pets/")

    assert (first.key, second.key) == ("pets/a.jpg", "pets/b c+ü.jpg")
    assert (first.bucket, first.region, first.size, first.deleted) == ("media", "ap-south-1", 3, False)
    assert first.etag == s3.head_object(Bucket="media", Key="pets/a.jpg")["ETag"].strip('"')
    assert first.at
    assert abs(datetime.now(UTC) - first.at) < timedelta(minutes=1)


def test_a_page_is_asked_for_when_it_is_needed(s3: "S3Client") -> None:
    for number in range(1001):
        s3.put_object(Bucket="media", Key=f"{number:04}", Body=b"1")
    requests: list[str] = []
    s3.meta.events.register("before-call.s3.ListObjectsV2", lambda **_: requests.append("list"))

    uploads = Bucket(s3, "media").uploads("")

    assert next(uploads).key == "0000"
    assert len(requests) == 1
    assert [upload.key for upload in uploads][-1] == "1000"
    assert len(requests) == 2


def test_nothing_below_a_prefix_is_nothing(s3: "S3Client") -> None:
    assert list(Bucket(s3, "media").uploads("pets/")) == []


def test_a_bucket_that_does_not_exist(s3: "S3Client") -> None:
    with pytest.raises(Misconfigured, match="there is no bucket 'medai': is its name spelt as in S3"):
        _ = Bucket(s3, "medai").region


@pytest.mark.parametrize(
    ("code", "status", "kind", "said"),
    [
        ("403", 403, Misconfigured, "these credentials may not look at the bucket 'media': they need s3:ListBucket"),
        ("503", 503, Retry, "cannot look at the bucket media: 503"),
    ],
)
def test_a_bucket_that_cannot_be_looked_at(
    code: str, status: int, kind: type[Retry], said: str, s3: "S3Client"
) -> None:
    with Stubber(s3) as stub:
        stub.add_client_error("head_bucket", service_error_code=code, http_status_code=status)
        with pytest.raises(kind, match=said):
            _ = Bucket(s3, "media").region


def test_a_bucket_that_may_not_be_listed(s3: "S3Client") -> None:
    with Stubber(s3) as stub:
        stub.add_client_error("list_objects_v2", service_error_code="AccessDenied", http_status_code=403)
        with pytest.raises(Misconfigured, match="cannot list s3://media: AccessDenied"):
            list(Bucket(s3, "media").uploads(""))
