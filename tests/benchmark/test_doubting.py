"""Doubts about annotators and classes, from reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.benchmark.doubting import doubt, doubts
from encord_lambda.benchmark.intervals import Interval
from encord_lambda.benchmark.submissions import Submission
from encord_lambda.labels.proposals import Proposal
from tests.benchmark.drawn import FAR, SQUARE, moved, thing
from tests.benchmark.labelled import ANN, BOB, MODEL, answer, submission, unit
from tests.benchmark.reported import reported

SHARES = st.floats(0, 1)
INTERVALS = st.tuples(SHARES, SHARES).map(lambda both: Interval(min(both), max(both)))


def units(count: int) -> list[list[Submission]]:
    """Ann is always right; Bob calls every cat a dog and draws it in another place."""
    truth: list[Proposal] = [answer("Cat"), thing(SQUARE)]
    wrong: list[Proposal] = [answer("Dog"), thing(moved(FAR, -2))]
    return [
        [submission(truth, given, rater, unit(n)) for rater, given in ((ANN, truth), (BOB, wrong), (MODEL, wrong))]
        for n in range(count)
    ]


def test_who_surely_reaches_the_target_is_in_no_doubt_and_who_surely_misses_it_is() -> None:
    found = doubts(reported(units(60)))
    assert found.annotators == {"ann@example.com": 0.0, "bob@example.com": 1.0}
    assert found.overall == 0.5
    # Cat is an option, right of Ann's and never said by Bob, and an object, right of Ann's and wrong of Bob's.
    assert found.classes == {"Cat": pytest.approx(1 / 3), "Dog": 1.0}


def test_without_a_target_nothing_is_known() -> None:
    found = doubts(reported(units(3)).model_copy(update={"target": None}))
    assert (found.overall, found.annotators, found.classes) == (None, {}, {})


def test_where_nobody_was_scored_nothing_is_known() -> None:
    assert doubts(reported([])).overall is None


@pytest.mark.parametrize(
    ("interval", "tried", "expected"),
    [
        (None, 0, 1.0),
        (Interval(0.92, 0.99), 30, 0.0),
        (Interval(0.9, 0.9), 30, 0.0),
        (Interval(0.5, 0.9), 30, 1.0),
        (Interval(0.5, 0.5), 30, 1.0),
        (Interval(0.85, 0.95), 30, 0.5),
        (Interval(0.92, 0.99), 15, 0.5),
        (Interval(0.85, 0.95), 15, 0.75),
    ],
)
def test_doubt_is_the_part_below_the_target_and_all_there_is_where_too_few_were_tried(
    interval: Interval | None, tried: int, expected: float
) -> None:
    assert doubt(interval, tried, target=0.9, enough=30) == pytest.approx(expected)


@given(INTERVALS, INTERVALS, st.integers(0, 50), st.integers(0, 50), SHARES, st.integers(1, 40))
def test_doubt_never_rises_with_a_better_interval_or_more_tries(
    one: Interval, other: Interval, few: int, more: int, target: float, enough: int
) -> None:
    worse = Interval(min(one.low, other.low), min(one.high, other.high))
    better = Interval(max(one.low, other.low), max(one.high, other.high))
    few, more = sorted((few, more))
    least, most = doubt(better, more, target, enough), doubt(worse, few, target, enough)
    assert 0 <= least <= most + 1e-9 <= 1 + 1e-9
