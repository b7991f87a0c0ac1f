"""Import manifests in moto's S3, read as streams."""

from unittest.mock import Mock

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from mypy_boto3_s3 import S3Client

from encord_lambda.aws import uploaded_manifests
from encord_lambda.aws.uploaded_manifests import UploadedManifests
from encord_lambda.errors import Misconfigured, Retry, Skip

pytestmark = pytest.mark.usefixtures("aws")
KEY = "pets/manifests/a b.json"


@pytest.fixture
def s3() -> S3Client:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="uploads", Key=KEY, Body=b"abcdefgh")
    return s3


def test_a_manifest_is_read_in_pieces_and_as_often_as_asked(s3: S3Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded_manifests, "PIECE", 3)

    manifest = UploadedManifests(s3).open("uploads", KEY)

    assert manifest.size == 8
    assert list(manifest.chunks()) == list(manifest.chunks()) == [b"abc", b"def", b"gh"]
    assert f'"{manifest.etag}"' == s3.head_object(Bucket="uploads", Key=KEY)["ETag"]


def test_one_that_is_gone_is_skipped(s3: S3Client) -> None:
    with pytest.raises(Skip, match=r"s3://uploads/pets/manifests/b.json was deleted before it was read"):
        UploadedManifests(s3).open("uploads", "pets/manifests/b.json")


@pytest.mark.parametrize("deleted", [True, False])
def test_one_that_changes_between_two_readings_is_skipped(s3: S3Client, *, deleted: bool) -> None:
    manifest = UploadedManifests(s3).open("uploads", KEY)
    list(manifest.chunks())
    s3.delete_object(Bucket="uploads", Key=KEY)
    if not deleted:
        s3.put_object(Bucket="uploads", Key=KEY, Body=b"something else")

    with pytest.raises(Skip, match="was deleted or overwritten while it was read"):
        list(manifest.chunks())


def test_a_bucket_that_is_not_there_is_for_a_person_to_mend(s3: S3Client) -> None:
    with pytest.raises(Misconfigured):
        list(uploaded_manifests.UploadedManifest(s3, "nowhere", KEY, '"e"', 8).chunks())


def test_a_connection_that_breaks_in_the_middle_is_tried_again_later() -> None:
    s3 = Mock()
    s3.get_object.return_value = {"Body": Mock(read=Mock(side_effect=[b"abc", ReadTimeoutError(endpoint_url="x")]))}
    chunks = uploaded_manifests.UploadedManifest(s3, "uploads", KEY, '"e"', 8).chunks()

    assert next(chunks) == b"abc"
    with pytest.raises(Retry, match=f"cannot read s3://uploads/{KEY}"):
        next(chunks)
