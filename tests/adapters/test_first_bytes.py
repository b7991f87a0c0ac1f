"""Heads of uploaded objects, their tags and their sidecars (moto), and how many requests they take."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from botocore.model import OperationModel
from botocore.stub import Stubber
from mypy_boto3_s3 import S3Client

from encord_lambda.aws.beside import ObjectsBeside
from encord_lambda.aws.first_bytes import UploadedObjects, decoded
from encord_lambda.errors import Misconfigured, Reject, Retry, Skip
from encord_lambda.registration.client_metadata import LONGEST_SIDECAR, Beside
from encord_lambda.registration.events import Head, Upload

pytestmark = pytest.mark.usefixtures("aws")
SIDECAR = "a b/ü.jpg.metadata.json"
UPLOAD = Upload("media", "eu-west-1", "a b/ü.jpg", 10)
GONE = Upload("media", "eu-west-1", "gone.jpg", 10)


@pytest.fixture
def s3() -> S3Client:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="media", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return s3


def put(s3: S3Client, body: bytes = b"0123456789", key: str = UPLOAD.key) -> None:
    s3.put_object(Bucket="media", Key=key, Body=body)


@contextmanager
def requests(s3: S3Client) -> Iterator[list[str]]:
    """The operations asked for meanwhile, by name."""
    made: list[str] = []

    def note(model: OperationModel, **_: object) -> None:
        made.append(model.name)

    s3.meta.events.register("before-call.s3", note)
    yield made
    s3.meta.events.unregister("before-call.s3", note)


def test_one_request_tells_all_there_is_to_know_of_an_object(s3: S3Client) -> None:
    about = {"Site": "north", "ort": "=?UTF-8?B?TcO8bmNoZW4=?="}
    answer = s3.put_object(Bucket="media", Key=UPLOAD.key, Body=b"0123456789", ContentType="image/jpeg", Metadata=about)

    with requests(s3) as made:
        [head] = UploadedObjects(s3).heads([UPLOAD], 4)

    assert made == ["GetObject"]
    etag = answer["ETag"].strip('"')
    assert head == Head(b"0123", 10, "image/jpeg", {"site": "north", "ort": "München"}, etag)


def test_an_object_shorter_than_a_head_is_read_whole(s3: S3Client) -> None:
    put(s3)

    [head] = UploadedObjects(s3).heads([UPLOAD], 1024)

    assert isinstance(head, Head)
    assert (head.first, head.size) == (b"0123456789", 10)


def test_a_bucket_with_versions_tells_the_version(s3: S3Client) -> None:
    s3.put_bucket_versioning(Bucket="media", VersioningConfiguration={"Status": "Enabled"})
    put(s3, b"first")
    version = s3.put_object(Bucket="media", Key=UPLOAD.key, Body=b"second")["VersionId"]

    [head] = UploadedObjects(s3).heads([UPLOAD], 1024)

    assert isinstance(head, Head)
    assert (head.first, head.version) == (b"second", version)


def test_each_object_is_asked_for_once_and_the_trouble_of_one_is_its_own(s3: S3Client) -> None:
    put(s3)
    elsewhere = Upload("no-such-bucket", "eu-west-1", "a.jpg", 10)

    with requests(s3) as made:
        heads = UploadedObjects(s3).heads([UPLOAD, GONE, elsewhere], 4)

    assert [type(head) for head in heads] == [Head, Skip, Misconfigured]
    assert made == ["GetObject"] * 3


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("north", "north"),
        ("=?UTF-8?B?TcO8bmNoZW4=?=", "München"),
        ("=?utf-8?Q?M=C3=BCnchen?=", "München"),
        ("=?UTF-8?B?TcO8bg==?= =?UTF-8?B?Y2hlbg==?=", "München"),
        ("=?ISO-8859-1?Q?M=FCnchen?=", "München"),
        ("a =?UTF-8?B?w7w=?= b", "a ü b"),
        ("=?UTF-8?B?/w==?=", "=?UTF-8?B?/w==?="),
        ("=?UTF-8?B?A?=", "=?UTF-8?B?A?="),
        ("=?unicode_escape?Q?=5Cud800?=", "=?unicode_escape?Q?=5Cud800?="),
        ("what =? is", "what =? is"),
        ("", ""),
    ],
)
def test_user_metadata_is_decoded_where_that_can_be_done(told: str, meant: str) -> None:
    assert decoded({"Key": told}) == {"key": meant}


@pytest.mark.parametrize(
    ("sources", "asked"),
    [
        ([], []),
        (["user_metadata"], []),
        (["tags"], ["GetObjectTagging"]),
        (["user_metadata", "sidecar"], ["GetObject"]),
        (["tags", "sidecar"], ["GetObject", "GetObjectTagging"]),
    ],
)
def test_only_what_is_configured_is_asked_for(s3: S3Client, sources: list[str], asked: list[str]) -> None:
    s3.put_object(Bucket="media", Key=UPLOAD.key, Body=b"0123456789", Tagging="site=north&a%20b=1")
    put(s3, b'{"a": 1}', SIDECAR)

    with requests(s3) as made:
        [beside] = ObjectsBeside(s3).found([UPLOAD], sources)

    assert sorted(made) == asked
    assert beside == Beside(
        {"site": "north", "a b": "1"} if "tags" in sources else {}, b'{"a": 1}' if "sidecar" in sources else None
    )


def test_an_object_without_tags_and_sidecar_has_none(s3: S3Client) -> None:
    put(s3)

    assert ObjectsBeside(s3).found([UPLOAD], ["tags", "sidecar"]) == [Beside()]


def test_an_empty_sidecar_is_one(s3: S3Client) -> None:
    put(s3, b"", SIDECAR)

    assert ObjectsBeside(s3).found([UPLOAD], ["sidecar"]) == [Beside(sidecar=b"")]


@pytest.mark.parametrize(("size", "kind"), [(LONGEST_SIDECAR, Beside), (LONGEST_SIDECAR + 1, Reject)])
def test_a_sidecar_has_a_largest_size(s3: S3Client, size: int, kind: type) -> None:
    put(s3, b" " * size, SIDECAR)

    [beside] = ObjectsBeside(s3).found([UPLOAD], ["sidecar"])

    assert type(beside) is kind


def test_the_trouble_of_one_object_leaves_the_others_alone(s3: S3Client) -> None:
    put(s3)

    found = ObjectsBeside(s3).found([GONE, UPLOAD], ["tags"])

    assert [type(beside) for beside in found] == [Skip, Beside]


def test_an_s3_that_is_busy_is_asked_again_later(s3: S3Client) -> None:
    with Stubber(s3) as stub:
        stub.add_client_error("get_object", "SlowDown", "busy", 503)
        [beside] = ObjectsBeside(s3).found([UPLOAD], ["sidecar"])

    assert type(beside) is Retry
