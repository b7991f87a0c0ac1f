"""Objects in S3 (moto)."""

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.first_bytes import UploadedObjects
from encord_lambda.aws.objects import Objects
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.registration.events import Upload

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def objects() -> Objects:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return Objects(s3, "records")


def test_what_is_written_is_read(objects: Objects) -> None:
    objects.write("a b/ü.json", b"{}")

    assert objects.read("a b/ü.json") == b"{}"
    assert boto3.client("s3").head_object(Bucket="records", Key="a b/ü.json")["ContentType"] == "application/json"


@pytest.mark.parametrize(("length", "head"), [(3, b"012"), (99, b"0123456789")])
def test_the_head_is_no_longer_than_the_object(objects: Objects, length: int, head: bytes) -> None:
    objects.write("a", b"0123456789")

    assert objects.head("a", length) == head


def test_an_object_exists_until_it_is_deleted_and_again_when_it_comes_back(objects: Objects) -> None:
    """An empty one, too; and in a bucket with versions, where the deleted one is still kept."""
    objects._s3.put_bucket_versioning(Bucket="records", VersioningConfiguration={"Status": "Enabled"})
    upload = Upload("records", "eu-west-1", "a b/ü.json", 0, deleted=True)
    uploads = UploadedObjects(objects._s3)
    assert not uploads.exists(upload)

    objects.write("a b/ü.json", b"")
    assert uploads.exists(upload)

    objects._s3.delete_object(Bucket="records", Key="a b/ü.json")
    assert not uploads.exists(upload)

    objects.write("a b/ü.json", b"{}")
    assert uploads.exists(upload)


def test_where_s3_does_not_say_whether_an_object_exists_it_is_not_taken_to_be_gone(objects: Objects) -> None:
    with Stubber(objects._s3) as stub:
        stub.add_client_error("head_object", "403", "Forbidden", 403)
        with pytest.raises(Misconfigured, match="cannot look for s3://records/a"):
            objects.exists("a")


def test_a_missing_object_can_never_be_read(objects: Objects) -> None:
    with pytest.raises(Reject, match="cannot read s3://records/gone: NoSuchKey"):
        objects.read("gone")
    with pytest.raises(Reject, match="cannot read s3://records/gone: NoSuchKey"):
        objects.head("gone", 1)


def test_a_missing_bucket_is_the_deployments_fault() -> None:
    with pytest.raises(Misconfigured, match=r"cannot write s3://elsewhere/a: NoSuchBucket"):
        Objects(boto3.client("s3"), "elsewhere").write("a", b"")
