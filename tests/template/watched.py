"""The metrics there are, by running the code, and those that dashboard and alarms name, as the template says them."""

import functools
import io
import itertools
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints
from uuid import UUID, uuid4

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics

from encord_lambda import observability
from encord_lambda.outcomes import Answered, Outcome
from sandbox import template as reader

WHOLE = reader.load()
ALARMS = reader.of_type(WHOLE, "AWS::CloudWatch::Alarm")
EXAMPLES: dict[Any, Any] = {str: "a", int: 3, float: 1.5, UUID: UUID(int=1)}
_SEARCH = re.compile(r"""SEARCH\('\{(\w+),([\w,]+)\} service="AWS::StackName" MetricName="(\w+)"', '(\w+)', \d+\)""")


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; `of` is the value of its dimension where the template says it."""

    namespace: str
    name: str
    dimensions: frozenset[str]
    of: str = ""


def examples() -> Iterator[Outcome]:
    """An outcome of every kind with something in each field, and a call that failed in either way."""
    for kind in Outcome.__args__:
        yield kind(**{name: _example(hint) for name, hint in get_type_hints(kind).items()})
    call = {name: _example(hint) for name, hint in get_type_hints(Answered).items()}
    yield from (Answered(**call | {"status": status}) for status in (404, 500))


def emitted() -> dict[Metric, str]:
    """What CloudWatch is told of them, and in which unit."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.setenv("POWERTOOLS_SERVICE_NAME", "stack")
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", "EncordLambda")
        # Of this call alone: what other tests log and count in this process is theirs.
        patch.setattr(observability, "_logger", lambda: Logger(service=uuid4().hex, stream=io.StringIO()))
        patch.setattr(observability, "_metrics", functools.cache(EphemeralMetrics))
        patch.setattr(observability, "_divided", functools.cache(dict))
        observability.record(examples())
        observability._send_metrics()
    lines = [json.loads(line) for line in printed.getvalue().splitlines() if '"_aws"' in line]
    return {
        Metric(block["Namespace"], metric["Name"], frozenset(dimensions)): metric["Unit"]
        for line in lines
        for block in line["_aws"]["CloudWatchMetrics"]
        for metric, dimensions in itertools.product(block["Metrics"], block["Dimensions"])
    }


def dashboard() -> dict[str, Any]:
    """The dashboard as CloudWatch gets it, but that `${A.B}` is `A.B`."""
    (one,) = reader.of_type(WHOLE, "AWS::CloudWatch::Dashboard").values()
    text = re.sub(r"\$\{([\w.:]+)\}", r"\1", one["DashboardBody"]["Fn::Sub"]).replace("${!", "${")
    body = json.loads(text)
    assert isinstance(body, dict)
    return body


def on_dashboard() -> set[Metric]:
    """The metrics its widgets show."""
    widgets = [widget["properties"] for widget in dashboard()["widgets"] if widget["type"] == "metric"]
    return {_shown(metric) for widget in widgets for metric in widget["metrics"]}


def alarming() -> dict[str, Metric]:
    """The metric of each alarm."""
    return {name: _watched(alarm) for name, alarm in ALARMS.items()}


def _shown(metric: list[Any]) -> Metric:
    if isinstance(metric[0], dict):
        found = _SEARCH.fullmatch(metric[0]["expression"])
        assert found, metric
        return Metric(found[1], found[3], frozenset(found[2].split(",")))
    namespace, name, *dimensions = [part for part in metric if not isinstance(part, dict)]
    return Metric(namespace, name, frozenset(dimensions[::2]), dimensions[-1])


def _watched(alarm: dict[str, Any]) -> Metric:
    (dimension,) = alarm["Dimensions"]
    value = dimension["Value"]
    of = value["Ref"] if "Ref" in value else ".".join(value["Fn::GetAtt"])
    return Metric(alarm["Namespace"], alarm["MetricName"], frozenset({dimension["Name"]}), of)


def _example(hint: Any) -> Any:
    if hint in EXAMPLES:
        return EXAMPLES[hint]
    if hasattr(hint, "__value__"):
        return get_args(hint.__value__)[0]
    first, *_ = get_args(hint)
    return (_example(first),) if getattr(hint, "__origin__", None) is tuple else _example(first)
