"""`encord-lambda replay`: dead letters of a deployed stack (moto), listed and sent back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import boto3
import pytest
from botocore.exceptions import ClientError

from encord_lambda import cli, replaying
from encord_lambda.aws import dead_letters
from encord_lambda.cli import replay
from encord_lambda.dispatch.claims import State
from tests.cli.deployed import HOUR, NOW, Deployed, a_claim, a_message

FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))
DAMAGED = "the picture is damaged"


def run(*options: str) -> int:
    return cli.main(["replay", *options])


def on_call(operation: str, do: Callable[[], None]) -> None:
    """Before each request of this kind that the command makes, do something."""
    boto3.setup_default_session()
    assert boto3.DEFAULT_SESSION
    boto3.DEFAULT_SESSION.events.register(f"before-call.{operation}", lambda **_: do())


def test_a_dry_run_lists_letters_by_reason_and_changes_nothing(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.reject(*(a_message(UUID(int=number)) for number in range(1, 6)))
    stack.reject(a_message(UUID(int=9)), reason="'a.jpg' is of type audio")
    stack.reject(a_message(UUID(int=10)), reason="'b.jpg' is of type audio")

    assert run() == 0

    assert capsys.readouterr().out.splitlines() == [
        "Dead letters of the tasks queue: 7",
        f"      5  {DAMAGED}",
        f"         {UUID(int=1)}, {UUID(int=2)}, {UUID(int=3)}, and 2 more",
        "      2  … is of type audio",
        f"         {UUID(int=9)}, {UUID(int=10)}",
        "With --yes:",
        "      7  to go back to the queue",
    ]
    assert len(stack.tasks("TasksDeadLettersUrl")) == 7
    assert stack.tasks("TasksQueueUrl") == []
    assert set(stack.states().values()) == {State.REJECTED}


def test_letters_go_back_and_their_claims_are_as_if_never_tried(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.reject(a_message(FIRST), a_message(SECOND))

    assert run("--yes") == 0

    assert "2  sent back to the queue" in capsys.readouterr().out
    assert stack.tasks("TasksQueueUrl") == [FIRST, SECOND]
    assert stack.tasks("TasksDeadLettersUrl") == []
    [claim] = stack.claims.of_task(FIRST)
    assert (claim.state, claim.tries, claim.crashes, claim.token) == (State.QUEUED, 0, 0, 2)
    assert timedelta(minutes=59) < claim.lease_until - datetime.now(UTC) <= HOUR


def test_a_task_without_a_claim_gets_one(stack: Deployed) -> None:
    stack.bury((a_message(FIRST).model_dump_json(), str(FIRST), DAMAGED))

    assert run("--yes") == 0

    assert stack.states() == {FIRST: State.QUEUED}
    assert stack.tasks("TasksQueueUrl") == [FIRST]


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        (["--reason", "DAMAGED"], [FIRST]),
        (["--task", str(SECOND)], [SECOND]),
        (["--reason", "too large", "--task", str(THIRD)], [THIRD]),
    ],
)
def test_only_the_letters_that_are_meant_go_back(
    stack: Deployed, options: list[str], sent: list[UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    stack.reject(a_message(FIRST))
    stack.reject(a_message(SECOND), a_message(THIRD), reason="the picture is too large")

    assert run(*options, "--yes") == 0

    assert capsys.readouterr().out.startswith(f"Dead letters of the tasks queue: {len(sent)} of 3\n")
    assert stack.tasks("TasksQueueUrl") == sent
    assert stack.tasks("TasksDeadLettersUrl") == sorted({FIRST, SECOND, THIRD} - set(sent))


@pytest.mark.parametrize("options", [[], ["--yes"]])
def test_an_empty_queue_is_said_to_be_so(
    stack: Deployed, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*options) == 1

    assert capsys.readouterr().err == "there are no dead letters of the tasks queue\n"
    assert stack.tasks("TasksDeadLettersUrl") == []


@pytest.mark.parametrize("options", [["--reason", "no such reason"], ["--task", str(THIRD)]])
def test_that_no_letter_is_chosen_is_said(
    stack: Deployed, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    stack.reject(a_message(FIRST))

    assert run(*options) == 1

    assert capsys.readouterr().err == "none of 1 dead letter of the tasks queue fits these options\n"
    assert stack.tasks("TasksDeadLettersUrl") == [FIRST]


def test_letters_that_are_out_of_date_are_removed(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    done, came_back, running, at_rest = (a_message() for _ in range(4))
    stack.claims.swap(
        [
            a_claim(done, State.DONE),
            a_claim(a_message(came_back.task, updated_at=NOW), State.DONE),
            a_claim(running, State.RUNNING, NOW + HOUR),
            a_claim(at_rest, State.RUNNING, NOW - HOUR),
        ]
    )
    stack.bury(*((one.model_dump_json(), str(one.task), DAMAGED) for one in (done, came_back, running, at_rest)))

    assert run() == 0
    assert len(stack.tasks("TasksDeadLettersUrl")) == 4
    assert run("--yes") == 0

    assert capsys.readouterr().out.splitlines()[-4:] == [
        "Done:",
        "      1  sent back to the queue",
        "      1  removed: a worker has the task in hand",
        "      2  removed: the task is done, or came back, or has another letter",
    ]
    assert stack.tasks("TasksQueueUrl") == [at_rest.task]
    assert stack.bodies("TasksDeadLettersUrl") == []
    assert stack.states()[done.task] is State.DONE
    assert stack.states()[running.task] is State.RUNNING


def test_of_two_letters_about_a_task_the_later_visit_counts(stack: Deployed) -> None:
    earlier, later = a_message(FIRST, NOW - HOUR), a_message(FIRST, NOW)
    stack.reject(later)
    stack.bury((earlier.model_dump_json(), str(FIRST), DAMAGED))

    assert run("--yes") == 0

    assert stack.bodies("TasksQueueUrl") == [later.model_dump_json()]
    assert stack.bodies("TasksDeadLettersUrl") == []


def test_malformed_letters_are_listed_and_stay(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    stack.bury(("{}", "message 4711", "malformed TaskMessage: version: Field required"))
    stack.moved("TasksDeadLettersUrl", "no\x20JSON")
    stack.reject(a_message(FIRST))

    assert run("--yes") == 0

    printed = capsys.readouterr().out
    assert "         message 4711" in printed.splitlines()
    assert "malformed TaskMessage: Invalid JSON" in printed
    assert "2  stay: malformed, and would only come back" in printed
    assert stack.bodies("TasksDeadLettersUrl") == ["no JSON", "{}"]
    assert stack.tasks("TasksQueueUrl") == [FIRST]


def test_what_sqs_moved_by_itself_has_a_reason_too(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    stack.moved("TasksDeadLettersUrl", a_message(FIRST).model_dump_json())

    assert run("--yes", "--reason", "received too often") == 0

    assert "1  received too often; the log says why" in capsys.readouterr().out
    assert stack.tasks("TasksQueueUrl") == [FIRST]


def test_more_letters_than_one_request_brings_are_each_replayed_once(
    stack: Deployed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    messages = [a_message(UUID(int=number)) for number in range(1, 121)]
    stack.reject(*messages)
    monkeypatch.setattr(replay, "EVERY", 50)

    assert run("--yes") == 0

    assert stack.tasks("TasksQueueUrl") == [message.task for message in messages]
    assert stack.bodies("TasksDeadLettersUrl") == []
    printed = capsys.readouterr()
    assert "    120  sent back to the queue" in printed.out.splitlines()
    assert printed.err.splitlines() == [
        "50 dead letters read",
        "100 dead letters read",
        "100 of 120 letters sent back",
    ]


def test_a_letter_that_is_shown_again_while_others_are_read_counts_once(
    stack: Deployed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dead_letters, "HIDDEN_FOR", 0)
    stack.reject(a_message(FIRST), a_message(SECOND))

    assert run("--yes") == 0

    assert "Dead letters of the tasks queue: 2" in capsys.readouterr().out
    assert stack.tasks("TasksQueueUrl") == [FIRST, SECOND]
    assert stack.tasks("TasksDeadLettersUrl") == []


@pytest.mark.parametrize("operation", ["sqs.SendMessageBatch", "sqs.DeleteMessageBatch"])
def test_a_replay_killed_midway_loses_nothing_and_can_be_repeated(stack: Deployed, operation: str) -> None:
    stack.reject(*(a_message(UUID(int=number)) for number in range(1, 4)))

    def die() -> None:
        raise ClientError({"Error": {"Code": "ServiceUnavailable", "Message": "gone"}}, operation)

    on_call(operation, die)
    assert run("--yes") == 2
    assert len(stack.tasks("TasksDeadLettersUrl")) == 3
    boto3.setup_default_session()
    assert run("--yes") == 0

    assert set(stack.tasks("TasksQueueUrl")) == {UUID(int=number) for number in range(1, 4)}
    assert stack.bodies("TasksDeadLettersUrl") == []
    assert set(stack.states().values()) == {State.QUEUED}


def test_after_ctrl_c_all_letters_can_be_seen_again(
    stack: Deployed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.reject(*(a_message(UUID(int=number)) for number in range(1, 13)))

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(replaying, "plan", interrupted)

    assert run() == 130

    assert capsys.readouterr().err == "encord-lambda: interrupted\n"
    assert len(stack.tasks("TasksDeadLettersUrl")) == 12


def test_when_aws_fails_the_letters_read_so_far_can_be_seen_again(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.reject(*(a_message(UUID(int=number)) for number in range(1, 13)))

    def deny() -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "BatchGetItem")

    on_call("dynamodb.BatchGetItem", deny)

    assert run() == 2

    assert "cannot read the table encord-lambda-TaskClaims" in capsys.readouterr().err
    assert len(stack.tasks("TasksDeadLettersUrl")) == 12


def test_letters_that_cannot_be_shown_again_are_accounted_for(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.reject(a_message(FIRST), a_message(SECOND))

    def deny() -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ChangeMessageVisibilityBatch")

    on_call("sqs.ChangeMessageVisibilityBatch", deny)

    assert run() == 2

    [line] = capsys.readouterr().err.splitlines()
    assert "AccessDenied: no; 2 letters are hidden for up to 15 minutes, and nothing is lost" in line


def test_a_reason_with_control_characters_does_not_reach_the_terminal(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.bury((a_message(FIRST).model_dump_json(), str(FIRST), "a\tb\nc\u202ed"))

    assert run() == 0

    assert "      1  a?b?c?d" in capsys.readouterr().out.splitlines()
