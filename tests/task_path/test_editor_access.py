"""Who may call an editor agent: tokens in its address, and Encord's signature; a workflow is told the pathway."""

import hashlib
import json
import logging
from uuid import UUID

import boto3
import pytest

from encord_lambda.config_editor import SECRETS
from encord_lambda.encord_platform.workflow import Projects
from sandbox.model_server.script import Status, Text
from sandbox.scenario.world import PIPELINE
from tests.task_path.conftest import TaskPath
from tests.task_path.editor import SECRET, payload, send, send_through_gateway, signed, written

CAT = "pets/000 Cat.jpg"
TOKEN = "f3b1c0ffee" * 6
DIGEST = hashlib.sha256(TOKEN.encode()).hexdigest()
AGENTS = f"""
  with-token: {{kind: describe, model: "openai:gpt-4o", classification: Scene description, token_sha256: {DIGEST}}}
  animal:
    kind: classify
    model: openai:gpt-4o
    classification: Animal
    signing_secret: {SECRETS}animal
    pathways: {{Cat: Cats this way, otherwise: The rest}}
"""


@pytest.fixture
def count() -> int:
    return 1


@pytest.fixture(autouse=True)
def agents(path: TaskPath) -> None:
    """Two agents that ask for proof, beside the first that does not."""
    path.pipeline(PIPELINE.read_text() + AGENTS)
    boto3.client("secretsmanager").create_secret(Name=f"{SECRETS}animal", SecretString=f"{SECRET}\nanother-secret\n")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/agents/with-token/{TOKEN}", 200),
        ("/agents/with-token", 401),
        (f"/agents/with-token/{TOKEN[:-1]}", 401),
        (f"/agents/with-token/{TOKEN}0", 401),
        (f"/agents/with-token/{TOKEN.upper()}", 401),
        (f"/agents/with-token/{DIGEST}", 401),
        ("/agents/with-token/%F0%9F%98%80", 401),
        (f"/agents/animal/{TOKEN}", 401),
        ("/agents/animal", 401),
        (f"/agents/describe-scene/{TOKEN}", 200),
    ],
)
def test_an_agent_that_asks_for_proof_takes_no_call_without(path: TaskPath, address: str, status: int) -> None:
    path.twin.log.reset()

    assert send(address, payload(path, CAT)).status == status
    assert bool(written(path, CAT)) is (status == 200)
    assert (path.twin.log.count() > 0) is (status == 200)


def test_a_token_is_in_no_log_and_no_answer_whatever_comes_of_the_call(
    path: TaskPath,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG, "encord_lambda")
    caplog.set_level(logging.INFO)
    right, call = f"/agents/with-token/{TOKEN}", payload(path, CAT)

    def answered(address: str, body: bytes | None = None, **changes: object) -> int:
        answer = send_through_gateway(address, body or json.dumps(call | changes).encode())
        assert TOKEN not in answer.body
        return answer.status

    assert [
        answered(right),
        answered(right, frame=7),
        answered(right, projectHash=str(UUID(int=9))),
        answered(right, b"{"),
        answered(right, b" " * 200_000),
        answered(f"{right}0"),
        answered(f"/agents/nobody/{TOKEN}"),
        answered(f"{right}/more"),
    ] == [200, 422, 403, 400, 413, 401, 404, 404]
    path.model.enqueue(Status(429))
    assert answered(right) == 503
    monkeypatch.setattr(Projects, "row", _breaks)
    assert answered(right) == 500
    said = capsys.readouterr().out + caplog.text
    assert "ZeroDivisionError at test_editor_access.py" in said
    assert TOKEN not in said


def _breaks(*_: object) -> None:
    raise ZeroDivisionError(TOKEN)


def test_a_signed_call_of_a_workflow_is_told_the_pathway_of_the_answer(path: TaskPath) -> None:
    body = json.dumps(payload(path, CAT)).encode()
    answer = send("/agents/animal", body, headers=signed(body))

    assert (answer.status, answer.said) == (200, {"decision": "Cats this way"})
    assert written(path, CAT)[0]["answers"] == {"Animal": "Cat"}


def test_an_answer_that_nothing_was_said_about_takes_otherwise(path: TaskPath) -> None:
    path.model.enqueue(Text('{"answer": null, "confidence": 0.5}'))
    body = json.dumps(payload(path, CAT)).encode()

    assert send("/agents/animal", body, headers=signed(body)).said == {"decision": "The rest"}


@pytest.mark.parametrize("secret", [SECRET, "another-secret"])
def test_an_old_and_a_new_secret_may_stand_together(path: TaskPath, secret: str) -> None:
    body = json.dumps(payload(path, CAT)).encode()

    assert send("/agents/animal", body, headers=signed(body, secret)).status == 200


@pytest.mark.parametrize(
    ("changes", "agent"),
    [
        ({"x-encord-signature": "0" * 64}, "animal"),
        ({"x-encord-timestamp": "1"}, "animal"),
        ({"x-encord-timestamp": ""}, "animal"),
        ({"x-encord-signature": "", "x-encord-signature-v2": "0"}, "animal"),
        (signed(b"another body"), "animal"),
        (signed(b"{}", SECRET[0]), "animal"),
        ({}, "with-token"),
        ({}, "describe-scene"),
    ],
    ids=[
        "wrong signature",
        "long ago",
        "no time",
        "a newer signature",
        "of another body",
        "by another secret",
        "an agent with a token",
        "an agent that is open",
    ],
)
def test_a_call_that_claims_to_be_encords_and_is_not_is_refused(
    path: TaskPath, changes: dict[str, str], agent: str
) -> None:
    """Also where an unsigned one would be taken: who signs wants to be believed."""
    body = json.dumps(payload(path, CAT)).encode()
    path.twin.log.reset()
    answer = send(f"/agents/{agent}", body, headers=signed(body) | changes)

    assert (answer.status, answer.message) == (401, "the call's signature could not be verified")
    assert path.twin.log.count() == 0


@pytest.mark.parametrize(("ago", "status"), [(290, 200), (310, 401), (-290, 200), (-310, 401)])
def test_a_signature_is_good_for_five_minutes(path: TaskPath, ago: int, status: int) -> None:
    body = json.dumps(payload(path, CAT)).encode()

    assert send("/agents/animal", body, headers=signed(body, ago=ago)).status == status


def test_a_missing_secret_is_a_wrong_setup(path: TaskPath) -> None:
    path.pipeline(PIPELINE.read_text() + AGENTS.replace(f"{SECRETS}animal", f"{SECRETS}nowhere"))
    body = json.dumps(payload(path, CAT)).encode()

    assert send("/agents/animal", body, headers=signed(body)).status == 500
