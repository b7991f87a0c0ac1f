"""Intervals beside SciPy's, and how often they hold the true share in simulated runs."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from encord_lambda.benchmark.intervals import at_least, at_most, clustered, wilson

COUNTS = st.integers(1, 3000).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries)))
RUNS = 500


@given(COUNTS, st.sampled_from([0.8, 0.95, 0.99]))
def test_wilsons_interval_is_that_of_scipy(counted: tuple[int, int], confidence: float) -> None:
    theirs = binomtest(*counted).proportion_ci(confidence, method="wilson")
    ours = wilson(*counted, confidence)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(COUNTS)
def test_bounds_are_those_of_clopper_and_pearson(counted: tuple[int, int]) -> None:
    theirs = binomtest(*counted, alternative="greater").proportion_ci(0.95, method="exact")
    assert at_least(*counted) == pytest.approx(theirs.low, abs=1e-9)
    theirs = binomtest(*counted, alternative="less").proportion_ci(0.95, method="exact")
    assert at_most(*counted) == pytest.approx(theirs.high, abs=1e-9)


@given(COUNTS)
def test_units_of_one_try_are_independent_tries(counted: tuple[int, int]) -> None:
    successes, tries = counted
    assert clustered({(1, 1): successes, (0, 1): tries - successes}) == wilson(successes, tries)


def test_a_share_of_nothing_has_no_interval() -> None:
    assert clustered({}) is None
    assert clustered({(0, 0): 5}) is None


def test_units_that_all_agree_count_as_one_try_each() -> None:
    assert clustered({(20, 20): 30}) == wilson(30, 30)
    assert clustered({(14, 25): 30}) == wilson(30 * 14 / 25, 30)  # 14 - 14 / 25 * 25 is not 0 in floating point


def test_tries_that_are_alike_within_a_unit_tell_less() -> None:
    alike, mixed = clustered({(10, 10): 40, (0, 10): 10}), clustered({(8, 10): 49, (7, 10): 1})
    assert alike is not None
    assert mixed is not None
    assert alike.high - alike.low > 2 * (mixed.high - mixed.low)


@pytest.mark.parametrize(("share", "spread"), [(0.9, 0.05), (0.7, 0.3), (0.97, 0.1)])
def test_the_true_share_of_clustered_tries_is_inside_in_93_of_100_runs(share: float, spread: float) -> None:
    """Pictures of 1 to 20 boxes, some of which are harder than others for all their boxes."""
    random = np.random.default_rng(7)
    inside = 0
    for _ in range(RUNS):
        boxes = random.integers(1, 21, size=60)
        ease = random.beta(share / spread, (1 - share) / spread, size=60)
        found = clustered(Counter(zip(random.binomial(boxes, ease).tolist(), boxes.tolist(), strict=True)))
        inside += found is not None and found.low <= share <= found.high
    assert inside >= 0.93 * RUNS
