"""Outcomes become log lines and metrics here; nothing else knows Powertools."""

import dataclasses
import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from encord_lambda.errors import Trouble
from encord_lambda.outcomes import (
    Answered,
    Decided,
    Finished,
    Labelled,
    Listed,
    Outcome,
    Postponed,
    Queued,
    Receipted,
    Rejected,
    Routed,
    Scored,
    TakenUp,
    Unlinked,
)

_FAULTS: Final = 500
"""The first status of an answer that says the fault is not the caller's."""
_LONGEST: Final = 250
"""Characters of a dimension's value; CloudWatch takes 1,024."""


@functools.cache
def _logger() -> Logger:
    return Logger()


@functools.cache
def _metrics() -> Metrics:
    return Metrics()


@functools.cache
def _divided() -> dict[tuple[str, str], EphemeralMetrics]:
    """What this invocation counted of each dimension's value."""
    return {}


def record(outcomes: Iterable[Outcome]) -> None:
    """Write one line per outcome, count each kind as a metric (`Labelled`, `Routed`, …), and add what it took.

    Of queued tasks a line has up to a hundred, for a sweep may tell of a hundred thousand. What is counted by pathway,
    cause or stage has that as a dimension of its own: of these a pipeline has few, and CloudWatch bills each.
    Counts are added up first, for each number takes its time.
    """
    counted = defaultdict[tuple[Metrics | EphemeralMetrics, str], float](float)
    try:
        for outcome in outcomes:
            _log(outcome)
            for metrics, name, unit, value in _measured(outcome):
                if unit is MetricUnit.Count:
                    counted[metrics, name] += value
                else:
                    metrics.add_metric(name=name, unit=unit, value=value)
    finally:  # outcomes may come one by one, and what did happen counts even if the next one cannot be told
        for (metrics, name), count in counted.items():
            metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)


def watched[R](handler: Callable[[object, LambdaContext], R]) -> Callable[[object, LambdaContext], R]:
    """Log with the request's id, send the metrics, and report trouble that ends the invocation in one line.

    The trouble is raised again: Lambda then leaves the whole batch on its queue. Powertools reads the environment
    at the first call, not at import.
    """

    @functools.wraps(handler)
    def reporting(event: object, context: LambdaContext) -> R:
        try:
            return handler(event, context)
        except Trouble as trouble:
            _logger().error(f"{type(trouble).__name__}: {trouble.reason}")
            raise
        finally:
            _send_metrics()

    @functools.cache
    def logged() -> Callable[[object, LambdaContext], R]:
        return _logger().inject_lambda_context(reporting)

    return lambda event, context: logged()(event, context)


def _send_metrics() -> None:
    """Write what was counted. Powertools' own decorator warns whenever nothing was."""
    counted: list[Metrics | EphemeralMetrics] = [_metrics(), *_divided().values()]
    for metrics in counted:
        if metrics.metric_set:
            metrics.flush_metrics()
    _divided().clear()


def _log(outcome: Outcome) -> None:
    write = _logger().warning if _is_trouble(outcome) else _logger().info
    told = {field.name: _plain(getattr(outcome, field.name)) for field in dataclasses.fields(outcome)}
    write(type(outcome).__name__, extra=told)


def _is_trouble(outcome: Outcome) -> bool:
    return isinstance(outcome, Rejected | Postponed) or (isinstance(outcome, Answered) and outcome.status >= _FAULTS)


def _measured(outcome: Outcome) -> Iterator[tuple[Metrics | EphemeralMetrics, str, MetricUnit, float]]:
    """That it happened, what it took, and what it comes to."""
    count = len(outcome.tasks) if isinstance(outcome, Queued | TakenUp) else 1
    yield _metrics(), type(outcome).__name__, MetricUnit.Count, count
    yield from ((_metrics(), name, unit, value) for name, unit, value in _amounts(outcome) if value)
    yield from ((_of(by, of), name, unit, value) for by, of, name, unit, value in _shares(outcome))


def _amounts(outcome: Outcome) -> Iterator[tuple[str, MetricUnit, float]]:
    if isinstance(outcome, Decided | Answered | Finished):
        yield "ModelInputTokens", MetricUnit.Count, outcome.input_tokens
        yield "ModelOutputTokens", MetricUnit.Count, outcome.output_tokens
        yield "ModelCostUsd", MetricUnit.NoUnit, outcome.usd
        yield "ModelSeconds", MetricUnit.Seconds, outcome.model_seconds
    if isinstance(outcome, Labelled | Answered | Finished):
        yield "LabelsWritten", MetricUnit.Count, outcome.added + outcome.replaced
    match outcome:
        case Answered():
            yield "EditorSeconds", MetricUnit.Seconds, outcome.seconds
            yield "EditorCallsRefused", MetricUnit.Count, int(400 <= outcome.status < _FAULTS)
            yield "EditorCallsFailed", MetricUnit.Count, int(outcome.status >= _FAULTS)
        case Receipted():
            yield "ObjectsRegistered", MetricUnit.Count, outcome.registered
            yield "ObjectsExisting", MetricUnit.Count, outcome.existing
            yield "ObjectsFailed", MetricUnit.Count, outcome.failed
        case Scored():
            yield "DataUnitsScored", MetricUnit.Count, outcome.new
            yield "RatersBelowTarget", MetricUnit.Count, len(outcome.missed)
        case Unlinked():
            yield "DataUnitsUnlinked", MetricUnit.Count, outcome.data_units


def _shares(outcome: Outcome) -> Iterator[tuple[str, str, str, MetricUnit, float]]:
    """What is counted by a dimension: its name and value, then as in `_amounts`."""
    match outcome:
        case Routed(pathway=pathway):
            yield "pathway", pathway, "Routed", MetricUnit.Count, 1
        case Rejected(cause=cause):
            yield "cause", cause, "Rejected", MetricUnit.Count, 1
        case Decided(stage=stage, confidence=confidence) if confidence is not None:
            yield "stage", stage, "Confidence", MetricUnit.NoUnit, confidence
        case Listed(stage=stage):
            yield "stage", stage, "TasksWaiting", MetricUnit.Count, outcome.waiting
            yield "stage", stage, "OldestTaskSeconds", MetricUnit.Seconds, outcome.oldest_seconds


def _of(dimension: str, value: str) -> EphemeralMetrics:
    if (dimension, value) not in _divided():
        metrics = EphemeralMetrics()
        metrics.add_dimension(dimension, _told(value))
        _divided()[dimension, value] = metrics
    return _divided()[dimension, value]


def _told(value: str) -> str:
    """A title as a dimension's value, which CloudWatch takes in printable ASCII only; others read as in Python."""
    ascii_only = value.encode("unicode_escape").decode().strip().lstrip(":")
    return ascii_only[:_LONGEST] or "-"


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [None if one is None else str(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
