"""Whether a model's confidences are what they say: of all that is given with 0.9, nine in ten should be right."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Final

from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.intervals import Interval, wilson
from encord_lambda.labels.records import Record

TENTHS: Final = 10


class Tenth(Record):
    """What was given with a confidence of at least `least` and less than a tenth more; the last one includes 1."""

    least: float
    judged: int
    right: int
    confidence: float
    """The mean."""
    accuracy: float
    interval: Interval
    """Of the accuracy, as if each was judged independently."""


class Reliability(Record):
    """All of it."""

    judged: int
    tenths: tuple[Tenth, ...]
    """By rising confidence; those without judgements are left out."""
    calibration_error: float
    """How far accuracy and confidence are apart in the mean over judgements, tenth by tenth, in [0, 1] (expected
    calibration error, Guo et al. 2017)."""


def reliability(judgements: Iterable[Judgement]) -> Reliability | None:
    """None where nothing was judged."""
    parts: list[list[Judgement]] = [[] for _ in range(TENTHS)]
    for one in judgements:
        parts[min(int(one.confidence * TENTHS), TENTHS - 1)].append(one)
    tenths = tuple(_tenth(place / TENTHS, part) for place, part in enumerate(parts) if part)
    judged = sum(one.judged for one in tenths)
    if not judged:
        return None
    error = sum(one.judged * abs(one.accuracy - one.confidence) for one in tenths) / judged
    return Reliability(judged=judged, tenths=tenths, calibration_error=error)


def _tenth(least: float, part: Sequence[Judgement]) -> Tenth:
    right = sum(one.right for one in part)
    return Tenth(
        least=least,
        judged=len(part),
        right=right,
        confidence=fmean(one.confidence for one in part),
        accuracy=right / len(part),
        interval=wilson(right, len(part)),
    )
