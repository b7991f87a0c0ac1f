"""Editor agents that nobody can wait for: answered as queued, and finished from the queue, through both handlers."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import boto3
import pytest

from encord_lambda import settings
from encord_lambda.config_editor import SECRETS
from functions.finish_calls import handler as finish_calls
from sandbox.model_server.script import Received, Reply, Script, Status
from sandbox.scenario.world import PIPELINE
from tests.task_path import slow
from tests.task_path.conftest import CONTEXT, Json, TaskPath, event
from tests.task_path.editor import SECRET, Answered, click, payload, send, send_through_gateway, signed, written
from tests.task_path.test_meanwhile import a_person_saves
from tests.unit.custom import own

CAT = "pets/000 Cat.jpg"
TOKEN = "f3b1c0ffee" * 6
AGENTS = f"""
  slow: {{kind: custom, run: slow, classifications: [Scene description], signing_secret: {SECRETS}slow,
         token_sha256: {hashlib.sha256(TOKEN.encode()).hexdigest()}}}
"""
SLOW = """
from encord_lambda.custom import Answer, Decision
from tests.task_path import slow

def decide(given):
    slow.NOW[-1].think()
    return Decision((Answer("Scene description", "At last.", 0.5),), None, "", None)
"""


@pytest.fixture
def count() -> int:
    return 1


@pytest.fixture
def calls(path: TaskPath, monkeypatch: pytest.MonkeyPatch) -> TaskPath:
    """The path of slow calls: their queue in place of the tasks'."""
    queue, dead = (boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in ("calls", "dead-calls"))
    monkeypatch.setenv("CALLS_QUEUE_URL", queue)
    monkeypatch.setenv("CALLS_DEAD_LETTERS_URL", dead)
    return replace(path, queue=queue, dead_letters=dead)


@pytest.fixture
def thought(calls: TaskPath, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[slow.Thought]:
    """What the agent `slow` thinks, for which there is no time at all."""
    own.writer(tmp_path)("slow", SLOW)
    monkeypatch.syspath_prepend(str(tmp_path))
    own.forget()
    calls.pipeline(PIPELINE.read_text() + AGENTS)
    boto3.client("secretsmanager").create_secret(Name=f"{SECRETS}slow", SecretString=SECRET)
    time_for_agents(monkeypatch, 0.0)
    slow.NOW.append(slow.Thought())
    yield slow.NOW[-1]
    slow.NOW.pop().end()
    own.forget()


def time_for_agents(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    for function in (settings.EditorAgent, settings.FinishCalls):
        monkeypatch.setattr(function, "agent_seconds", 1.0 + seconds)  # the last second is for saving


def finish(event: Json) -> list[str]:
    """Finish a batch of calls; answers the ids of the messages that stay."""
    reply = finish_calls.lambda_handler(event, CONTEXT)
    return [failure["itemIdentifier"] for failure in reply["batchItemFailures"]]


def queued(answer: Answered) -> bool:
    return answer.status == 200 and answer.message.startswith("queued")


def bodies(calls: TaskPath) -> list[Json]:
    return [json.loads(record["body"]) for record in calls.received()["Records"]]


def message(calls: TaskPath, **changes: object) -> Json:
    """A call of the agent that describes the picture, as it is queued."""
    return {"version": 1, "agent": "describe-scene", "call": payload(calls, CAT)} | changes


def put(calls: TaskPath, *messages: Json) -> Json:
    """Have calls wait, and receive them."""
    for one in messages:
        boto3.client("sqs").send_message(QueueUrl=calls.queue, MessageBody=json.dumps(one))
    return calls.received()


def description(calls: TaskPath) -> str:
    """The one that stands."""
    [label] = written(calls, CAT)
    return str(label["answers"]["Scene description"])


def told(caplog: pytest.LogCaptureFixture, kind: str) -> Json:
    """The one outcome of a kind."""
    [record] = [record for record in caplog.records if record.getMessage() == kind]
    return vars(record)


def test_a_call_of_an_agent_that_does_not_return_is_queued_without_its_token(
    calls: TaskPath, thought: slow.Thought
) -> None:
    body = payload(calls, CAT)

    answer = send_through_gateway(f"/agents/slow/{TOKEN}", json.dumps(body).encode())

    assert queued(answer)
    assert bodies(calls) == [{"version": 1, "agent": "slow", "call": {**body, "objectHashes": None}}]
    assert thought.begun.wait(60)
    thought.end()
    assert written(calls, CAT) == []


def test_what_a_model_says_too_late_is_not_saved_but_asked_again_from_the_queue(
    calls: TaskPath, thought: slow.Thought, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = Script.next_reply

    def think_and_reply(script: Script, received: Received) -> Reply | None:
        thought.think()
        return reply(script, received)

    monkeypatch.setattr(Script, "next_reply", think_and_reply)
    time_for_agents(monkeypatch, 0.2)

    assert queued(send("/", payload(calls, CAT)))
    thought.end()
    assert written(calls, CAT) == []

    time_for_agents(monkeypatch, 60)
    assert finish(calls.received()) == []
    assert "cat" in description(calls).lower()


@pytest.mark.usefixtures("thought")
def test_a_call_that_is_not_queued_may_be_tried_again(calls: TaskPath) -> None:
    body = json.dumps(payload(calls, CAT)).encode()
    of_a_workflow = send("/agents/slow", body, headers=signed(body))

    assert (of_a_workflow.status, of_a_workflow.headers["retry-after"]) == (503, "60")
    assert of_a_workflow.message == "the agent took too long, and nothing was written; please try again later"
    assert bodies(calls) == []

    boto3.client("sqs").delete_queue(QueueUrl=calls.queue)
    assert send(f"/agents/slow/{TOKEN}", body).status == 503


def test_a_busy_model_is_told_of_at_once_and_has_a_queued_call_come_again_later(
    calls: TaskPath, caplog: pytest.LogCaptureFixture
) -> None:
    calls.model.enqueue(Status(429))
    assert click(calls, "describe-scene", CAT).status == 503
    assert bodies(calls) == []

    calls.model.enqueue(Status(429))
    batch = put(calls, message(calls))
    assert finish(batch) == [batch["Records"][0]["messageId"]]
    assert told(caplog, "Postponed")["after"] >= 1
    assert (calls.received(), calls.letters()) == ({"Records": []}, {})


def test_a_queued_call_that_comes_twice_leaves_one_label(calls: TaskPath, caplog: pytest.LogCaptureFixture) -> None:
    for added, replaced in ((1, 0), (0, 1)):
        assert finish(event("finish_calls")) == []

        assert "cat" in description(calls).lower()
        assert (told(caplog, "Finished")["added"], told(caplog, "Finished")["replaced"]) == (added, replaced)
        caplog.clear()


def test_what_a_person_answered_before_the_call_was_finished_stands(
    calls: TaskPath, caplog: pytest.LogCaptureFixture
) -> None:
    a_person_saves(calls, "Scene description", "My own words.")

    assert finish(event("finish_calls")) == []

    assert description(calls) == "My own words."
    assert "is answered already" in told(caplog, "Finished")["told"]


def test_calls_that_can_never_be_finished_are_buried_with_their_reasons(calls: TaskPath) -> None:
    call = payload(calls, CAT)
    batch = put(
        calls,
        message(calls, agent="gone"),
        message(calls, agent="No name"),
        message(calls, call=call | {"projectHash": str(UUID(int=9))}),
        message(calls, call=call | {"objectHashes": ["deleted"]}),
        message(calls, call=call | {"frame": 7}),
        message(calls, token=TOKEN),
    )

    assert finish(batch) == []
    assert finish(event("finish_calls_unknown_version")) == []

    letters = boto3.client("sqs").receive_message(
        QueueUrl=calls.dead_letters, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    assert sorted(letter["MessageAttributes"]["reason"]["StringValue"] for letter in letters) == [
        "'pets/000 Cat.jpg' has 1 frames; there is no frame 7",
        "an object that you selected is not saved in Encord, or was deleted: save your work and try again",
        "malformed CallMessage: agent: Value error, must be a name of small letters, digits and hyphens",
        "malformed CallMessage: token: Extra inputs are not permitted",
        "malformed CallMessage: version: Input should be 1",
        "pipeline.yaml does not name this project for this agent",
        "there is no editor agent 'gone'; there are: describe-scene",
    ]

    boto3.client("sqs").delete_queue(QueueUrl=calls.dead_letters)
    batch = put(calls, message(calls, agent="gone"))
    assert finish(batch) == [batch["Records"][0]["messageId"]], "what cannot be buried stays"


def test_an_agent_that_is_too_slow_even_now_is_given_up(
    calls: TaskPath, thought: slow.Thought, caplog: pytest.LogCaptureFixture
) -> None:
    assert finish(put(calls, message(calls, agent="slow"))) == []

    [(subject, reason)] = calls.letters().items()
    assert (subject.partition(" on ")[0], reason) == ("call of slow", "the agent took longer than it may")
    assert told(caplog, "Rejected")["cause"] == "given up"
    thought.end()
    assert written(calls, CAT) == []
