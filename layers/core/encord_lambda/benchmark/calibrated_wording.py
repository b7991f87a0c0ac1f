"""A calibration as plain text."""

from collections.abc import Iterator

from encord_lambda.benchmark.calibrated import Promise, StageCalibration
from encord_lambda.benchmark.calibration import Threshold
from encord_lambda.benchmark.proposing import ALL
from encord_lambda.benchmark.whatif import WhatIf
from encord_lambda.config_classify import Classify
from encord_lambda.config_prelabel import Prelabel, limit
from encord_lambda.shadow_report.wording import NOTHING, Cells, percent, table


def text(one: StageCalibration, promise: Promise) -> Iterator[str]:
    """A stage, line by line."""
    yield f"Stage '{one.stage}' ({one.before.kind}): {one.tasks:,} tasks judged"
    if not one.tasks:
        return
    if one.why_none:
        yield f"  {one.why_none}."
    else:
        yield from _thresholds(one)
    yield ""
    yield f"Of 1,000 tasks, at {promise.seconds:g} seconds a review:"
    heads = ("precision", "without a person", "share", "wrong", f"at most ({promise.confidence:g})", "hours saved")
    yield from table([heads, *(_what_if(each, promise) for each in one.what_if)])


def _thresholds(one: StageCalibration) -> Iterator[str]:
    limits = ("unsure below", "today") if isinstance(one.before, Classify) else ("accept", "today", "review", "today")
    heads = ("class", *limits, "judged", "accepted", "errors", "precision", "")
    yield from table([heads, *(_threshold(each, one) for each in one.thresholds)])


def _threshold(one: Threshold, stage: StageCalibration) -> Cells:
    bound = NOTHING if one.precision_at_least is None else f"≥ {one.precision_at_least:.4f}"
    counts = (f"{one.judged:,}", f"{one.accepted:,}", f"{one.errors:,}")
    return (one.label, *_limits(one, stage), *counts, bound, _why_none(one, stage))


def _limits(one: Threshold, stage: StageCalibration) -> Cells:
    before, after = stage.before, stage.after
    if isinstance(before, Prelabel) and isinstance(after, Prelabel):
        numbers = (after.accept, before.accept, after.review, before.review)
        return tuple(f"{limit(each, one.label):g}" for each in numbers)
    if isinstance(before, Classify) and isinstance(after, Classify) and one.label == ALL:
        return _number(after.unsure_below), _number(before.unsure_below)
    return (NOTHING if one.accept is None else f"> {one.accept:g}"), ""


def _why_none(one: Threshold, stage: StageCalibration) -> str:
    if one.accept is not None:
        return ""
    if one.judged < one.needed:
        return f"too few: {one.needed:,} faultless ones are needed; today's limit stays"
    stays = "today's limit stays" if isinstance(stage.before, Classify) else "none is accepted"
    return f"no limit is good enough; {stays}"


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:g}"


def _what_if(one: WhatIf, promise: Promise) -> Cells:
    name = "as today" if one.precision is None else f"{one.precision:g}"
    asked = " (asked)" if one.precision == promise.precision else ""
    return (
        f"{name}{asked}",
        f"{one.accepted:,} of {one.tasks:,}",
        percent(one.accepted_share),
        *(_tenths(each) for each in (one.errors_per_1000, one.errors_per_1000_at_most, one.hours_saved_per_1000)),
    )


def _tenths(value: float | None) -> str:
    return NOTHING if value is None else f"{value:,.1f}"
