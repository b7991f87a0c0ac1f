"""Odd calls of the Label Editor's API: the right status, a message an annotator understands, and CORS on all of it."""

import json
from collections.abc import Mapping
from uuid import UUID

import pytest

from encord_lambda import wiring
from encord_lambda.editor_api.calls import LARGEST, MOST_OBJECTS
from encord_lambda.encord_platform.workflow import Projects
from sandbox.encord_twin import Fault
from sandbox.scenario.world import PIPELINE
from tests.task_path.conftest import Json, TaskPath
from tests.task_path.editor import ORIGIN, payload, send, send_through_gateway, written

CAT = "pets/000 Cat.jpg"
DEEP = b'{"projectHash": ' + b"[" * 1_000 + b"]" * 1_000 + b"}"
ODD_BODIES: list[tuple[bytes, int, str]] = [
    (b"", 400, "no JSON that can be read"),
    (b"{", 400, "no JSON that can be read"),
    (b"\xff\xfe{}", 400, "no JSON that can be read"),
    (DEEP, 400, "no JSON that can be read"),
    (b"[" * 100_000, 400, "no JSON that can be read"),
    (b"x" * (LARGEST + 1), 413, "too large"),
    (b"null", 422, "no JSON object"),
    (b"[]", 422, "no JSON object"),
    (b'"call"', 422, "no JSON object"),
    (b"{}", 422, "projectHash: Field required"),
]
ODD_FIELDS: list[tuple[Json, int, str]] = [
    ({"projectHash": None}, 422, "projectHash: "),
    ({"projectHash": 7}, 422, "projectHash: "),
    ({"projectHash": "Pets"}, 422, "projectHash: "),
    ({"projectHash": str(UUID(int=9))}, 403, "does not name this project"),
    ({"dataHash": ""}, 422, "dataHash: "),
    ({"dataHash": ["a"]}, 422, "dataHash: "),
    ({"dataHash": str(UUID(int=9))}, 404, "no such data unit"),
    ({"frame": -1}, 422, "frame: "),
    ({"frame": 0.5}, 422, "frame: "),
    ({"frame": "0"}, 422, "frame: "),
    ({"frame": True}, 422, "frame: "),
    ({"frame": 10**40}, 422, "frame: "),
    ({"frame": 1}, 422, "there is no frame 1"),
    ({"objectHashes": "abc"}, 422, "objectHashes: "),
    ({"objectHashes": [1]}, 422, "objectHashes.0: "),
    ({"objectHashes": [""]}, 422, "objectHashes.0: "),
    ({"objectHashes": ["x" * 101]}, 422, "objectHashes.0: "),
    ({"objectHashes": ["a"] * (MOST_OBJECTS + 1)}, 422, "objectHashes: "),
    ({"objectHashes": ["nowhere1"]}, 422, "an object that you selected is not saved in Encord"),
]


@pytest.fixture
def count() -> int:
    return 1


@pytest.mark.parametrize(("body", "status", "says"), ODD_BODIES, ids=lambda part: str(part)[:20])
def test_a_body_that_is_no_call_is_refused(path: TaskPath, body: bytes, status: int, says: str) -> None:
    path.twin.log.reset()
    answer = send(body=body)

    assert (answer.status, answer.headers["access-control-allow-origin"]) == (status, ORIGIN)
    assert says in answer.message
    assert path.twin.log.count() == 0


@pytest.mark.parametrize(("changes", "status", "says"), ODD_FIELDS, ids=lambda part: str(part)[:40])
def test_a_field_that_is_odd_is_named(path: TaskPath, changes: Json, status: int, says: str) -> None:
    answer = send(body=payload(path, CAT) | changes)

    assert (answer.status, answer.headers["access-control-allow-origin"]) == (status, ORIGIN)
    assert says in answer.message
    assert len(answer.message) <= 256
    assert written(path, CAT) == []


@pytest.mark.parametrize(
    "changes", [{"frame": None}, {"objectHashes": None}, {"objectHashes": []}, {"new": {"a": [1]}}], ids=str
)
def test_what_encord_may_leave_out_or_add_is_fine(path: TaskPath, changes: Json) -> None:
    assert send(body=payload(path, CAT) | changes).status == 200


@pytest.mark.parametrize("encoded", [True, False])
def test_the_gateways_event_is_read_and_its_cors_headers_are_left_to_it(path: TaskPath, encoded: bool) -> None:
    answer = send_through_gateway("/", json.dumps(payload(path, CAT)).encode(), encoded=encoded)

    assert (answer.status, answer.body) == (200, "")
    assert "access-control-allow-origin" not in answer.headers
    assert written(path, CAT)


def test_a_body_that_is_no_text_comes_through_the_gateway(path: TaskPath) -> None:
    assert send_through_gateway("/", b"\xff\xfe{}").status == 400
    assert written(path, CAT) == []


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("application/json; charset=utf-8", 200), ("", 200), ("text/plain", 415), ("application/jsonp", 415)],
)
def test_a_call_must_not_say_it_is_something_else_than_json(path: TaskPath, content_type: str, status: int) -> None:
    assert send(body=payload(path, CAT), headers={"content-type": content_type}).status == status


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("POST", "/agents/sing", 404),
        ("POST", "/agents/" + "s" * 1_000, 404),
        ("POST", "/agents/describe-scene/", 404),
        ("POST", "/nothing", 404),
        ("GET", "/agents/describe-scene", 405),
        ("DELETE", "/agents", 405),
        ("GET", "/", 405),
    ],
)
def test_an_odd_address_is_refused_with_a_message(path: TaskPath, method: str, address: str, status: int) -> None:
    answer = send(address, payload(path, CAT), method)

    assert (answer.status, answer.headers["access-control-allow-origin"]) == (status, ORIGIN)
    assert answer.message


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://app.encord.com", True),
        ("https://app.us.encord.com", True),
        ("https://labels.example.com", True),
        ("http://app.encord.com", False),
        ("https://app.encord.com:444", False),
        ("https://app.encord.com\n", False),
        ("https://app.encord.com.evil.example", False),
        ("https://appXencord.com", False),
        ("https://eu.encord.com", False),
        ("https://cord-ai-development--x.web.app", False),
        ("https://labels.example.com.evil.example", False),
        ("null", False),
        ("x" * 10_000, False),
    ],
)
def test_only_pages_of_label_editors_may_call_and_read(path: TaskPath, origin: str, allowed: bool) -> None:
    asked = send(method="OPTIONS", headers={"origin": origin, "access-control-request-method": "POST"})
    answer = send(body=payload(path, CAT), headers={"origin": origin})

    assert (asked.status, answer.status) == ((204, 200) if allowed else (403, 403))
    for one in (asked, answer):
        assert one.headers.get("access-control-allow-origin") == (origin if allowed else None)
        assert one.headers["vary"] == "Origin"
    assert bool(written(path, CAT)) is allowed


def test_a_call_from_no_page_at_all_is_answered_without_cors_headers(path: TaskPath) -> None:
    """`curl` of seed 001, and `encord-agents test local`."""
    answer = send(body=payload(path, CAT), headers={"origin": ""})

    assert (answer.status, answer.body) == (200, "")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("header", ["X-Encord-Editor-Agent", "X-Encord-Agent"])
@pytest.mark.parametrize("address", ["/", "/agents/describe-scene", "/agents/describe-scene/some-token"])
def test_both_test_headers_are_let_through_and_answered_without_work(path: TaskPath, header: str, address: str) -> None:
    path.twin.log.reset()
    asked = send(address, method="OPTIONS", headers={"access-control-request-headers": header.lower()})
    answer = send(address, b"no JSON", headers={header.lower(): "test"})

    assert header.lower() in asked.headers["access-control-allow-headers"]
    assert "x-cloud-trace-context" in asked.headers["access-control-allow-headers"]
    assert (answer.status, answer.body) == (200, "")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert path.twin.log.count() == 0


def test_a_fault_of_ours_is_answered_with_cors_headers_and_told_by_its_place_alone(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("https://media.example.com/cat.jpg?signature=0123")

    monkeypatch.setattr(Projects, "row", breaks)
    answer = send(body=payload(path, CAT))

    assert (answer.status, answer.headers["access-control-allow-origin"]) == (500, ORIGIN)
    assert answer.message == "the agent failed; its owner finds the reason in the log"
    assert "ZeroDivisionError at test_editor_calls.py" in caplog.text
    assert "signature=0123" not in caplog.text


def test_a_project_the_key_cannot_see_is_refused_without_the_reason(path: TaskPath) -> None:
    hidden = UUID(int=77)
    path.pipeline(PIPELINE.read_text() + f"\n    projects: [{hidden}]\n")
    answer = send(body=payload(path, CAT) | {"projectHash": str(hidden)})

    assert answer.status == 403
    assert answer.message == "Encord does not let this agent open the project; its owner finds the reason in the log"


def test_a_spent_budget_is_told_to_the_annotator(path: TaskPath) -> None:
    budget = {"usd_per_day": 0.0105, "usd_per_million_input_tokens": 1, "usd_per_million_output_tokens": 1}
    path.pipeline(PIPELINE.read_text() + f"\nbudgets: {json.dumps({'openai:gpt-4o': budget})}\n")
    assert send(body=payload(path, CAT)).status == 200
    answer = send(body=payload(path, CAT))

    assert (answer.status, answer.headers["retry-after"]) == (429, "900")
    assert "budget for today is spent" in answer.message


def test_an_encord_that_asks_for_patience_is_busy(path: TaskPath) -> None:
    path.twin.faults.add(Fault(route="labelrow POST", status=429))

    assert send(body=payload(path, CAT)).status == 503


@pytest.mark.usefixtures("path")
def test_the_agents_are_listed_by_name_and_kind_alone() -> None:
    assert send("/agents", method="GET").said == [{"name": "describe-scene", "kind": "describe"}]


def test_an_unreadable_pipeline_is_no_secret_kept_from_the_log(
    path: TaskPath, caplog: pytest.LogCaptureFixture
) -> None:
    path.pipeline("version: 2")
    wiring.pipeline_file.cache_clear()
    answers: Mapping[str, int] = {
        address: send(address, method=method).status for method, address in (("GET", "/agents"), ("POST", "/"))
    }

    assert answers == {"/agents": 500, "/": 500}
    assert "pipeline.yaml:1: version" in caplog.text
