"""Doubts in the records bucket, as the route agents read them."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from encord_lambda.agents import doubts
from encord_lambda.agents.doubts import Doubts
from encord_lambda.aws.benchmark_records import BenchmarkRecords
from encord_lambda.aws.kept_doubts import FRESH_SECONDS, DoubtRecords
from encord_lambda.aws.objects import Objects
from tests.benchmark.reported import reported
from tests.benchmark.test_doubting import units

BAD = Doubts(version=1, overall=1.0, annotators={"ann@x.test": 1.0}, classes={})


@pytest.fixture
def objects(monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="records")
        yield Objects(s3, "records")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_what_a_report_is_published_with_is_read(objects: Objects) -> None:
    BenchmarkRecords(objects).publish(reported(units(60)), {})
    found = DoubtRecords(objects, Clock()).about("pets")
    assert found is not None
    assert found.annotators == {"ann@example.com": 0.0, "bob@example.com": 1.0}


def test_a_change_is_seen_after_five_minutes(objects: Objects) -> None:
    clock = Clock()
    records = DoubtRecords(objects, clock)
    assert records.about("pets") is None
    objects.write(doubts.key("pets"), BAD.model_dump_json().encode())

    clock.now += FRESH_SECONDS - 1
    assert records.about("pets") is None
    clock.now += 1
    assert records.about("pets") == BAD


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"version": 2}', b"", BAD.model_dump_json().replace("1.0", "1.5").encode()],
    ids=["no json", "another version", "empty", "no share"],
)
def test_a_file_of_another_version_is_none(objects: Objects, body: bytes) -> None:
    objects.write(doubts.key("pets"), body)
    assert DoubtRecords(objects, Clock()).about("pets") is None


def test_benchmarks_are_told_apart(objects: Objects) -> None:
    objects.write(doubts.key("pets"), BAD.model_dump_json().encode())
    records = DoubtRecords(objects, Clock())
    assert (records.about("pets"), records.about("cars")) == (BAD, None)
