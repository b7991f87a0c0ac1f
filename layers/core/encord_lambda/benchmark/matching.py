"""Which of a rater's drawings is which of the ground truth's.

An assignment takes no drawing twice and no pair below its threshold, and of all these it is one with the most pairs;
among those, one with the greatest total overlap (Kuhn's Hungarian problem, by SciPy's `linear_sum_assignment`). Most
drawings overlap with one other at most and need no solver.

A threshold is judged in three steps, each over what the one before has left: the same object in the right place, then
any object in the right place (mislabelled), then the same object near the place (misplaced). What is left of the
rater's is surplus, what is left of the truth is missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from encord_lambda.benchmark.drawings import Column, Mask
from encord_lambda.benchmark.overlaps import Pairs

ROUNDING: Final = 1e-12
"""An overlap this much below a threshold reaches it, for what is exactly a half may be computed as a little less."""
TOGETHER: Final = 64
"""How many small problems' rows are solved in one: calling the solver costs more than solving them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs by what became of them at a threshold, as their places among all pairs."""

    right: Column
    mislabelled: Column
    misplaced: Column


def right(pairs: Pairs, threshold: float) -> Column:
    """The places of pairs that are assigned to each other: the same object, overlapping by `threshold` or more."""
    return _assigned(pairs, np.flatnonzero(pairs.same & _reach(pairs, threshold)))


def judge(pairs: Pairs, threshold: float) -> Judged:
    """What became of all pairs at a threshold in [0.1, 1]."""
    found = right(pairs, threshold)
    free = _left(pairs, found)
    mislabelled = _assigned(pairs, np.flatnonzero(free & ~pairs.same & _reach(pairs, threshold)))
    free &= _left(pairs, mislabelled)
    return Judged(found, mislabelled, _assigned(pairs, np.flatnonzero(free & pairs.same)))


def heaviest(given: Column, truth: Column, weights: NDArray[np.float64]) -> Column:
    """The places of pairs that take nothing twice and weigh most in total, in ascending order.

    `weights` are positive; no pair is there twice.
    """
    alone = (np.bincount(given)[given] == 1) & (np.bincount(truth)[truth] == 1)
    chosen, rest = [np.flatnonzero(alone)], np.flatnonzero(~alone)
    if rest.size:
        for part in _apart(given[rest], truth[rest]):
            here = rest[part]
            chosen.append(here[_solved(given[here], truth[here], weights[here])])
    return np.sort(np.concatenate(chosen))


def _assigned(pairs: Pairs, here: Column) -> Column:
    # One pair more outweighs all overlaps, of which each is at most 1 and none counts twice.
    weights = pairs.overlap[here] + len(here)
    return here[heaviest(pairs.given[here], pairs.truth[here], weights)]


def _reach(pairs: Pairs, threshold: float) -> Mask:
    return pairs.overlap >= threshold - ROUNDING


def _left(pairs: Pairs, taken: Column) -> Mask:
    """Which pairs have nothing of what is taken."""
    return ~(np.isin(pairs.given, pairs.given[taken]) | np.isin(pairs.truth, pairs.truth[taken]))


def _apart(given: Column, truth: Column) -> Iterator[Column]:
    """The places of pairs in parts that have no drawing in common; small parts come together."""
    rows, columns = _ranks(given), _ranks(truth)
    nodes = int(rows.max()) + 1, int(columns.max()) + 1
    graph = coo_array((np.ones(len(rows)), (rows, nodes[0] + columns)), shape=(sum(nodes), sum(nodes)))
    part = connected_components(graph, directed=False)[1][rows]
    order = np.argsort(part, kind="stable")
    starts = np.flatnonzero(np.diff(part[order])) + 1
    yield from np.split(order, starts[np.diff(starts // TOGETHER, prepend=0) > 0])


def _solved(given: Column, truth: Column, weights: NDArray[np.float64]) -> Column:
    rows, columns = _ranks(given), _ranks(truth)
    shape = int(rows.max()) + 1, int(columns.max()) + 1
    matrix, places = np.zeros(shape), np.full(shape, -1)
    matrix[rows, columns], places[rows, columns] = weights, np.arange(len(weights))
    found = places[linear_sum_assignment(matrix, maximize=True)]
    return np.asarray(found[found >= 0])


def _ranks(numbers: Column) -> Column:
    return np.unique(numbers, return_inverse=True)[1]
