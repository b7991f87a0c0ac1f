"""Users' own prompts beside pipeline.yaml in S3 (moto): read with it, again only when they changed."""

import logging

import boto3
import pytest

from encord_lambda.aws.objects import Objects
from encord_lambda.aws.pipeline_file import PipelineFile
from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.errors import Misconfigured, Retry
from tests.fakes.local_aws import requests_to
from tests.twin.receivers import Said, receiving

ADDRESS = "s3://records/config/pipeline.yaml"
PROMPT = "config/prompts/animals.md"
PIPELINE = b"""
version: 1
stages:
  - project: 027e0c65-0000-4000-8000-000000000001
    stage: Agent 1
    agent: {kind: classify, model: openai:m, classification: Animal, prompt: prompts/animals.md}
    pathways: {otherwise: Other}
"""
EDITOR = b"""
editor_agents:
  describe: {kind: describe, model: openai:m, classification: Scene, prompt: prompts/%s.md}
"""
DENIED = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


@pytest.fixture
def objects(requests: SignedRequests) -> Objects:
    assert requests
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    made = Objects(s3, "records")
    made.write("config/pipeline.yaml", PIPELINE)
    return made


@pytest.fixture
def file(objects: Objects, requests: SignedRequests) -> PipelineFile:
    assert objects
    return PipelineFile(requests, ADDRESS)


def prompts(file: PipelineFile) -> dict[str, str | Misconfigured]:
    return file.prompts(file.current())


def fault(file: PipelineFile) -> str:
    """What is wrong with the one prompt."""
    [trouble] = prompts(file).values()
    assert isinstance(trouble, Misconfigured)
    return trouble.reason


def test_a_prompt_lies_beside_the_pipeline_and_an_unchanged_one_is_not_sent_again(
    objects: Objects, file: PipelineFile, caplog: pytest.LogCaptureFixture
) -> None:
    objects.write(PROMPT, "Größe? $questions".encode())
    assert prompts(file) == {"prompts/animals.md": "Größe? $questions"}

    with caplog.at_level(logging.DEBUG, "urllib3.connectionpool"):
        assert prompts(file) == {"prompts/animals.md": "Größe? $questions"}
    assert [line.split()[-2] for name, _, line in caplog.record_tuples if "urllib3" in name and "GET" in line] == [
        "304"
    ] * 2


def test_a_changed_prompt_is_read_again(objects: Objects, file: PipelineFile) -> None:
    objects.write(PROMPT, b"$questions")
    prompts(file)
    objects.write(PROMPT, b"Now: $questions")

    assert prompts(file) == {"prompts/animals.md": "Now: $questions"}


def test_a_pipeline_without_prompts_of_its_own_asks_for_none(objects: Objects, file: PipelineFile) -> None:
    objects.write("config/pipeline.yaml", b"version: 1\n")

    assert prompts(file) == {}


def test_a_missing_prompt_says_where_to_put_it(file: PipelineFile) -> None:
    assert fault(file).endswith(f": upload your prompt to s3://records/{PROMPT}")


def test_a_forbidden_prompt_may_be_a_missing_one(file: PipelineFile) -> None:
    pipeline = file.current()
    with receiving(lambda _: Said(403, {}, DENIED)) as s3:
        file._aws = requests_to(s3.url)
        [trouble] = file.prompts(pipeline).values()
    assert str(trouble) == (
        f"cannot read s3://records/{PROMPT}: AccessDenied: Access Denied: upload your prompt to s3://records/{PROMPT}"
    )


def test_trouble_with_s3_is_no_fault_of_a_prompts(file: PipelineFile) -> None:
    pipeline = file.current()
    with receiving(lambda _: Said(503, {}, DENIED.replace(b"AccessDenied", b"SlowDown"))) as s3:
        file._aws = requests_to(s3.url)
        with pytest.raises(Retry, match="SlowDown"):
            file.prompts(pipeline)


def test_a_prompt_that_cannot_work_is_no_other_agents_trouble(objects: Objects, file: PipelineFile) -> None:
    objects.write("config/pipeline.yaml", PIPELINE + EDITOR % b"scene")
    objects.write("config/prompts/scene.md", b"$question")

    found = prompts(file)
    assert isinstance(found["prompts/animals.md"], Misconfigured)
    assert found["prompts/scene.md"] == "$question"


def test_a_file_for_two_kinds_of_agents_must_be_good_for_both(objects: Objects, file: PipelineFile) -> None:
    objects.write("config/pipeline.yaml", PIPELINE + EDITOR % b"animals")
    objects.write(PROMPT, b"$questions")
    assert "a prompt of describe needs `$question`" in fault(file)

    objects.write(PROMPT, b"$question")
    assert "a prompt of classify needs `$questions`" in fault(file)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Look.", "a prompt of classify needs `$questions`"),
        (b"$questions" + b"x" * 20_000, "a prompt may have 20,000 bytes"),
        (b"\xff$questions", "not UTF-8 text"),
    ],
)
def test_a_prompt_that_cannot_work_stays_so_until_it_is_mended(
    objects: Objects, file: PipelineFile, content: bytes, told: str
) -> None:
    objects.write(PROMPT, content)
    for _ in range(2):
        assert fault(file).startswith(f"s3://records/{PROMPT}: {told}")
    objects.write(PROMPT, b"$questions")

    assert prompts(file) == {"prompts/animals.md": "$questions"}
