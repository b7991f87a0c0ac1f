"""Who labels how well, over everything that was asked of them: the leaderboard.

A try is one thing that had to be told right: an answer (of videos, on a frame) or an object on a frame. An object is
right if it is where it should be (an overlap of 0.5 or more) and called what it is. One that is called something else
or is near its place is one wrong try; so is one that is missed, and one that is not there.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, Self

from encord_lambda.benchmark.intervals import Interval, Tally, clustered
from encord_lambda.benchmark.submissions import Rater, RaterKind
from encord_lambda.labels.records import Record


@dataclass(slots=True)
class RaterTally:
    """What is counted of a rater, by data unit."""

    units: Counter[tuple[int, int]] = field(default_factory=Counter)
    """How many data units have so many right of so many tries; at least one."""
    unaided: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Of these: the rater saw no model's labels first."""
    both_empty: int = 0
    """Data units without a try: nothing was true and nothing was given."""
    prelabelled: int = 0
    """Data units whose rater saw a model's labels first, empty ones among them."""

    def add(self, right: int, tried: int, *, prelabelled: bool) -> None:
        """Count a data unit."""
        self.prelabelled += prelabelled
        if not tried:
            self.both_empty += 1
            return
        self.units[right, tried] += 1
        if not prelabelled:
            self.unaided[right, tried] += 1


class Share(Record):
    """A share that was counted over data units."""

    right: int
    tried: int
    value: float
    """In [0, 1]."""
    interval: Interval
    """Holds the true share with a probability of 95 %, with data units as what was drawn at random."""

    @classmethod
    def of(cls, units: Tally) -> Self | None:
        """None where nothing was tried."""
        if not (interval := clustered(units)):
            return None
        right, tried = (sum(each[side] * count for each, count in units.items()) for side in (0, 1))
        return cls(right=right, tried=tried, value=right / tried, interval=interval)


class Standing(Record):
    """A rater's line."""

    rater: str
    kind: RaterKind
    rank: int | None
    """1 is the best; raters of the same accuracy share one. None where too few data units are scored to tell."""
    accuracy: Share | None
    units: int
    """Data units that count in the accuracy."""
    both_empty: int
    prelabelled: int
    unaided: Share | None
    """The accuracy without data units whose rater saw a model's labels first; None where there are none of these, or
    no others."""
    surely_better: bool | None
    """Whether the interval lies above that of whoever is ranked next; None if nobody is."""
    target: Literal["reached", "missed", "open"] | None
    """Surely reached, if all of the interval is at or above the target; surely missed, if all of it is below and
    enough data units are scored; else open. None where there is no target."""


def leaderboard(
    tallies: Mapping[Rater, RaterTally], least_units: int, target: float | None = None
) -> tuple[Standing, ...]:
    """Those ranked, best first; then those with too few data units, in the order of their names."""
    lines = [_unranked(rater, tally, least_units, target) for rater, tally in tallies.items()]
    known = [line for line in lines if line.accuracy and line.units >= least_units]
    others = [line for line in lines if line not in known]
    return (*_ranked(sorted(known, key=_best)), *sorted(others, key=lambda line: (line.rater, line.kind)))


def _unranked(rater: Rater, tally: RaterTally, least_units: int, target: float | None) -> Standing:
    accuracy, units = Share.of(tally.units), tally.units.total()
    return Standing(
        rater=rater.name,
        kind=rater.kind,
        rank=None,
        accuracy=accuracy,
        units=units,
        both_empty=tally.both_empty,
        prelabelled=tally.prelabelled,
        unaided=Share.of(tally.unaided) if tally.unaided != tally.units else None,
        surely_better=None,
        target=_against(target, accuracy, enough=units >= least_units),
    )


def _against(
    target: float | None, accuracy: Share | None, *, enough: bool
) -> Literal["reached", "missed", "open"] | None:
    if target is None:
        return None
    if accuracy and accuracy.interval.low >= target:
        return "reached"
    return "missed" if accuracy and enough and accuracy.interval.high < target else "open"


def _best(line: Standing) -> tuple[float, str, str]:
    return -_value(line), line.rater, line.kind


def _value(line: Standing) -> float:
    return line.accuracy.value if line.accuracy else 0.0


def _ranked(best_first: Sequence[Standing]) -> list[Standing]:
    better = [_is_surely_better(*both) for both in pairwise(best_first)]
    values = [_value(line) for line in best_first]
    return [
        line.model_copy(update={"rank": values.index(value) + 1, "surely_better": surely})
        for line, value, surely in zip(best_first, values, [*better, None], strict=False)
    ]


def _is_surely_better(one: Standing, other: Standing) -> bool:
    return bool(one.accuracy and other.accuracy and one.accuracy.interval.low > other.accuracy.interval.high)
