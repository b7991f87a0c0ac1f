"""Objects in S3 (moto), and pipeline.yaml, which is read again only when it changed."""

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.first_bytes import UploadedObjects
from encord_lambda.aws.objects import Objects
from encord_lambda.aws.pipeline_file import PipelineFile
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.registration.events import Upload

pytestmark = pytest.mark.usefixtures("aws")
ADDRESS = "s3://records/config/pipeline.yaml"


@pytest.fixture
def objects() -> Objects:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return Objects(s3, "records")


@pytest.fixture
def file(objects: Objects) -> PipelineFile:
    return PipelineFile(objects._s3, ADDRESS)


def write(objects: Objects, text: str) -> None:
    objects.write("config/pipeline.yaml", text.encode())


def statuses(file: PipelineFile) -> list[int]:
    """The HTTP statuses of every answer from now on."""
    seen: list[int] = []
    events = file._s3.meta.events
    events.register("response-received.s3", lambda response_dict, **_: seen.append(response_dict["status_code"]))
    return seen


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


def test_an_unchanged_file_is_not_sent_again(objects: Objects, file: PipelineFile) -> None:
    write(objects, "version: 1\n")
    seen = statuses(file)

    first, second = file.current(), file.current()

    assert second is first
    assert seen == [200, 304]


def test_a_changed_file_is_read_again(objects: Objects, file: PipelineFile) -> None:
    write(objects, "version: 1\n")
    file.current()
    write(objects, "version: 1\nlimits: {model_calls: 3}\n")

    assert file.current().limits.model_calls == 3


def test_a_missing_file_says_where_to_put_it(file: PipelineFile) -> None:
    with pytest.raises(Misconfigured) as trouble:
        file.current()

    assert trouble.value.reason.endswith(f": upload your pipeline.yaml to {ADDRESS}")


def test_a_forbidden_file_may_be_a_missing_one(file: PipelineFile) -> None:
    with Stubber(file._s3) as stub:
        stub.add_client_error("get_object", "AccessDenied", "Access Denied", 403)
        with pytest.raises(Misconfigured, match=f"AccessDenied.*upload your pipeline.yaml to {ADDRESS}"):
            file.current()


def test_an_s3_that_is_busy_is_tried_again(file: PipelineFile) -> None:
    with Stubber(file._s3) as stub:
        stub.add_client_error("get_object", "SlowDown", "busy", 503)
        with pytest.raises(Retry) as trouble:
            file.current()

    assert type(trouble.value) is Retry


def test_a_malformed_file_names_its_address_and_line(objects: Objects, file: PipelineFile) -> None:
    write(objects, "version: 1\nstagez: []\n")

    with pytest.raises(Misconfigured) as trouble:
        file.current()

    assert (
        trouble.value.reason
        == f"{ADDRESS}:2: stagez: there is no such key; docs/configuration.md lists those there are"
    )


def test_a_malformed_file_stays_malformed_until_it_is_mended(objects: Objects, file: PipelineFile) -> None:
    write(objects, "version: 1\n")
    file.current()
    write(objects, "version: 2\n")
    for _ in range(2):
        with pytest.raises(Misconfigured):
            file.current()
    write(objects, "version: 1\nlimits: {model_calls: 3}\n")

    assert file.current().limits.model_calls == 3


def test_bytes_that_are_no_text_are_malformed(objects: Objects, file: PipelineFile) -> None:
    objects.write("config/pipeline.yaml", b"\xff\xfe\x00\xd8")

    with pytest.raises(Misconfigured, match=r"^s3://"):
        file.current()
