"""Whether objects are followed through a video: IDF1 (Ristani et al. 2016) and how long both sides see the same.

A rater's track and a true one of the same object are assigned to each other, one to one, so that on as many frames as
possible both are drawn and overlap by 0.5 or more; of equal ones, so that they overlap most. IDF1 is the harmonic mean
of the shares of the rater's and of the true drawings on those frames. Data units of one frame have no tracks.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields, replace
from typing import Final

import numpy as np

from encord_lambda.benchmark.comparing import Comparison
from encord_lambda.benchmark.drawings import Cells, Column, Drawings, Mask
from encord_lambda.benchmark.matching import ROUNDING, heaviest
from encord_lambda.benchmark.tallies import Numbers

SAME: Final = 0.5


@dataclass(frozen=True, slots=True)
class TrackScore:
    """Tracks of an object, or of all."""

    given: int = 0
    truth: int = 0
    matched: int = 0
    """Tracks that are assigned to each other."""
    drawings_given: int = 0
    drawings_truth: int = 0
    drawings_matched: int = 0
    """On frames where tracks that are assigned to each other overlap by 0.5 or more."""
    together: float = 0.0
    """Temporal overlap of assigned tracks, added up: frames where both are drawn over frames where one is."""

    def __add__(self, other: "TrackScore") -> "TrackScore":
        return TrackScore(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def idf1(self) -> float | None:
        """In [0, 1]; None where there are no tracks."""
        drawings = self.drawings_given + self.drawings_truth
        return 2 * self.drawings_matched / drawings if drawings else None

    @property
    def temporal_iou(self) -> float | None:
        """Mean over the tracks that are assigned to each other, in (0, 1]; None where there are none."""
        return self.together / self.matched if self.matched else None


class TrackCounts:
    """Tracks of each rater's objects, numbered by `cells`."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._scores: dict[int, TrackScore] = {}

    def add(self, comparison: Comparison) -> None:
        """Count the tracks of a batch."""
        long = np.array([one.unit.frames > 1 for one in comparison.submissions], dtype=bool)
        if long.any():
            table = _counted(comparison, long, len(self._cells.names))
            for cell in np.flatnonzero(table.any(axis=1)).tolist():
                *counts, together = table[cell].tolist()
                self._scores[cell] = self.score(cell) + replace(TrackScore(*map(int, counts)), together=together)

    def merge(self, other: "TrackCounts", number: Mapping[int, int]) -> None:
        """Add another's, whose cells are numbered otherwise."""
        for theirs, score in other._scores.items():
            self._scores[number[theirs]] = self.score(number[theirs]) + score

    def score(self, cell: int) -> TrackScore:
        """What was counted of a rater's object."""
        return self._scores.get(cell, TrackScore())


def _counted(comparison: Comparison, long: Mask, cells: int) -> Numbers:
    """The fields of `TrackScore`, by cell."""
    given, truth = comparison.given, comparison.truth
    mine, true, frames = _assigned(comparison, long)
    table = np.zeros((cells, len(fields(TrackScore))))
    for column, side in enumerate((given, truth)):
        here = long[side.submission]
        _, first = np.unique(side.track[here], return_index=True)
        table[:, column] = np.bincount(side.cell[here][first], minlength=cells)
        table[:, 3 + column] = np.bincount(side.cell[here], minlength=cells)
    cell = _cell_of(given, mine)
    table[:, 2] = np.bincount(cell, minlength=cells)
    table[:, 5] = np.bincount(cell, frames, cells)
    table[:, 6] = np.bincount(cell, _together(given, truth, mine, true), cells)
    return table


def _assigned(comparison: Comparison, long: Mask) -> tuple[Column, Column, Numbers]:
    """Tracks of both sides that belong together, and the number of frames on which they overlap enough."""
    pairs, given, truth = comparison.pairs, comparison.given, comparison.truth
    here = pairs.same & (pairs.overlap >= SAME - ROUNDING) & long[given.submission[pairs.given]]
    tracks = np.stack((given.track[pairs.given[here]], truth.track[pairs.truth[here]]))
    (mine, true), each, frames = np.unique(tracks, axis=1, return_inverse=True, return_counts=True)
    # One frame more outweighs all overlaps together, of which each is at most 1.
    weights = frames + np.bincount(each, pairs.overlap[here], len(frames)) / (len(each) + 1)
    chosen = heaviest(mine, true, weights)
    return mine[chosen], true[chosen], frames[chosen].astype(float)


def _together(given: Drawings, truth: Drawings, mine: Column, true: Column) -> Numbers:
    """Temporal overlap of tracks that belong together."""
    ours, theirs = _frames(given, mine), _frames(truth, true)
    both = [(ours[one], theirs[other]) for one, other in zip(mine.tolist(), true.tolist(), strict=True)]
    return np.array([len(one & other) / len(one | other) for one, other in both])


def _frames(drawings: Drawings, tracks: Column) -> dict[int, set[int]]:
    """The frames of some tracks."""
    found: dict[int, set[int]] = {track: set() for track in tracks.tolist()}
    here = np.isin(drawings.track, tracks)
    for track, scene in zip(drawings.track[here].tolist(), drawings.scene[here].tolist(), strict=True):
        found[track].add(scene)
    return found


def _cell_of(drawings: Drawings, tracks: Column) -> Column:
    """The cells of some tracks."""
    known, first = np.unique(drawings.track, return_index=True)
    return np.asarray(drawings.cell[first][np.searchsorted(known, tracks)])
