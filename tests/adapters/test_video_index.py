"""Numbers, starts and sampling worked out from time stamps alone."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.sampling import Sampling
from encord_lambda.errors import Reject
from encord_lambda.media.frame_index import FrameIndex, Packet

TICK = Fraction(1, 1000)


def an_index(*shown: int, keys: tuple[int, ...] = (0,)) -> FrameIndex:
    """Packets in the order they are stored; `keys` are places."""
    return FrameIndex((Packet(pts, pts, place in keys, True) for place, pts in enumerate(shown)), TICK)


def by_time(seconds: float) -> Sampling:
    return Sampling(every_seconds=seconds)


stored = st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=60, unique=True)
key_places = st.sets(st.integers(0, 59))


@given(stored)
def test_frames_are_numbered_in_the_order_they_are_shown(shown: list[int]) -> None:
    index = an_index(*shown)

    assert [index.number(pts) for pts in sorted(shown)] == list(range(len(index)))
    assert [shown[index.place(number)] for number in range(len(index))] == sorted(shown)


@given(stored, key_places)
def test_a_start_is_stored_before_the_frame_and_the_last_such_that_is_not_shown_after_it(
    shown: list[int], keys: set[int]
) -> None:
    index = an_index(*shown, keys=tuple(keys))
    for number, pts in enumerate(sorted(shown)):
        place = index.place(number)
        fit = [key for key in {0, *keys} if key <= place and shown[key] <= pts]
        assert index.start(number).place == max(fit, default=0)


@given(stored, st.floats(0.001, 100))
def test_by_time_each_frame_due_is_the_first_of_its_step_and_no_step_is_left_out(
    shown: list[int], seconds: float
) -> None:
    due = an_index(*shown).due(by_time(seconds))
    step, first = Fraction(str(seconds)) / TICK, min(shown)
    steps_begun = [(pts - first) // step for pts in sorted(shown)]

    assert due == [n for n, steps in enumerate(steps_begun) if n == 0 or steps > steps_begun[n - 1]]


@given(stored, key_places, st.integers(1, 20))
def test_key_frames_are_the_nearest_ones(shown: list[int], keys: set[int], step: int) -> None:
    index = an_index(*shown, keys=(0, *keys))
    times = sorted(shown)
    key_times = [shown[place] for place in {0, *keys} if place < len(shown)]

    due = index.due(Sampling(every_frames=step, key_frames_first=True))

    assert due == sorted(set(due))
    assert {times[number] for number in due} <= set(key_times)
    for pts in times[::step]:
        assert min(abs(pts - times[number]) for number in due) == min(abs(pts - key) for key in key_times)


@given(st.integers(1, 200), st.integers(1, 60))
def test_a_spread_takes_the_middle_of_each_of_as_many_equal_parts(count: int, parts: int) -> None:
    due = an_index(*range(count)).due(Sampling(spread=parts))

    assert len(due) == min(parts, count)
    length = count / len(due)
    assert all(abs(number + 0.5 - (part + 0.5) * length) <= 0.5 for part, number in enumerate(due))
    assert due == sorted(set(due))


def test_a_video_is_not_spread_beyond_its_frames() -> None:
    assert an_index(*range(3)).due(Sampling(spread=8)) == [0, 1, 2]
    assert an_index().due(Sampling(spread=8)) == []


@given(stored, key_places, st.sampled_from([Sampling(every_frames=3), by_time(0.5), Sampling(spread=9)]), st.booleans())
def test_no_more_frames_are_due_than_may_be_looked_at(
    shown: list[int], keys: set[int], every: Sampling, key_frames_first: bool
) -> None:
    index = an_index(*shown, keys=(0, *keys))
    every = replace(every, key_frames_first=key_frames_first, most=60)
    count = len(index.due(every))

    assert index.due(replace(every, most=count)) == index.due(every)
    with pytest.raises(Reject, match=f"^{count} frames of the video would be looked at"):
        index.due(replace(every, most=count - 1))


def test_what_is_cut_away_has_no_number_but_may_be_decoded_from() -> None:
    index = FrameIndex([Packet(-2, -2, True, False), Packet(0, 0, False, True), Packet(1, 1, False, True)], TICK)

    assert (len(index), index.number(-2), index.number(0), index.number(1)) == (2, None, 0, 1)
    assert index.start(1).place == 0


def test_without_key_frames_among_those_shown_the_frames_themselves_are_due() -> None:
    index = FrameIndex([Packet(-2, -2, True, False), *(Packet(n, n, False, True) for n in range(6))], TICK)

    assert index.due(Sampling(every_frames=2, key_frames_first=True)) == [0, 2, 4]


def test_frames_with_one_time_stamp_are_told_apart_by_their_order() -> None:
    index = an_index(0, 40, 40, 40, 80)

    assert [index.number(40, least) for least in (0, 1, 2, 3, 4)] == [1, 1, 2, 3, None]


@pytest.mark.parametrize(("pts", "found"), [(0, None), (40, 1), (80, None), (None, None)])
def test_a_landing_is_known_only_by_a_key_frame_with_a_time_of_its_own(pts: int | None, found: int | None) -> None:
    start = an_index(0, 40, 0, 80, keys=(0, 1, 2)).start_at(pts)

    assert (start and start.place) == found


def test_nothing_is_due_of_nothing() -> None:
    assert an_index().due(by_time(1)) == []
