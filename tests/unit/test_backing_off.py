"""How long a message is hidden: never too short, never too long, and not the same for all."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.dispatch.backing_off import FIRST, LONGEST, MOST, seconds

DRAWS = st.floats(0, 1, exclude_max=True)
TRIES = st.integers(0, 10_000)
AFTERS = st.floats(0, 1e9)


def test_back_offs_double_up_to_a_quarter_of_an_hour() -> None:
    halves = [seconds(tries, 0.0, 0.0) for tries in range(1, 11)]

    assert halves == [3, 5, 10, 20, 40, 80, 160, 320, 450, 450]


def test_a_try_that_was_not_made_comes_back_as_soon_as_a_first_one() -> None:
    assert seconds(0, 0.0, 0.5) == seconds(1, 0.0, 0.5)


@given(TRIES, DRAWS)
def test_a_back_off_is_never_less_than_half_of_what_it_may_be(tries: int, draw: float) -> None:
    longest = min(FIRST * 2 ** min(max(tries - 1, 0), 20), LONGEST)

    assert longest / 2 <= seconds(tries, 0.0, draw) <= longest


@given(TRIES, AFTERS, DRAWS)
def test_nobody_comes_back_before_the_service_wants_it_nor_stays_longer_than_sqs_allows(
    tries: int, after: float, draw: float
) -> None:
    hidden = seconds(tries, after, draw)

    assert min(after, MOST) <= hidden <= MOST


@given(TRIES, st.floats(2 * LONGEST, 1e9), DRAWS)
def test_a_service_that_wants_long_gets_at_most_a_quarter_more(tries: int, after: float, draw: float) -> None:
    assert seconds(tries, after, draw) <= math.ceil(after * 1.25)


@given(TRIES, AFTERS, DRAWS, DRAWS)
def test_more_tries_a_later_hour_or_a_higher_draw_never_bring_it_back_sooner(
    tries: int, after: float, draw: float, more: float
) -> None:
    one = seconds(tries, after, min(draw, more))

    assert one <= seconds(tries + 1, after, max(draw, more))
    assert one <= seconds(tries, after + more, max(draw, more))


def test_those_who_failed_together_do_not_come_back_together() -> None:
    assert {seconds(5, 0.0, draw / 100) for draw in range(100)} == set(range(40, 81))
    assert {seconds(0, 300.0, draw / 100) for draw in range(100)} == set(range(300, 376))


@pytest.mark.parametrize("after", [math.inf, 1e300])
def test_what_asks_for_ever_gets_the_most(after: float) -> None:
    assert seconds(1, after, 0.0) == MOST
