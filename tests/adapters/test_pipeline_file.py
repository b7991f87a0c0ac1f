"""pipeline.yaml in S3 (moto), which is read again only when it changed."""

import logging

import boto3
import pytest

from encord_lambda.aws.pipeline_file import PipelineFile
from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.errors import Misconfigured, Retry
from tests.fakes.local_aws import requests_to
from tests.twin.receivers import Said, receiving

ADDRESS = "s3://records/config/pipeline.yaml"


@pytest.fixture
def file(requests: SignedRequests) -> PipelineFile:
    boto3.client("s3").create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return PipelineFile(requests, ADDRESS)


def write(content: bytes) -> None:
    boto3.client("s3").put_object(Bucket="records", Key="config/pipeline.yaml", Body=content)


def test_an_unchanged_file_is_not_sent_again(file: PipelineFile, caplog: pytest.LogCaptureFixture) -> None:
    write(b"version: 1\n")

    with caplog.at_level(logging.DEBUG, "urllib3.connectionpool"):
        first, second = file.current(), file.current()

    assert second is first
    told = [line for name, _, line in caplog.record_tuples if "urllib3" in name and "GET" in line]
    assert [line.split()[-2] for line in told] == ["200", "304"]


def test_a_changed_file_is_read_again(file: PipelineFile) -> None:
    write(b"version: 1\n")
    file.current()
    write(b"version: 1\nlimits: {model_calls: 3}\n")

    assert file.current().limits.model_calls == 3


def test_a_missing_file_says_where_to_put_it(file: PipelineFile) -> None:
    with pytest.raises(Misconfigured) as trouble:
        file.current()

    assert trouble.value.reason.endswith(f": upload your pipeline.yaml to {ADDRESS}")


@pytest.mark.parametrize(
    ("status", "code", "kind", "reason"),
    [
        (403, b"AccessDenied", Misconfigured, f"AccessDenied: told: upload your pipeline.yaml to {ADDRESS}"),
        (503, b"SlowDown", Retry, "SlowDown: told"),
    ],
)
def test_a_forbidden_file_may_be_a_missing_one_and_a_busy_s3_is_tried_again(
    status: int, code: bytes, kind: type[Retry], reason: str
) -> None:
    said = Said(status, {}, b"<Error><Code>%s</Code><Message>told</Message></Error>" % code)
    with receiving(lambda _: said) as s3, pytest.raises(kind) as trouble:
        PipelineFile(requests_to(s3.url), ADDRESS).current()

    assert type(trouble.value) is kind
    assert trouble.value.reason == f"cannot read {ADDRESS}: {reason}"


def test_a_malformed_file_names_its_address_and_line(file: PipelineFile) -> None:
    write(b"version: 1\nstagez: []\n")

    with pytest.raises(Misconfigured) as trouble:
        file.current()

    assert trouble.value.reason == f"{ADDRESS}:2: stagez: there is no such key; did you mean `stages`?"


def test_a_malformed_file_stays_malformed_until_it_is_mended(file: PipelineFile) -> None:
    write(b"version: 1\n")
    file.current()
    write(b"version: 2\n")
    for _ in range(2):
        with pytest.raises(Misconfigured):
            file.current()
    write(b"version: 1\nlimits: {model_calls: 3}\n")

    assert file.current().limits.model_calls == 3


def test_bytes_that_are_no_text_are_malformed(file: PipelineFile) -> None:
    write(b"\xff\xfe\x00\xd8")

    with pytest.raises(Misconfigured, match=r"^s3://"):
        file.current()
