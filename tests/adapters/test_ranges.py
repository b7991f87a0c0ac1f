"""Parts of uploaded objects (moto), one request each, all of one and the same object."""

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.ranges import Ranges
from encord_lambda.errors import Misconfigured, Retry, Skip
from encord_lambda.media.probe import Prober
from encord_lambda.registration.events import Upload
from encord_lambda.registration.media_types import by_extension
from tests.adapters.test_probe_video import BASE

pytestmark = pytest.mark.usefixtures("aws")
KEY = "a b/ü.mp4"


class Bucket:
    """A bucket with one object in it, and the ranges that were asked of it."""

    def __init__(self, body: bytes) -> None:
        self.s3 = boto3.client("s3")
        self.s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.etag = self.s3.put_object(Bucket="uploads", Key=KEY, Body=body)["ETag"].strip('"')
        self.upload = Upload("uploads", "eu-west-1", KEY, len(body), etag=self.etag)
        self.asked: list[str] = []
        self.s3.meta.events.register("provide-client-params.s3.GetObject", self._note)

    def _note(self, params: dict[str, str], **_: object) -> None:
        self.asked.append(params["Range"])


@pytest.fixture
def bucket() -> Bucket:
    return Bucket(BASE)


def test_each_range_is_one_request(bucket: Bucket) -> None:
    fetch = Ranges(bucket.s3).of(bucket.upload)

    assert fetch(4, 8) + fetch(0, 4) == b"ftyp\0\0\0\x20"
    assert bucket.asked == ["bytes=4-7", "bytes=0-3"]


def test_a_video_is_probed_with_one_request_more_than_the_callers(bucket: Bucket) -> None:
    kind = by_extension(KEY)
    assert kind

    found = Prober().probed(kind, len(BASE), Ranges(bucket.s3).of(bucket.upload), BASE[:1024])

    assert found
    assert len(bucket.asked) == 1


def test_an_object_that_was_overwritten_is_left_to_its_new_upload(bucket: Bucket) -> None:
    fetch = Ranges(bucket.s3).of(bucket.upload)
    bucket.s3.put_object(Bucket="uploads", Key=KEY, Body=b"something else")

    with pytest.raises(Skip, match="overwritten while it was being read"):
        fetch(0, 4)


def test_probing_does_not_take_an_overwritten_object_for_a_damaged_one(bucket: Bucket) -> None:
    bucket.s3.put_object(Bucket="uploads", Key=KEY, Body=b"something else")
    kind = by_extension("scan.dcm")
    assert kind

    with pytest.raises(Skip):
        Prober().probed(kind, 5000, Ranges(bucket.s3).of(bucket.upload), bytes(128) + b"DICM")


def test_an_object_whose_etag_nobody_told_is_read_as_it_is(bucket: Bucket) -> None:
    nameless = Upload("uploads", "eu-west-1", KEY, len(BASE))

    assert Ranges(bucket.s3).of(nameless)(4, 8) == b"ftyp"


def test_a_deleted_object_is_left_alone(bucket: Bucket) -> None:
    bucket.s3.delete_object(Bucket="uploads", Key=KEY)

    with pytest.raises(Skip, match="deleted"):
        Ranges(bucket.s3).of(bucket.upload)(0, 4)


@pytest.mark.parametrize(("code", "status", "kind"), [("SlowDown", 503, Retry), ("AccessDenied", 403, Misconfigured)])
def test_what_s3_says_is_translated(bucket: Bucket, code: str, status: int, kind: type[Retry]) -> None:
    with Stubber(bucket.s3) as stub:
        stub.add_client_error("get_object", code, "no", status)
        with pytest.raises(Retry) as trouble:
            Ranges(bucket.s3).of(bucket.upload)(0, 4)

    assert type(trouble.value) is kind
    assert KEY in trouble.value.reason


def test_less_than_was_asked_for_is_tried_again(bucket: Bucket) -> None:
    with pytest.raises(Retry, match="of 100,000 bytes"):
        Ranges(bucket.s3).of(bucket.upload)(0, 100_000)
