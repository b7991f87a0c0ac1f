"""Outcomes become log lines and metrics here; nothing else knows Powertools."""

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from encord_lambda.errors import Trouble
from encord_lambda.outcomes import (
    Answered,
    Decided,
    Finished,
    Labelled,
    Outcome,
    Postponed,
    Queued,
    Receipted,
    Rejected,
    Scored,
    Unlinked,
)

_FAULTS: Final = 500
"""The first status of an answer that says the fault is not the caller's."""


@functools.cache
def _logger() -> Logger:
    return Logger()


@functools.cache
def _metrics() -> Metrics:
    return Metrics()


def record(outcomes: Iterable[Outcome]) -> None:
    """Write one line per outcome, count each kind as a metric (`Labelled`, `Routed`, …), and add what it took.

    Of queued tasks a line has up to a hundred, for a sweep may tell of a hundred thousand.
    """
    for outcome in outcomes:
        kind = type(outcome).__name__
        write = _logger().warning if _is_trouble(outcome) else _logger().info
        write(kind, extra={field.name: _plain(getattr(outcome, field.name)) for field in dataclasses.fields(outcome)})
        count = len(outcome.tasks) if isinstance(outcome, Queued) else 1
        _metrics().add_metric(name=kind, unit=MetricUnit.Count, value=count)
        for name, unit, value in _amounts(outcome):
            if value:
                _metrics().add_metric(name=name, unit=unit, value=value)


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
    """Write what was counted. Powertools' own decorator warns whenever nothing was, as in most sweeps."""
    if _metrics().metric_set:
        _metrics().flush_metrics()


def _is_trouble(outcome: Outcome) -> bool:
    return isinstance(outcome, Rejected | Postponed) or (isinstance(outcome, Answered) and outcome.status >= _FAULTS)


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


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(map(str, value))
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
