"""Comparisons, counted by rater and object: a small table however many there are."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from encord_lambda.benchmark import tallies
from encord_lambda.benchmark.comparing import JUDGED, THRESHOLDS, Comparison
from encord_lambda.benchmark.drawings import Cells, Column
from encord_lambda.benchmark.tallies import Numbers, Spread, Tally

SPREAD_AT: Final = 0.5
"""The threshold of spreads, and at which it is told what was taken for what."""


class ObjectCounts:
    """Drawings of each rater's objects, numbered by `cells`."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._table = np.zeros((0, tallies.WIDTH))
        self._spreads: defaultdict[int, Spread] = defaultdict(Spread)
        self._mistaken: Counter[tuple[int, int]] = Counter()

    def add(self, comparison: Comparison) -> None:
        """Count a batch."""
        self._grow()
        self._table += _counted(comparison, len(self._cells.names))
        for (cell, *counts), units in _spread(comparison, len(self._cells.names)):
            self._spreads[cell][counts[0], counts[1], counts[2]] += units
        wrong = comparison.judged[SPREAD_AT].mislabelled
        given = comparison.given.cell[comparison.pairs.given[wrong]]
        truth = comparison.truth.cell[comparison.pairs.truth[wrong]]
        self._mistaken.update(zip(given.tolist(), truth.tolist(), strict=True))

    def merge(self, other: "ObjectCounts", number: Mapping[int, int]) -> None:
        """Add another's, whose cells are numbered otherwise."""
        self._grow()
        for theirs, row in enumerate(other._table):
            self._table[number[theirs]] += row
        for theirs, spread in other._spreads.items():
            self._spreads[number[theirs]].update(spread)
        for (given, truth), count in other._mistaken.items():
            self._mistaken[number[given], number[truth]] += count

    def tally(self, cell: int) -> Tally:
        """What was counted of a rater's object."""
        return Tally(self._table[cell])

    def spread(self, cell: int) -> Spread:
        """The same, by data unit."""
        return self._spreads[cell]

    def mistaken(self) -> Iterator[tuple[int, int, int]]:
        """What the rater gave, what was true, and how often; most frequent first."""
        yield from ((*cells, count) for cells, count in self._mistaken.most_common())

    def _grow(self) -> None:
        more = len(self._cells.names) - len(self._table)
        self._table = np.vstack((self._table, np.zeros((more, tallies.WIDTH))))


def _counted(comparison: Comparison, cells: int) -> Numbers:
    table, pairs = np.zeros((cells, tallies.WIDTH)), comparison.pairs
    given, truth = comparison.given.cell, comparison.truth.cell
    table[:, tallies.GIVEN] = np.bincount(given, minlength=cells)
    table[:, tallies.TRUTH] = np.bincount(truth, minlength=cells)
    table[:, tallies.COUNT_ERROR] = _count_error(comparison, cells)
    for step, threshold in enumerate(THRESHOLDS):
        here = comparison.right[threshold]
        cell, overlap = given[pairs.given[here]], pairs.overlap[here]
        table[:, tallies.MATCHED + step] = np.bincount(cell, minlength=cells)
        table[:, tallies.OVERLAP + step] = np.bincount(cell, overlap, cells)
        table[:, tallies.DICE + step] = np.bincount(cell, 2 * overlap / (1 + overlap), cells)
    for step, threshold in enumerate(JUDGED):
        one = comparison.judged[threshold]
        table[:, tallies.CALLED_THIS + step] = np.bincount(given[pairs.given[one.mislabelled]], minlength=cells)
        table[:, tallies.CALLED_OTHER + step] = np.bincount(truth[pairs.truth[one.mislabelled]], minlength=cells)
        table[:, tallies.MISPLACED + step] = np.bincount(given[pairs.given[one.misplaced]], minlength=cells)
    return table


def _count_error(comparison: Comparison, cells: int) -> Numbers:
    """By cell: how far the numbers of drawings on each frame are apart, in total."""
    sides = comparison.given, comparison.truth
    places, each = np.unique(np.concatenate([one.scene * cells + one.cell for one in sides]), return_inverse=True)
    signs = np.repeat((1.0, -1.0), [len(one) for one in sides])
    return np.bincount(places % cells, np.abs(np.bincount(each, signs)), cells)


def _spread(comparison: Comparison, cells: int) -> Iterator[tuple[list[int], int]]:
    """Cell, matched, given and true of a data unit, with the number of units that are alike in all."""
    matched = comparison.pairs.given[comparison.right[SPREAD_AT]]
    given = comparison.given.submission * cells + comparison.given.cell
    truth = comparison.truth.submission * cells + comparison.truth.cell
    places, each = np.unique(np.concatenate((given[matched], given, truth)), return_inverse=True)
    parts = np.split(each, np.cumsum((len(matched), len(given))))
    columns = [places % cells, *(np.bincount(part, minlength=len(places)) for part in parts)]
    return alike(columns)


def alike(columns: list[Column]) -> Iterator[tuple[list[int], int]]:
    """Each row that occurs, and how often."""
    rows, counts = np.unique(np.stack(columns, axis=1), axis=0, return_counts=True)
    return zip(rows.tolist(), counts.tolist(), strict=True)
