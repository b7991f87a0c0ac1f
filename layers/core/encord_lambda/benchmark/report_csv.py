"""A report as one table for spreadsheets: a row for each rater, question, option and object."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from encord_lambda.benchmark.comparing import THRESHOLDS
from encord_lambda.benchmark.intervals import Interval
from encord_lambda.benchmark.report import DrawingReport, ObjectReport, QuestionReport, Report
from encord_lambda.benchmark.standings import Standing

COLUMNS: Final = (
    *("benchmark", "at", "level", "rater", "kind", "name", "option", "rank", "target", "units", "prelabelled"),
    *("both_empty", "places", "truth", "given", "accuracy", "low", "high", "unaided", "closeness", "precision"),
    *("recall", "f1", "iou", "precision_75", "recall_75", "f1_75", "mean_f1", "macro_f1", "kappa", "agreement"),
    *("count_error", "matched", "misplaced", "mislabelled", "surplus", "missed", "average_precision", "idf1"),
)
"""`level` says what the row is about: rater, question, option, drawings (all objects of a rater), object or attribute.
`low` and `high` are the 95 % interval of the accuracy; of drawings and objects, of F1."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes a cell for a formula by; the last four are the first in full width (OWASP)."""

type Cell = str | int | float | None
type Row = Mapping[str, Cell]


def table(report: Report) -> str:
    """With a header, and CR LF at the ends of lines (RFC 4180). What would be a formula begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    above: Row = {"benchmark": report.benchmark, "at": report.at.isoformat()}
    for row in _rows(report):
        writer.writerow({column: _harmless(value) for column, value in {**above, **row}.items()})
    return text.getvalue()


def _harmless(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _rows(report: Report) -> Iterator[Row]:
    yield from map(_standing, report.leaderboard)
    for question in report.questions:
        yield from _question("question", question)
    for rater in report.drawings:
        yield from _drawings(rater)


def _standing(one: Standing) -> Row:
    return {
        "level": "rater",
        "rater": one.rater,
        "kind": one.kind,
        "rank": one.rank,
        "target": one.target,
        "units": one.units,
        "prelabelled": one.prelabelled,
        "both_empty": one.both_empty,
        "places": one.accuracy.tried if one.accuracy else 0,
        "accuracy": one.accuracy.value if one.accuracy else None,
        "unaided": one.unaided.value if one.unaided else None,
        **_interval(one.accuracy.interval if one.accuracy else None),
    }


def _question(level: str, one: QuestionReport) -> Iterator[Row]:
    about: Row = {"rater": one.rater, "kind": one.kind, "name": " / ".join(one.question)}
    yield {
        **about,
        "level": level,
        "places": one.places,
        "accuracy": one.accuracy,
        "closeness": one.closeness,
        "macro_f1": one.macro_f1,
        "kappa": one.kappa,
        "agreement": one.agreement,
        **_interval(one.interval),
    }
    for option in one.options:
        yield {
            **about,
            "level": "option",
            "option": option.option,
            "truth": option.truths,
            "precision": option.precision,
            "recall": option.recall,
            "f1": option.f1,
            "iou": option.iou,
            "kappa": option.kappa,
        }


def _drawings(one: DrawingReport) -> Iterator[Row]:
    about: Row = {"rater": one.rater, "kind": one.kind}
    yield {**about, "level": "drawings", "both_empty": one.both_empty, "macro_f1": one.macro_f1, **_object(one.total)}
    for each in one.objects:
        yield {**about, "level": "object", "name": each.object, **_object(each)}
    for question in one.attributes:
        yield from _question("attribute", question)


def _object(one: ObjectReport) -> Row:
    half, three_quarters = (one.levels[THRESHOLDS.index(threshold)] for threshold in (0.5, 0.75))
    return {
        "truth": one.truth,
        "given": one.given,
        "precision": half.precision,
        "recall": half.recall,
        "f1": half.f1,
        "iou": one.mean_overlap,
        "precision_75": three_quarters.precision,
        "recall_75": three_quarters.recall,
        "f1_75": three_quarters.f1,
        "mean_f1": one.mean_f1,
        "count_error": one.count_error,
        "matched": one.breakdown.matched,
        "misplaced": one.breakdown.misplaced,
        "mislabelled": one.breakdown.called_this,
        "surplus": one.breakdown.surplus,
        "missed": one.breakdown.missed,
        "average_precision": one.average_precision.ap if one.average_precision else None,
        "idf1": one.idf1,
        **_interval(one.f1_interval),
    }


def _interval(one: Interval | None) -> Row:
    return {"low": one.low, "high": one.high} if one else {}
