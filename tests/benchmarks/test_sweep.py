"""A short run of `make bench-sweep`, and the stand-in it runs against, which must refuse what AWS refuses."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import boto3
import pytest
from botocore.exceptions import ClientError

from benchmarks.servers import announced
from encord_lambda.aws.claims import TaskClaims
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from sandbox.ministack import ROOT

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
STAGE = UUID(int=5)


@pytest.fixture
def lean_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with announced("benchmarks.lean_aws", str(tmp_path)) as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"


def a_claim(state: State = State.QUEUED, token: int = 1) -> Claim:
    return Claim(TaskKey(STAGE, uuid4()), state, NOON, NOON + HOUR, token=token)


def test_a_short_run_ends_with_a_result_line_and_every_task_was_sent_once() -> None:
    """It fails by itself if a task was not sent, or more than once."""
    command = [sys.executable, "-m", "benchmarks.sweep", "--tasks", "2000", "--rounds", "1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True)
    *_, last = run.stdout.splitlines()
    result = json.loads(last.removeprefix("RESULT "))
    assert result.keys() == {"x_floor", "mb_10k", "mb_100k"}
    assert all(value > 0 for value in result.values())
    assert "stand-in" in run.stdout


@pytest.mark.usefixtures("lean_aws")
def test_the_stand_in_takes_claims_as_the_table_does() -> None:
    """A transaction with one stale claim changes nothing, and says what stands."""
    claims = TaskClaims(boto3.client("dynamodb"), "claims")
    first, other, done = a_claim(), a_claim(), a_claim(State.DONE)

    assert claims.swap([first, done]) == {}
    assert claims.swap([first, other]) == {first.key: first}
    assert claims.swap([replace(first, token=2), replace(done, token=9)]) == {done.key: done}
    assert claims.read([first.key, other.key, a_claim().key]) == {first.key: replace(first, token=2), other.key: other}
    assert claims.in_flight(STAGE, NOON) == {first.key.task, other.key.task}
    assert claims.in_flight(STAGE, NOON + HOUR) == set()


def test_the_stand_in_refuses_a_batch_of_eleven_messages(lean_aws: str) -> None:
    entries = [{"Id": str(number), "MessageBody": "{}"} for number in range(11)]

    with pytest.raises(ClientError, match="TooManyEntriesInBatchRequest"):
        boto3.client("sqs").send_message_batch(QueueUrl=f"{lean_aws}/0/tasks", Entries=entries)  # type: ignore[arg-type]
