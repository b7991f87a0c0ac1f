"""What is recorded of a call: one line each, whatever becomes of it, and nothing that is secret."""

import hashlib
import json
from uuid import UUID

import pytest

from encord_lambda import outcomes
from encord_lambda.agents.agent import Decision
from encord_lambda.editor_api.desk import Desk, Done
from encord_lambda.encord_platform.workflow import Projects
from sandbox.encord_twin import Fault
from sandbox.model_server.script import Text
from sandbox.scenario.world import PIPELINE, PROJECT
from tests.task_path.conftest import TaskPath
from tests.task_path.editor import Answered, payload, send, send_through_gateway

CAT = "pets/000 Cat.jpg"
TOKEN = "f3b1c0ffee" * 6
CLOSED = f"""
  closed:
    kind: validate
    token_sha256: {hashlib.sha256(TOKEN.encode()).hexdigest()}
"""


@pytest.fixture
def count() -> int:
    return 1


def record(answer: Answered) -> outcomes.Answered:
    [only] = answer.records
    assert isinstance(only, outcomes.Answered)
    assert only.status == answer.status
    return only


def test_a_call_that_is_carried_out_says_whose_it_was_and_what_it_came_to(path: TaskPath) -> None:
    sent = payload(path, CAT)
    first = record(send("/", sent))

    assert (first.agent, first.project, first.data_unit) == ("describe-scene", PROJECT, UUID(sent["dataHash"]))
    assert (first.frame, first.status, first.told, first.decision) == (0, 200, None, None)
    assert (first.added, first.replaced, first.kept) == (1, 0, 0)
    assert 0 < first.model_seconds < first.seconds < 60
    assert first.input_tokens > first.output_tokens > 0

    path.model.enqueue(Text('{"answer": "Quite another description of it.", "confidence": 0.5}'))
    second = record(send("/", sent | {"frame": None}))
    assert (second.frame, second.replaced) == (0, 1)


def test_a_refused_call_says_as_much_as_was_known_by_then(path: TaskPath, monkeypatch: pytest.MonkeyPatch) -> None:
    path.pipeline(PIPELINE.read_text() + CLOSED)
    right = payload(path, CAT)
    addresses = ("/agents/describe-scene", "/agents/closed", f"/agents/closed/{TOKEN[1:]}")
    given = {
        "read": record(send(addresses[0], right | {"frame": 7})),
        "unread": record(send(addresses[0], b"{")),
        "too large": record(send(addresses[0], b"x" * 200_000)),
        "no token": record(send(addresses[1], right)),
        "wrong token": record(send(addresses[2], right)),
        "from elsewhere": record(send(addresses[0], right, headers={"origin": "https://example.com"})),
    }
    path.twin.faults.add(Fault(route="labelrow POST", status=500))
    given["busy"] = record(send(addresses[0], right))
    monkeypatch.setattr(Projects, "row", lambda *_: 1 / 0)
    given["our fault"] = record(send(addresses[0], right))

    assert {case: (one.status, one.agent, one.project) for case, one in given.items()} == {
        "read": (422, "describe-scene", PROJECT),
        "unread": (400, "describe-scene", None),
        "too large": (413, None, None),
        "no token": (401, "closed", None),
        "wrong token": (401, "closed", None),
        "from elsewhere": (403, None, None),
        "busy": (503, "describe-scene", PROJECT),
        "our fault": (500, "describe-scene", PROJECT),
    }
    assert all(one.told and not one.added for one in given.values())


@pytest.mark.usefixtures("path")
def test_a_token_in_the_place_of_a_name_is_told_to_its_sender_alone() -> None:
    answer = send(f"/agents/{TOKEN}", b"{}")

    assert TOKEN[:60] in answer.message
    assert (record(answer).agent, record(answer).told) == (None, None)


def test_addresses_in_what_an_agent_says_are_for_the_annotator_alone(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = "see https://media.example.com/cat.jpg?signature=0123 for more"
    monkeypatch.setattr(Desk, "run", lambda *_: Done(Decision((), None, "", None, message=says)))
    answer = send(body=payload(path, CAT))

    assert (answer.message, record(answer).told) == (says, "see its address for more")


def test_tries_of_an_address_and_questions_of_a_browser_are_no_calls(path: TaskPath) -> None:
    others = [
        send(body=payload(path, CAT), headers={"x-encord-agent": "test"}),
        send(method="OPTIONS"),
        send("/agents", method="GET"),
        send("/openapi.json", method="GET"),
        send(method="GET"),
        send("/nothing", payload(path, CAT)),
    ]

    assert [one.status for one in others] == [200, 204, 200, 200, 405, 404]
    assert [one.records for one in others] == [[]] * 6


def test_the_function_writes_one_line_and_counts(
    path: TaskPath, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    send_through_gateway("/", json.dumps(payload(path, CAT)).encode())
    send_through_gateway("/", b"{")
    lines = [vars(one) for one in caplog.records if one.getMessage() == "Answered"]
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]

    assert [(one["levelname"], one["status"], one["agent"], one["project"]) for one in lines] == [
        ("INFO", 200, "describe-scene", str(PROJECT)),
        ("INFO", 400, "describe-scene", None),
    ]
    assert (counted[0]["Answered"], counted[0]["LabelsWritten"]) == ([1], [1])
    assert counted[0]["EditorSeconds"][0] > 0
    assert (counted[1]["Answered"], counted[1]["EditorCallsRefused"]) == ([1], [1])
