"""`encord-lambda replay` of the other queues than the tasks', whose messages go back as they were (moto)."""

import json
from uuid import UUID

import pytest

from encord_lambda import cli
from tests.cli.deployed import Deployed


def run(*options: str) -> int:
    return cli.main(["replay", *options])


def test_letters_of_uploads_go_back_as_they_were(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    body = json.dumps(
        {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "region": "eu-west-1",
            "detail": {"bucket": {"name": "media"}, "object": {"key": "pets/cat.jpg", "size": 3}},
        }
    )
    stack.moved("UploadsDeadLettersUrl", body)
    stack.moved("UploadsDeadLettersUrl", "[]")

    assert run("--queue", "uploads", "--yes") == 0

    printed = capsys.readouterr().out
    assert "         pets/cat.jpg" in printed.splitlines()
    assert "not an event of S3: expected a JSON object" in printed
    assert stack.bodies("UploadsQueueUrl") == [body]
    assert stack.bodies("UploadsDeadLettersUrl") == ["[]"]


def test_letters_of_registrations_go_back_as_they_were(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    job = "ab" * 32
    body = json.dumps({"version": 1, "kind": "job", "id": job})
    stack.moved("RegistrationsDeadLettersUrl", body)

    assert run("--queue", "registrations", "--yes") == 0

    assert f"upload job {job}" in capsys.readouterr().out
    assert stack.bodies("RegistrationsQueueUrl") == [body]


def test_letters_of_calls_go_back_as_they_were(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    data = UUID(int=2)
    call = {"projectHash": str(UUID(int=1)), "dataHash": str(data), "frame": 3}
    body = json.dumps({"version": 1, "agent": "describe-scene", "call": call})
    stack.moved("CallsDeadLettersUrl", body)

    assert run("--queue", "calls", "--yes") == 0

    assert f"call of describe-scene on frame 3 of {data}" in capsys.readouterr().out
    assert stack.bodies("CallsQueueUrl") == [body]
