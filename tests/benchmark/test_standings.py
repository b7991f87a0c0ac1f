"""The leaderboard of tallies."""

from collections import Counter

import pytest

from encord_lambda.benchmark.intervals import clustered, wilson
from encord_lambda.benchmark.standings import RaterTally, Standing, leaderboard
from encord_lambda.benchmark.submissions import Rater
from tests.benchmark.labelled import ANN, BOB, MODEL


def tally(right: int, units: int, *, led: int = 0) -> RaterTally:
    """Of data units with one try each; the first of them were prelabelled."""
    found = RaterTally()
    for number in range(units):
        found.add(int(number < right), 1, prelabelled=number < led)
    return found


def board(tallies: dict[Rater, RaterTally], least: int = 1, target: float | None = None) -> tuple[Standing, ...]:
    return leaderboard(tallies, least, target)


def test_the_best_is_first_and_equals_share_a_rank() -> None:
    found = board({ANN: tally(8, 10), BOB: tally(9, 10), MODEL: tally(16, 20)})
    assert [(line.rater, line.rank) for line in found] == [(BOB.name, 1), (MODEL.name, 2), (ANN.name, 2)]


def test_with_too_few_data_units_nobody_is_ranked() -> None:
    found = board({ANN: tally(9, 9), BOB: tally(1, 10)}, least=10)
    assert [(line.rater, line.rank, line.units) for line in found] == [(BOB.name, 1, 10), (ANN.name, None, 9)]
    assert found[1].surely_better is None


def test_an_accuracy_has_the_interval_of_its_data_units() -> None:
    units = RaterTally()
    for right, tried in ((3, 4), (0, 2), (5, 5), (2, 3)):
        units.add(right, tried, prelabelled=False)
    [line] = board({ANN: units})
    assert line.accuracy
    assert (line.accuracy.right, line.accuracy.tried, line.accuracy.value) == (10, 14, 10 / 14)
    assert line.accuracy.interval == clustered(Counter({(3, 4): 1, (0, 2): 1, (5, 5): 1, (2, 3): 1}))


@pytest.mark.parametrize(
    ("other", "sure"), [pytest.param(130, True, id="apart"), pytest.param(180, False, id="overlapping")]
)
def test_only_intervals_that_do_not_overlap_make_sure(other: int, sure: bool) -> None:
    assert (wilson(190, 200).low > wilson(other, 200).high) is sure
    found = board({ANN: tally(190, 200), BOB: tally(other, 200)})
    assert [line.surely_better for line in found] == [sure, None]


@pytest.mark.parametrize(
    ("right", "units", "target", "expected"),
    [
        pytest.param(199, 200, 0.9, "reached", id="reached"),
        pytest.param(150, 200, 0.9, "missed", id="missed"),
        pytest.param(178, 200, 0.9, "open", id="open"),
        pytest.param(0, 29, 0.9, "open", id="too few data units to say it is missed"),
        pytest.param(0, 0, 0.9, "open", id="nothing scored"),
        pytest.param(199, 200, None, None, id="no target"),
    ],
)
def test_a_target_is_reached_or_missed_only_where_that_is_sure(
    right: int, units: int, target: float | None, expected: str | None
) -> None:
    [line] = board({ANN: tally(right, units)}, least=30, target=target)
    assert line.target == expected


def test_prelabelled_data_units_count_and_the_accuracy_without_them_is_told() -> None:
    [line] = board({ANN: tally(5, 10, led=5)})
    assert line.accuracy
    assert line.unaided
    assert (line.prelabelled, line.accuracy.value, line.unaided.value, line.unaided.tried) == (5, 0.5, 0, 5)


@pytest.mark.parametrize("led", [0, 10])
def test_where_all_or_none_were_prelabelled_there_is_nothing_to_compare_with(led: int) -> None:
    [line] = board({ANN: tally(5, 10, led=led)})
    assert (line.prelabelled, line.unaided) == (led, None)


def test_both_empty_is_counted_apart() -> None:
    found = tally(5, 10)
    found.add(0, 0, prelabelled=True)
    [line] = board({ANN: found})
    assert (line.units, line.both_empty, line.prelabelled) == (10, 1, 1)
    assert line.unaided is None
