"""What CloudWatch is told about outcomes, as Powertools writes it: one JSON line in its embedded metric format."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda import observability
from encord_lambda.errors import Retry
from encord_lambda.outcomes import (
    Answered,
    Decided,
    Labelled,
    Listed,
    Outcome,
    Receipted,
    Rejected,
    Removed,
    Routed,
    TakenUp,
    Unlinked,
)

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

CONTEXT = cast(
    "LambdaContext",
    SimpleNamespace(function_name="f", memory_limit_in_mb=1, invoked_function_arn="arn", aws_request_id="id"),
)
TASK = UUID(int=1)
FREE = Decided(TASK, "Agent 1", "YES", None, 0.0, 0, 0, 0.0)


@pytest.fixture(autouse=True)
def _a_new_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "encord-lambda")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "EncordLambda")
    _forget()
    yield
    _forget()


def _forget() -> None:
    """Also what other tests counted and never sent: Powertools keeps it for the whole process."""
    observability._metrics().provider.clear_metrics()
    observability._metrics.cache_clear()
    observability._divided().clear()


def lines(outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What an invocation with these outcomes tells CloudWatch."""
    observability.watched(lambda *_: observability.record(outcomes))({}, CONTEXT)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]


def told(outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The line of what is counted for the whole service."""
    written, *_ = lines(outcomes, capsys)
    return written


def divided(outcomes: list[Outcome], by: str, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    """What is counted by a dimension: the metrics of each of its values."""
    found = {}
    for line in lines(outcomes, capsys):
        [block] = line["_aws"]["CloudWatchMetrics"]
        if sorted(block["Dimensions"][0]) == sorted(["service", by]):
            found[line[by]] = {metric["Name"]: line[metric["Name"]] for metric in block["Metrics"]}
    return found


def units(written: dict[str, Any]) -> dict[str, str]:
    [block] = written["_aws"]["CloudWatchMetrics"]
    assert (block["Namespace"], block["Dimensions"]) == ("EncordLambda", [["service"]])
    return {metric["Name"]: metric["Unit"] for metric in block["Metrics"]}


def test_decisions_add_up_what_the_models_took(capsys: pytest.CaptureFixture[str]) -> None:
    decided = Decided(TASK, "Agent 1", "Cat", 0.9, 1.5, 1000, 20, 0.25)

    written = told([decided, decided, FREE], capsys)

    assert units(written) == {
        "Decided": "Count",
        "ModelInputTokens": "Count",
        "ModelOutputTokens": "Count",
        "ModelCostUsd": "None",
        "ModelSeconds": "Seconds",
    }
    assert written["service"] == "encord-lambda"
    assert (written["Decided"], written["ModelInputTokens"], written["ModelOutputTokens"]) == ([3], [2000], [40])
    assert (written["ModelCostUsd"], written["ModelSeconds"]) == ([0.25, 0.25], [1.5, 1.5])


def test_what_happened_counts_although_the_next_cannot_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    def outcomes() -> Iterator[Outcome]:
        yield FREE
        raise Retry("gone")

    with pytest.raises(Retry):
        observability.watched(lambda *_: observability.record(outcomes()))({}, CONTEXT)

    [written] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert written["Decided"] == [1]


def test_a_decision_without_a_model_adds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert units(told([FREE], capsys)) == {"Decided": "Count"}


def test_labels_are_counted_new_and_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    written = told([Labelled(TASK, "Agent 1", added=3, replaced=2, kept=7, outside=1)], capsys)

    assert units(written) == {"Labelled": "Count", "LabelsWritten": "Count"}
    assert written["LabelsWritten"] == [5]


def call(status: int, usage: tuple[float, int, int, float] = (0.0, 0, 0, 0.0), added: int = 0) -> Answered:
    return Answered(status, 2.5, "describe", TASK, TASK, 0, None, None, added, 0, 0, *usage)


def test_calls_of_the_editor_are_counted_by_what_became_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    done = call(200, (1.5, 1000, 20, 0.25), added=2)

    written = told([done, call(401), call(422), call(500), call(503)], capsys)

    counts = {"Answered": [5], "EditorCallsRefused": [2], "EditorCallsFailed": [2], "LabelsWritten": [2]}
    taken = {"ModelInputTokens": [1000], "ModelOutputTokens": [20], "ModelCostUsd": [0.25], "ModelSeconds": [1.5]}
    assert {name: written[name] for name in counts | taken} == counts | taken
    assert written["EditorSeconds"] == [2.5] * 5
    assert units(written)["EditorSeconds"] == "Seconds"
    assert set(units(written)) == {*counts, *taken, "EditorSeconds"}


def test_a_settled_job_adds_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    first = Receipted("one", UUID(int=3), "pets/", 200, 190, 7, 3, "receipts/a.json")
    second = Receipted("two", UUID(int=3), "pets/", 5, 5, 0, 0, "receipts/b.json")

    written = told([first, second], capsys)

    counts = {"Receipted": [2], "ObjectsRegistered": [195], "ObjectsExisting": [7], "ObjectsFailed": [3]}
    assert units(written) == dict.fromkeys(counts, "Count")
    assert {name: written[name] for name in counts} == counts


def test_data_units_that_were_taken_out_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    item, folder = UUID(int=2), UUID(int=3)

    written = told([Unlinked("a.jpg", item, folder, 2), Unlinked("b.jpg", item, folder, 0)], capsys)

    assert (written["Unlinked"], written["DataUnitsUnlinked"]) == ([2], [2])


def test_a_deletion_that_was_only_reported_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert units(told([Removed("a.jpg", UUID(int=3), "as it says")], capsys)) == {"Removed": "Count"}


def test_other_outcomes_are_counted_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert units(told([Routed(TASK, "Agent 1", "Cat", "")], capsys)) == {"Routed": "Count"}


def test_tasks_are_counted_by_the_pathway_they_left_along(capsys: pytest.CaptureFixture[str]) -> None:
    ways = [Routed(TASK, "Agent 1", pathway, "") for pathway in ("Cat", "Dog", "Cat")]

    assert divided([*ways], "pathway", capsys) == {"Cat": {"Routed": [2]}, "Dog": {"Routed": [1]}}


def test_what_is_rejected_is_counted_by_its_cause_and_never_by_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    rejected: list[Outcome] = [
        Rejected("one", "any words"),
        Rejected("two", "others"),
        Rejected("three", "", "given up"),
    ]

    assert divided(rejected, "cause", capsys) == {"refused": {"Rejected": [2]}, "given up": {"Rejected": [1]}}


def test_confidence_is_told_by_stage_and_even_if_there_is_none_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    sure = [Decided(TASK, "Agent 1", "Cat", confidence, 0.0, 0, 0, 0.0) for confidence in (0.9, 0.0, None)]

    assert divided([*sure], "stage", capsys) == {"Agent 1": {"Confidence": [0.9, 0.0]}}


def test_what_waits_is_told_by_stage(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = [Listed(TASK, "Agent 1", 7, 90.0), Listed(TASK, "Agent 2", 1, 5.0)]

    assert divided([*waiting], "stage", capsys) == {
        "Agent 1": {"TasksWaiting": [7], "OldestTaskSeconds": [90]},
        "Agent 2": {"TasksWaiting": [1], "OldestTaskSeconds": [5]},
    }


def test_an_invocation_tells_nothing_of_the_one_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert divided([Routed(TASK, "Agent 1", "Cat", "")], "pathway", capsys) == {"Cat": {"Routed": [1]}}

    assert divided([Removed("a.jpg", UUID(int=3), "as it says")], "pathway", capsys) == {}


def test_tasks_that_are_taken_up_are_counted_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    three = (TASK, TASK, TASK)

    assert told([TakenUp(TASK, "Agent 1", three, three, (TASK, None, None))], capsys)["TakenUp"] == [3]


@pytest.mark.parametrize(
    ("title", "value"), [("Agent 1", "Agent 1"), ("Prüfung", "Pr\\xfcfung"), (":x", "x"), (" ", "-"), ("a\nb", "a\\nb")]
)
def test_a_title_becomes_what_cloudwatch_takes(title: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(divided([Routed(TASK, "Agent 1", title, "")], "pathway", capsys)) == [value]


@given(st.text())
def test_any_title_becomes_printable_ascii_of_some_length(title: str) -> None:
    value = observability._told(title)

    assert value.isascii()
    assert value.isprintable()
    assert value.strip()
    assert not value.startswith(":")
    assert len(value) <= 250


def test_of_more_outcomes_than_fit_into_a_line_none_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    written = lines([Decided(TASK, "Agent 1", "Cat", 0.9, 1.0, 10, 2, 0.5)] * 250, capsys)

    for name, total in {"Decided": 250, "ModelInputTokens": 2500, "ModelCostUsd": 125, "ModelSeconds": 250}.items():
        assert sum(sum(line.get(name, [])) for line in written) == total
