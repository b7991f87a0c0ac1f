"""Which of several events of one object happened last."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.registration.events import Upload, latest

CREATED = Upload("media", "eu-west-1", "a.jpg", 7, etag="e1")
GONE = replace(CREATED, size=0, deleted=True, etag=None)
NOON = datetime(2031, 2, 3, 12, tzinfo=UTC)
SEQUENCERS = st.text("0123456789ABCDEFabcdef", min_size=1, max_size=18)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("0055AED6DCD90281E5", "0055AED6DCD90281E6"),
        ("0055AED6DCD90281E5", "0056"),
        ("0055AED6", "0055AED6DCD90281E5"),
        ("0055aed6", "0055AED7"),
        ("9", "A0"),
    ],
)
def test_the_greater_sequencer_wins_whatever_came_first(earlier: str, later: str) -> None:
    created, gone = replace(CREATED, sequencer=earlier), replace(GONE, sequencer=later)

    assert latest([created, gone]) == latest([gone, created]) == {gone}


@given(st.lists(SEQUENCERS, min_size=1))
def test_sequencers_compare_as_if_filled_up_with_zeros_on_the_right(found: list[str]) -> None:
    uploads = [replace(CREATED, sequencer=sequencer) for sequencer in found]

    [last] = latest(uploads)

    assert int((last.sequencer or "").ljust(18, "0"), 16) == max(int(one.ljust(18, "0"), 16) for one in found)


def test_without_sequencers_the_time_tells() -> None:
    created, gone = replace(CREATED, at=NOON), replace(GONE, at=NOON - timedelta(seconds=1))

    assert latest([created, gone]) == latest([gone, created]) == {created}


@pytest.mark.parametrize("sequencer", [None, "0A", "0A00"])
def test_where_nothing_tells_the_last_in_the_batch_counts(sequencer: str | None) -> None:
    created, gone = replace(CREATED, sequencer=sequencer, at=NOON), replace(GONE, sequencer="0A", at=None)

    assert latest([created, gone]) == {gone}
    assert latest([gone, created]) == {created}


def test_other_objects_and_other_buckets_are_judged_apart() -> None:
    here = replace(CREATED, sequencer="01")
    others = [replace(here, key="b.jpg", sequencer="02"), replace(here, bucket="elsewhere", sequencer="03")]

    assert latest([here, *others]) == {here, *others}


def test_an_event_that_came_twice_is_one() -> None:
    assert latest([CREATED, replace(CREATED, at=NOON)]) == {CREATED}
