"""From a report to how far it is in doubt, of each annotator and class, that the target is reached.

So `encord_lambda.agents.doubts` has more tasks drawn for the benchmark where more is to be learned.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from statistics import fmean

from encord_lambda.agents.doubts import UNKNOWN, Doubts
from encord_lambda.benchmark.intervals import Interval, wilson
from encord_lambda.benchmark.report import DrawingReport, QuestionReport, Report

type Measured = tuple[Interval | None, int]
"""Where a share is, and of how many."""


def doubts(report: Report) -> Doubts:
    """By annotator and class, and the mean of the annotators' as the one about any of them.

    An annotator is measured by the leaderboard's accuracy. A class is measured by how often it was right where an
    annotator gave it, and the doubt about it is the mean over annotators; frames of videos count as if each were drawn
    for itself. Models do not count.
    """
    if report.target is None:
        return Doubts(version=1, overall=None, annotators={}, classes={})
    people = [line for line in report.leaderboard if line.kind == "annotator"]
    annotators = {
        line.rater: doubt(
            line.accuracy.interval if line.accuracy else None, line.units, report.target, report.least_units
        )
        for line in people
    }
    found = defaultdict[str, list[float]](list)
    for title, (interval, tried) in chain(_options(report), _objects(report)):
        found[title].append(doubt(interval, tried, report.target, report.least_units))
    return Doubts(
        version=1,
        overall=fmean(annotators.values()) if annotators else None,
        annotators=annotators,
        classes={title: fmean(all_of_them) for title, all_of_them in sorted(found.items())},
    )


def doubt(interval: Interval | None, tried: int, target: float, enough: int) -> float:
    """How far it is in doubt that a share reaches the target, in [0, 1].

    It is the part of the interval that lies below the target. With fewer tries than `enough` it is drawn towards
    `UNKNOWN` in proportion. It never rises as either bound of the interval does, nor with more tries.
    """
    if interval is None:
        return UNKNOWN
    below, width = target - interval.low, interval.high - interval.low
    part = min(max(below / width, 0.0), 1.0) if width > 0 else float(below > 0)
    known = min(tried / enough, 1.0)
    return min(known * part + (1 - known) * UNKNOWN, 1.0)


def _options(report: Report) -> Iterator[tuple[str, Measured]]:
    for question in report.questions:
        if question.kind == "annotator" and question.type == "radio" and len(question.question) == 1:
            yield from _given(question)


def _given(question: QuestionReport) -> Iterator[tuple[str, Measured]]:
    for option in question.options:
        said = [one for one in question.confusion if one.given == option.option]
        if tried := sum(one.count for one in said):
            right = sum(one.count for one in said if one.truth == one.given)
            yield option.option, (wilson(right, tried), tried)


def _objects(report: Report) -> Iterator[tuple[str, Measured]]:
    yield from chain.from_iterable(_drawn(one) for one in report.drawings if one.kind == "annotator")


def _drawn(drawing: DrawingReport) -> Iterator[tuple[str, Measured]]:
    yield from (
        (one.object, (one.precision_interval, one.given)) for one in drawing.objects if one.object and one.given
    )
