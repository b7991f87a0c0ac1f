"""The dashboard shows what there is: no widget stays empty for a name that nobody emits, and nothing goes unseen."""

import itertools
import re
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox import template as reader
from tests.docs.markdown import ROOT
from tests.template import watched
from tests.template.watched import WHOLE, Metric

OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
EMITTED = watched.emitted()
SHOWN = watched.on_dashboard()
WIDGETS = watched.dashboard()["widgets"]
# Emitted, and on no widget.
UNSEEN = {
    "Registered",  # one an object; ObjectsRegistered is their sum
    "Listed",  # one a stage and sweep; TasksWaiting and OldestTaskSeconds say what was found
}


@dataclass(frozen=True, slots=True)
class Published:
    """What a service of AWS publishes of a resource; `name` is what the template says for its name there."""

    dimension: str
    resource: str
    name: str
    metrics: frozenset[str]


# https://docs.aws.amazon.com, of each service the page on its CloudWatch metrics.
PUBLISHED = {
    "AWS/SQS": Published(
        "QueueName",
        "AWS::SQS::Queue",
        "{}.QueueName",
        frozenset({"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"}),
    ),
    "AWS/Lambda": Published(
        "FunctionName",
        "AWS::Serverless::Function",
        "{}",
        frozenset({"Errors", "Throttles", "Duration", "ConcurrentExecutions"}),
    ),
    "AWS/ApiGateway": Published(
        "ApiId", "AWS::Serverless::HttpApi", "{}", frozenset({"Count", "4xx", "5xx", "Latency"})
    ),
}


def is_there(metric: Metric) -> bool:
    """Whether the code emits it, or AWS of a resource that the template has."""
    if metric.namespace == "EncordLambda":
        told = Metric(metric.namespace, metric.name, metric.dimensions)
        return told in EMITTED and metric.of in ("", "AWS::StackName")
    service = PUBLISHED[metric.namespace]
    named = {service.name.format(resource) for resource in reader.of_type(WHOLE, service.resource)}
    return metric.name in service.metrics and metric.dimensions == {service.dimension} and metric.of in named


def test_what_the_dashboard_shows_is_there() -> None:
    assert [metric for metric in SHOWN if not is_there(metric)] == []


def test_what_the_alarms_watch_is_there() -> None:
    assert [name for name, metric in watched.alarming().items() if not is_there(metric)] == []


@pytest.mark.parametrize(
    "metric",
    [
        Metric("EncordLambda", "Lost", frozenset({"service"}), "AWS::StackName"),
        Metric("EncordLambda", "Queued", frozenset({"service", "stage"})),
        Metric("EncordLambda", "Queued", frozenset({"service"}), "encord-lambda"),
        Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", frozenset({"QueueName"}), "NoQueue.QueueName"),
        Metric("AWS/SQS", "Age", frozenset({"QueueName"}), "TasksQueue.QueueName"),
        Metric("AWS/Lambda", "Errors", frozenset({"QueueName"}), "RunTasksFunction"),
    ],
    ids=lambda metric: f"{metric.name}-{metric.of}",
)
def test_a_metric_that_nobody_emits_would_be_found(metric: Metric) -> None:
    assert not is_there(metric)


def test_what_the_code_emits_is_on_the_dashboard_or_left_out_for_a_reason() -> None:
    shown = {(metric.name, metric.dimensions) for metric in SHOWN}
    unseen = {metric.name for metric in EMITTED if (metric.name, metric.dimensions) not in shown}

    assert unseen == UNSEEN


@pytest.mark.parametrize(
    ("kind", "metric"),
    [
        ("AWS::SQS::Queue", "ApproximateNumberOfMessagesVisible"),
        ("AWS::Serverless::Function", "Errors"),
        ("AWS::Serverless::Function", "Duration"),
        ("AWS::Serverless::Function", "ConcurrentExecutions"),
    ],
)
def test_no_queue_and_no_function_is_forgotten(kind: str, metric: str) -> None:
    assert {one.of.partition(".")[0] for one in SHOWN if one.name == metric} == set(reader.of_type(WHOLE, kind))


def test_it_shows_every_alarm_and_the_trouble_in_every_functions_log() -> None:
    (alarms,) = [widget["properties"]["alarms"] for widget in WIDGETS if widget["type"] == "alarm"]
    (log,) = [widget["properties"]["query"] for widget in WIDGETS if widget["type"] == "log"]

    assert {one.removesuffix(".Arn") for one in alarms} == set(watched.ALARMS)
    assert set(re.findall(r"SOURCE '(\w+)'", log)) == {
        function.replace("Function", "Logs") for function in reader.of_type(WHOLE, "AWS::Serverless::Function")
    }


def test_every_widget_asks_a_question_and_has_its_own_place() -> None:
    assert [widget["properties"]["title"] for widget in WIDGETS if "?" not in widget["properties"]["title"]] == []
    for one, other in itertools.combinations(WIDGETS, 2):
        assert not (_overlap(one, other, "x", "width") and _overlap(one, other, "y", "height"))
    assert all(widget["x"] + widget["width"] <= 24 for widget in WIDGETS)


def test_a_widget_adds_up_what_its_title_says_and_there_is_room_for_it() -> None:
    """Else CloudWatch fits periods to the hours that it shows, and a day's dollars are those of a few minutes."""
    body = watched.dashboard()
    periods = {widget["properties"]["title"]: widget["properties"].get("period") for widget in WIDGETS}

    assert (body["start"], body["periodOverride"]) == ("-P3D", "inherit")
    assert {period for title, period in periods.items() if " a day" in title} == {24 * 3600}
    assert {period for title, period in periods.items() if " an hour" in title} == {3600}


def test_the_documentation_knows_every_metric_with_its_unit_and_dimensions() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \| .+ \|$", _section("Metrics"), re.MULTILINE)
    documented = {(name, unit, frozenset({"service", *re.findall(r"`(\w+)`", by)})) for name, unit, by in rows}

    assert documented == {(metric.name, unit, metric.dimensions) for metric, unit in EMITTED.items()}


def _section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)^## ", OPERATIONS, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def _overlap(one: dict[str, Any], other: dict[str, Any], start: str, size: str) -> bool:
    return bool(one[start] < other[start] + other[size] and other[start] < one[start] + one[size])
