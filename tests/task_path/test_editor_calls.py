"""Odd calls of the Label Editor's API: the right status, a message an annotator understands, and CORS on all of it."""

import json
from collections.abc import Mapping

import pytest

from encord_lambda import wiring
from encord_lambda.encord_platform.workflow import Projects
from sandbox.encord_twin import Fault
from sandbox.scenario.world import PIPELINE
from tests.task_path.conftest import TaskPath
from tests.task_path.editor import ORIGIN, Answered, payload, send, send_through_gateway, written

CAT = "pets/000 Cat.jpg"
FINE: tuple[dict[str, object], ...] = (
    {"frame": None},
    {"frame": 0.0},
    {"objectHashes": None},
    {"objectHashes": []},
    {"new": {"a": [1]}},
)
STRANGERS = [
    "http://app.encord.com",
    "https://app.encord.com:444",
    "https://app.encord.com\n",
    "https://app.encord.com.evil.example",
    "https://appXencord.com",
    "https://eu.encord.com",
    "https://cord-ai-development--x.web.app",
    "https://labels.example.com.evil.example",
    "null",
    "x" * 10_000,
]


@pytest.fixture
def count() -> int:
    return 1


def test_what_encord_may_leave_out_or_add_is_fine(path: TaskPath) -> None:
    for changes in FINE:
        assert send(body=payload(path, CAT) | changes).status == 200, changes
    for content_type in ("application/json; charset=utf-8", "Application/JSON", ""):
        assert send(body=payload(path, CAT), headers={"content-type": content_type}).status == 200, content_type


@pytest.mark.parametrize("encoded", [True, False])
def test_the_gateways_event_is_read_and_its_cors_headers_are_left_to_it(path: TaskPath, encoded: bool) -> None:
    answer = send_through_gateway("/", json.dumps(payload(path, CAT)).encode(), encoded=encoded)

    assert (answer.status, answer.body) == (200, "")
    assert "access-control-allow-origin" not in answer.headers
    assert written(path, CAT)


def test_a_body_that_is_no_text_comes_through_the_gateway(path: TaskPath) -> None:
    assert send_through_gateway("/", b"\xff\xfe{}").status == 400
    assert written(path, CAT) == []


def test_an_odd_address_is_refused_with_a_message(path: TaskPath) -> None:
    for method, address, status in (
        ("POST", "/agents/describe-scene/", 404),
        ("POST", "/nothing", 404),
        ("POST", "/agents", 405),
        ("GET", "/agents/describe-scene", 405),
        ("DELETE", "/agents", 405),
        ("GET", "/", 405),
    ):
        answer = send(address, payload(path, CAT), method)

        assert (answer.status, answer.headers["access-control-allow-origin"]) == (status, ORIGIN), address
        assert answer.message


def test_only_pages_of_label_editors_may_call_and_read(path: TaskPath) -> None:
    for origin in STRANGERS:
        for answer in called_from(path, origin):
            assert answer.status == 403, origin
            assert "access-control-allow-origin" not in answer.headers
            assert answer.headers["vary"] == "Origin"
    assert written(path, CAT) == []

    for origin in ("https://app.encord.com", "https://app.us.encord.com", "https://labels.example.com"):
        asked, answer = called_from(path, origin)
        assert (asked.status, answer.status) == (204, 200), origin
        for one in (asked, answer):
            assert (one.headers["access-control-allow-origin"], one.headers["vary"]) == (origin, "Origin")


def called_from(path: TaskPath, origin: str) -> tuple[Answered, Answered]:
    """What a browser is answered that asks first, and what it is if it does not."""
    asked = send(method="OPTIONS", headers={"origin": origin, "access-control-request-method": "POST"})
    return asked, send(body=payload(path, CAT), headers={"origin": origin})


def test_a_call_from_no_page_at_all_is_answered_without_cors_headers(path: TaskPath) -> None:
    """`curl` of seed 001, and `encord-agents test local`."""
    answer = send(body=payload(path, CAT), headers={"origin": ""})

    assert (answer.status, answer.body) == (200, "")
    assert "access-control-allow-origin" not in answer.headers


def test_both_test_headers_are_let_through_and_answered_without_work(path: TaskPath) -> None:
    path.twin.log.reset()
    for header in ("x-encord-editor-agent", "x-encord-agent"):
        for address in ("/", "/agents/describe-scene", "/agents/describe-scene/some-token"):
            asked = send(address, method="OPTIONS", headers={"access-control-request-headers": header})
            answer = send(address, b"no JSON", headers={header: "test"})

            assert {header, "x-cloud-trace-context"} <= set(asked.headers["access-control-allow-headers"].split(", "))
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
