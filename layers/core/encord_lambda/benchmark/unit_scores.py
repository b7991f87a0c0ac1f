"""Scores of data units, and of raters as the mean over theirs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.comparing import THRESHOLDS, Comparison
from encord_lambda.benchmark.counting import SPREAD_AT, alike
from encord_lambda.benchmark.drawings import Column
from encord_lambda.benchmark.submissions import Rater, Submission
from encord_lambda.benchmark.tallies import Numbers, Spread


@dataclass(frozen=True, slots=True)
class UnitScore:
    """How well the objects of one submission are drawn, on all frames together."""

    submission: Submission
    given: int
    truth: int
    matched: tuple[int, ...]
    """At each of `THRESHOLDS`."""
    mistaken: int
    """Drawings that stand for a true one at `SPREAD_AT`, but are mislabelled or misplaced."""

    @property
    def both_empty(self) -> bool:
        """Whether nothing was drawn where nothing is."""
        return self.given + self.truth == 0

    def f1(self, threshold: float) -> float:
        """In [0, 1]; 1 where both are empty."""
        return 1.0 if self.both_empty else 2 * self.matched[THRESHOLDS.index(threshold)] / (self.given + self.truth)

    @property
    def mean_f1(self) -> float:
        """Averaged over all thresholds."""
        return sum(map(self.f1, THRESHOLDS)) / len(THRESHOLDS)


@dataclass(slots=True)
class UnitCounts:
    """A rater's data units."""

    units: int = 0
    both_empty: int = 0
    """Of these: nothing was drawn where nothing is."""
    prelabelled: int = 0
    """Of these: the rater saw a model's labels first."""
    f1: Numbers = field(default_factory=lambda: np.zeros(len(THRESHOLDS)))
    """F1 of each data unit, added up, at each of `THRESHOLDS`; 1 where both are empty."""
    spread: Spread = field(default_factory=Spread)

    def merge(self, other: "UnitCounts") -> None:
        """Add another's."""
        self.units += other.units
        self.both_empty += other.both_empty
        self.prelabelled += other.prelabelled
        self.f1 = self.f1 + other.f1
        self.spread.update(other.spread)


type ByRater = defaultdict[Rater, UnitCounts]


def count(comparison: Comparison, into: ByRater) -> None:
    """Count the submissions of a batch."""
    raters = [one.rater for one in comparison.submissions]
    known = {rater: number for number, rater in enumerate(dict.fromkeys(raters))}
    whose = np.array([known[rater] for rater in raters])
    prelabelled = np.array([one.prelabelled for one in comparison.submissions])
    given, truth, matched = _columns(comparison)
    f1 = 2 * matched / np.maximum(given + truth, 1)
    f1[:, given + truth == 0] = 1.0
    for rater, number in known.items():
        here, counts = whose == number, into[rater]
        counts.units += int(here.sum())
        counts.both_empty += int((given + truth == 0)[here].sum())
        counts.prelabelled += int(prelabelled[here].sum())
        counts.f1 = counts.f1 + f1[:, here].sum(axis=1)
        at = THRESHOLDS.index(SPREAD_AT)
        for (ours, mine, true), units in alike([matched[at, here], given[here], truth[here]]):
            counts.spread[ours, mine, true] += units


def scores(comparison: Comparison) -> Iterator[UnitScore]:
    """The submissions of a batch one by one."""
    given, truth, matched = _columns(comparison)
    judged = comparison.judged[SPREAD_AT]
    wrong = comparison.pairs.given[np.concatenate((judged.mislabelled, judged.misplaced))]
    mistaken = np.bincount(comparison.given.submission[wrong], minlength=len(given))
    columns = given.tolist(), truth.tolist(), map(tuple, matched.T.tolist()), mistaken.tolist()
    return (UnitScore(*row) for row in zip(comparison.submissions, *columns, strict=True))


def judgements(comparison: Comparison) -> Iterator[Judgement]:
    """Each drawing of a model's: right is what is matched at `SPREAD_AT`."""
    is_model = np.array([one.rater.kind == "model" for one in comparison.submissions], dtype=bool)
    right = set(comparison.pairs.given[comparison.right[SPREAD_AT]].tolist())
    for place in np.flatnonzero(is_model[comparison.given.submission]).tolist():
        thing, placement = comparison.given.drawn[place]
        yield Judgement(thing.object, placement.confidence, place in right)


def _columns(comparison: Comparison) -> tuple[Column, Column, Column]:
    """By submission: drawings given and true, and matched at each threshold."""
    units = len(comparison.submissions)
    of_pairs = comparison.given.submission[comparison.pairs.given]
    matched = [np.bincount(of_pairs[comparison.right[one]], minlength=units) for one in THRESHOLDS]
    given = np.bincount(comparison.given.submission, minlength=units)
    return given, np.bincount(comparison.truth.submission, minlength=units), np.stack(matched)
