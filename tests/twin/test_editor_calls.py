"""The twin calls custom agents: from a browser that minds CORS, and from a workflow that follows decisions."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from encord.workflow.stages.agent import AgentStage
from encord_agents.core.webhooks import verify_signature

from sandbox.encord_twin import BrowserCall, EditorAnswer, Twin, WorkflowCall
from sandbox.encord_twin.platform.refusals import Invalid
from tests.twin.receivers import Received, Receiver, Said, receiving

ORIGIN = "https://app.encord.com"
ALLOWED = "content-type, x-cloud-trace-context, x-encord-editor-agent, x-encord-agent"
CORS = {"Access-Control-Allow-Origin": ORIGIN, "Access-Control-Allow-Headers": ALLOWED}
SECRET = "whsec"


def agent_that(status: int = 200, **said: object) -> Callable[[Received], Said]:
    """An agent that lets browsers in and answers this."""
    answer = Said(status, CORS, json.dumps(said).encode() if said else b"")
    return lambda request: Said(headers=CORS) if request.method == "OPTIONS" else answer


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(agent_that()) as receiver:
        yield receiver


@pytest.fixture
def data(twin: Twin) -> UUID:
    return next(iter(twin.store.projects[twin.ids.projects["Pets"]].tasks))


@pytest.fixture
def browse(twin: Twin, receiver: Receiver, data: UUID) -> Callable[[], EditorAnswer]:
    call = BrowserCall(
        url=receiver.url, project=twin.ids.projects["Pets"], data_hash=data, frame=3, object_hashes=("abc",)
    )
    return lambda: twin.call_editor_agent(call)


@pytest.fixture
def run_stage(twin: Twin, receiver: Receiver, data: UUID) -> Callable[[], EditorAnswer]:
    project = twin.ids.projects["Pets"]
    call = WorkflowCall(trigger="workflow", url=receiver.url, project=project, data_hash=data, secret=SECRET)
    return lambda: twin.call_editor_agent(call)


def test_a_browser_asks_first_and_then_calls(
    twin: Twin, receiver: Receiver, data: UUID, browse: Callable[[], EditorAnswer]
) -> None:
    answer = browse()

    asked, called = receiver.all()
    assert answer == EditorAnswer(status=200)
    assert (asked.method, asked.headers["Access-Control-Request-Method"]) == ("OPTIONS", "POST")
    assert asked.headers["Access-Control-Request-Headers"] == "content-type,x-cloud-trace-context"
    assert (called.method, called.headers["Origin"]) == ("POST", ORIGIN)
    assert called.headers["X-Cloud-Trace-Context"].endswith("/1;o=1")
    assert json.loads(called.body) == {
        "projectHash": str(twin.ids.projects["Pets"]),
        "dataHash": str(data),
        "frame": 3,
        "objectHashes": ["abc"],
    }
    assert "X-Encord-Signature" not in called.headers


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (Said(400), "answered with status 400"),
        (Said(200, {"Access-Control-Allow-Origin": ORIGIN}), "Allow-Headers lacks Content-Type, X-Cloud-Trace-Context"),
        (
            Said(200, CORS | {"Access-Control-Allow-Origin": "https://other.site"}),
            "Allow-Origin is 'https://other.site'",
        ),
    ],
)
def test_a_browser_does_not_go_on_after_a_bad_preflight(
    receiver: Receiver, browse: Callable[[], EditorAnswer], said: Said, trouble: str
) -> None:
    receiver.answer = lambda _: said

    answer = browse()

    assert trouble in answer.trouble
    assert answer.status is None
    assert [received.method for received in receiver.all()] == ["OPTIONS"]


def test_a_browser_hides_an_answer_without_cors_headers(receiver: Receiver, browse: Callable[[], EditorAnswer]) -> None:
    receiver.answer = lambda request: Said(200, CORS) if request.method == "OPTIONS" else Said(500)

    answer = browse()

    assert (answer.status, answer.message) == (None, None)
    assert "the call was sent, but the browser hides the answer: Access-Control-Allow-Origin is None" in answer.trouble


@pytest.mark.parametrize("header", ["X-Encord-Editor-Agent", "X-Encord-Agent"])
def test_an_address_is_tried_with_the_old_or_the_new_header(
    twin: Twin, receiver: Receiver, data: UUID, header: str
) -> None:
    order = {
        "trigger": "browser",
        "url": receiver.url,
        "project": str(twin.ids.projects["Pets"]),
        "data_hash": str(data),
    }

    answer = httpx.post(f"{twin.url}/_twin/editor-agent", json={**order, "test": header}, trust_env=False)

    asked, called = receiver.all()
    assert (answer.json()["status"], answer.json()["trouble"]) == (200, "")
    assert header.lower() in asked.headers["Access-Control-Request-Headers"]
    assert header in called.headers


def test_a_message_is_cut_off_as_the_label_editor_does(receiver: Receiver, browse: Callable[[], EditorAnswer]) -> None:
    receiver.answer = agent_that(message="m" * 300)

    answer = browse()

    assert (answer.message, answer.trouble) == ("m" * 256, "")


def test_an_errors_message_reaches_the_annotator(receiver: Receiver, browse: Callable[[], EditorAnswer]) -> None:
    receiver.answer = agent_that(status=403, message="no access")

    assert browse() == EditorAnswer(403, "no access", trouble="the agent answered with status 403")


def test_a_browser_does_not_follow_a_decision(
    agent: AgentStage, receiver: Receiver, browse: Callable[[], EditorAnswer]
) -> None:
    receiver.answer = agent_that(decision="Other")

    answer = browse()

    assert (answer.decision, answer.pathway) == ("Other", None)
    assert len(list(agent.get_tasks())) == 5


def test_a_workflow_signs_its_call_and_follows_the_decision(
    twin: Twin, data: UUID, receiver: Receiver, run_stage: Callable[[], EditorAnswer]
) -> None:
    receiver.answer = agent_that(decision="Other")

    answer = run_stage()

    [called] = receiver.all()
    signature, timestamp = called.headers["X-Encord-Signature"], called.headers["X-Encord-Timestamp"]
    verify_signature(called.body, signature=signature, timestamp=timestamp, secret=SECRET)
    assert (answer.pathway, answer.trouble, "Origin" in called.headers) == ("Other", "", False)
    task = twin.store.projects[twin.ids.projects["Pets"]].tasks[data]
    assert task.stage == twin.ids.stages["Pets"]["Review"]


@pytest.mark.parametrize("said", [{}, {"decision": " "}, {"decision": "d" * 257}])
def test_a_workflow_without_a_usable_decision_takes_the_first_pathway(
    receiver: Receiver, run_stage: Callable[[], EditorAnswer], said: dict[str, Any]
) -> None:
    receiver.answer = agent_that(**said)

    assert run_stage().pathway == "Cat"


@pytest.mark.parametrize(
    ("status", "decision", "trouble"), [(200, "cat", "no pathway 'cat'"), (500, "Cat", "answered with status 500")]
)
def test_a_workflow_leaves_the_task_where_it_is_when_the_call_fails(
    agent: AgentStage,
    receiver: Receiver,
    run_stage: Callable[[], EditorAnswer],
    status: int,
    decision: str,
    trouble: str,
) -> None:
    receiver.answer = agent_that(status, decision=decision)

    answer = run_stage()

    assert trouble in answer.trouble
    assert len(list(agent.get_tasks())) == 5


def test_a_workflow_calls_no_agent_for_a_task_that_left_its_stage(run_stage: Callable[[], EditorAnswer]) -> None:
    run_stage()

    with pytest.raises(Invalid, match="no task at an agent stage"):
        run_stage()


def test_an_agent_elsewhere_is_not_called(twin: Twin, data: UUID) -> None:
    order = {"trigger": "browser", "url": "https://example.com", "project": str(data), "data_hash": str(data)}

    answer = httpx.post(f"{twin.url}/_twin/editor-agent", json=order, trust_env=False)

    assert (answer.status_code, "use a 127.0.0.1 address" in answer.text) == (400, True)


def test_nobody_listening_is_trouble(twin: Twin, data: UUID) -> None:
    call = BrowserCall(url="http://127.0.0.1:1/", project=twin.ids.projects["Pets"], data_hash=data)

    assert "connection" in twin.call_editor_agent(call).trouble.lower()
