"""What is counted of drawings, and the scores that follow."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from encord_lambda.benchmark.comparing import JUDGED, THRESHOLDS

GIVEN: Final = 0
TRUTH: Final = 1
COUNT_ERROR: Final = 2
MATCHED: Final = 3
"""The first of ten columns, one for each threshold; so are the next two."""
OVERLAP: Final = MATCHED + len(THRESHOLDS)
DICE: Final = OVERLAP + len(THRESHOLDS)
CALLED_OTHER: Final = DICE + len(THRESHOLDS)
"""The first of two columns, one for each judged threshold; so are the next two."""
CALLED_THIS: Final = CALLED_OTHER + len(JUDGED)
MISPLACED: Final = CALLED_THIS + len(JUDGED)
WIDTH: Final = MISPLACED + len(JUDGED)

type Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What became of drawings at a threshold: each of the rater's, and each of the truth's, is one of these."""

    matched: int
    misplaced: int
    """The same object, near the place but not in it: these overlap by a tenth or more."""
    called_this: int
    """Of the rater's: in the place of another object, which the rater took for this one."""
    surplus: int
    """Of the rater's: none of the above."""
    called_other: int
    """Of the truth's: the rater took it for another object."""
    missed: int
    """Of the truth's: none of the above."""


class Tally:
    """Drawings of an object, or of all, on all frames of all data units; micro-averaged where they are of several.

    A threshold is one of `THRESHOLDS`. A score is None where nothing was drawn that it could be a share of.
    """

    def __init__(self, counts: Numbers) -> None:
        self._counts = counts

    @classmethod
    def of(cls, tallies: Iterable["Tally"]) -> "Tally":
        """All in one."""
        return cls(sum((one._counts for one in tallies), np.zeros(WIDTH)))

    @property
    def given(self) -> int:
        """Drawings of the rater's."""
        return int(self._counts[GIVEN])

    @property
    def truth(self) -> int:
        """Drawings of the ground truth's."""
        return int(self._counts[TRUTH])

    @property
    def is_drawn(self) -> bool:
        """Whether there are drawings at all."""
        return self.given + self.truth > 0

    @property
    def count_error(self) -> int:
        """By how many the rater's number of drawings is off, added up over objects and frames, too many or too few."""
        return int(self._counts[COUNT_ERROR])

    def matched(self, threshold: float) -> int:
        """How many of the rater's are in the place of one of the truth's."""
        return int(self._at(MATCHED, threshold))

    def precision(self, threshold: float) -> float | None:
        """Share of the rater's that is matched."""
        return _share(self.matched(threshold), self.given)

    def recall(self, threshold: float) -> float | None:
        """Share of the truth's that is matched."""
        return _share(self.matched(threshold), self.truth)

    def f1(self, threshold: float) -> float | None:
        """Harmonic mean of precision and recall."""
        return _share(2 * self.matched(threshold), self.given + self.truth)

    @property
    def mean_f1(self) -> float | None:
        """F1, averaged over all thresholds."""
        return _share(2 * sum(map(self.matched, THRESHOLDS)) / len(THRESHOLDS), self.given + self.truth)

    def mean_overlap(self, threshold: float) -> float | None:
        """Of the matched, in [threshold, 1]: intersection over union, or what stands for it of points."""
        return _share(self._at(OVERLAP, threshold), self.matched(threshold))

    def mean_dice(self, threshold: float) -> float | None:
        """Of the matched: the common area over the mean of both; of each pair it is 2i/(1+i), i being its overlap."""
        return _share(self._at(DICE, threshold), self.matched(threshold))

    def breakdown(self, threshold: float) -> Breakdown:
        """What became of all drawings at one of `JUDGED`."""
        matched, step = self.matched(threshold), JUDGED.index(threshold)
        this, other, misplaced = (int(self._counts[at + step]) for at in (CALLED_THIS, CALLED_OTHER, MISPLACED))
        surplus, missed = self.given - matched - misplaced - this, self.truth - matched - misplaced - other
        return Breakdown(matched, misplaced, this, surplus, other, missed)

    def _at(self, column: int, threshold: float) -> float:
        return float(self._counts[column + THRESHOLDS.index(threshold)])


class Spread(Counter[tuple[int, int, int]]):
    """How many data units have so many drawings matched (at 0.5), given and true: what intervals are computed from."""

    @property
    def precision(self) -> Counter[tuple[int, int]]:
        """Matched of given."""
        return self._pairs((matched, given, count) for (matched, given, _), count in self.items())

    @property
    def recall(self) -> Counter[tuple[int, int]]:
        """Matched of true."""
        return self._pairs((matched, truth, count) for (matched, _, truth), count in self.items())

    @property
    def f1(self) -> Counter[tuple[int, int]]:
        """Matched of all, each counted on both sides."""
        return self._pairs((2 * matched, given + truth, count) for (matched, given, truth), count in self.items())

    @staticmethod
    def _pairs(counted: Iterable[tuple[int, int, int]]) -> Counter[tuple[int, int]]:
        found = Counter[tuple[int, int]]()
        for successes, tries, count in counted:
            found[successes, tries] += count
        return found


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
