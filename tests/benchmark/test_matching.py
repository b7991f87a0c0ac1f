"""The best assignment, beside trying all of them and beside SciPy's solver of the whole at once."""

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from encord_lambda.benchmark.matching import heaviest, judge, right
from encord_lambda.benchmark.overlaps import Pairs

type Matrix = NDArray[np.float64]

MATRICES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.one_of(st.just(0.0), st.floats(0.1, 1)), min_size=columns, max_size=columns), min_size=1, max_size=4
    ).map(np.array)
)


def listed(matrix: Matrix, same: NDArray[np.bool] | None = None) -> Pairs:
    """All pairs that overlap."""
    rows, columns = np.nonzero(matrix)
    return Pairs(
        rows, columns, matrix[rows, columns], (np.ones_like(matrix, bool) if same is None else same)[rows, columns]
    )


def assignments(matrix: Matrix) -> Iterator[Sequence[float]]:
    """The overlaps of every way to assign some rows to as many columns."""
    rows, columns = matrix.shape
    for size in range(min(rows, columns) + 1):
        for some in combinations(range(rows), size):
            for others in permutations(range(columns), size):
                yield [float(matrix[pair]) for pair in zip(some, others, strict=True)]


@given(MATRICES, st.sampled_from([0.1, 0.5, 0.75]))
def test_as_many_as_possible_are_assigned_and_of_these_the_greatest_total(matrix: Matrix, threshold: float) -> None:
    every = assignments(matrix)
    best = max((len(one), sum(one)) for one in every if all(overlap >= threshold for overlap in one))

    pairs = listed(matrix)
    chosen = pairs.only(right(pairs, threshold))

    assert len(set(chosen.given.tolist())) == len(set(chosen.truth.tolist())) == len(chosen.overlap) == best[0]
    assert chosen.overlap.sum() == pytest.approx(best[1], abs=1e-9)
    assert (chosen.overlap >= threshold - 1e-9).all()


@pytest.mark.parametrize("density", [0.002, 0.01, 0.3])
def test_many_at_once_weigh_what_scipy_finds_for_the_whole(density: float) -> None:
    """Some hundreds of parts of all sizes, or few large ones; what is alone is not given to the solver."""
    source = np.random.default_rng(3)
    matrix = source.uniform(0.1, 1, (300, 280)) * (source.random((300, 280)) < density)
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    pairs = listed(matrix)

    chosen = pairs.only(heaviest(pairs.given, pairs.truth, pairs.overlap))

    assert chosen.overlap.sum() == pytest.approx(matrix[rows, columns].sum(), abs=1e-9)
    assert len(np.unique(chosen.given)) == len(np.unique(chosen.truth)) == len(chosen.given)


@given(MATRICES, st.data())
def test_what_became_of_a_pair_is_one_thing_only(matrix: Matrix, data: st.DataObject) -> None:
    mine, true = (np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size))) for size in matrix.shape)
    pairs = listed(matrix, mine[:, None] == true)
    found = judge(pairs, 0.5)
    chosen = np.concatenate((found.right, found.mislabelled, found.misplaced))

    assert len(np.unique(pairs.given[chosen])) == len(np.unique(pairs.truth[chosen])) == len(chosen)
    assert pairs.same[found.right].all()
    assert not pairs.same[found.mislabelled].any()
    assert (pairs.overlap[np.concatenate((found.right, found.mislabelled))] >= 0.5 - 1e-9).all()
    assert pairs.same[found.misplaced].all()
    assert (pairs.overlap[found.misplaced] < 0.5).all()


def test_two_matches_beat_one_that_overlaps_better() -> None:
    """The first box fits the first truth perfectly, but the second has nowhere else to go."""
    pairs = listed(np.array([[1.0, 0.5], [0.5, 0.0]]))
    assert pairs.only(right(pairs, 0.5)).overlap.tolist() == [0.5, 0.5]
    assert pairs.only(right(pairs, 0.55)).overlap.tolist() == [1.0]


def test_what_is_exactly_at_the_threshold_reaches_it_whatever_rounding_makes_of_it() -> None:
    pairs = listed(np.array([[np.nextafter(0.5, 0)]]))
    assert len(right(pairs, 0.5)) == 1
