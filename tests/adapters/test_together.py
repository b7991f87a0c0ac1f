"""What is asked for again, and in which parts, when one request for many things is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from encord.http import limits
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.encord_platform.together import together
from encord_lambda.errors import Reject, Retry

KEYS = [UUID(int=n) for n in range(100)]


@dataclass
class Platform:
    """Refuses every request with a `bad` key, or with more keys than `most`, as a whole."""

    bad: set[UUID] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)
    """The numbers, from 0, of requests that get lost."""
    most: int = 1000
    asked: list[Sequence[UUID]] = field(default_factory=list)
    done: list[UUID] = field(default_factory=list)

    def request(self, keys: Sequence[UUID]) -> None:
        self.asked.append(keys)
        if len(self.asked) - 1 in self.lost:
            raise Retry("connection lost")
        if self.bad & set(keys) or len(keys) > self.most:
            raise Reject(f"{len(keys)} things are refused")
        self.done += keys


@given(st.integers(1, 130), st.data())
def test_exactly_what_is_refused_alone_is_refused(number: int, data: st.DataObject) -> None:
    keys = [UUID(int=n) for n in range(number)]
    platform = Platform(bad=set(data.draw(st.lists(st.sampled_from(keys), max_size=5))))

    refused = together(keys, platform.request)

    assert refused.keys() == platform.bad
    assert sorted(platform.done) == sorted(set(keys) - platform.bad)
    assert all(platform.asked)


@given(st.sets(st.sampled_from(KEYS), min_size=1, max_size=5), st.sets(st.integers(1, 20)))
def test_lost_requests_are_their_own_keys_trouble(bad: set[UUID], lost: set[int]) -> None:
    platform = Platform(bad, lost)

    refused = together(KEYS, platform.request)

    assert {key for key, trouble in refused.items() if isinstance(trouble, Reject)} <= bad
    assert len(platform.done) == len(set(platform.done))
    assert set(platform.done) == set(KEYS) - refused.keys()
    assert sum(number < len(platform.asked) for number in lost) <= sum(isinstance(t, Retry) for t in refused.values())


@pytest.mark.parametrize("most", [1, 2, 3, 50, 99])
def test_what_is_only_too_much_together_is_done_in_parts(most: int) -> None:
    platform = Platform(most=most)

    assert together(KEYS, platform.request) == {}
    assert sorted(platform.done) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_the_one_in_a_hundred_is_found_with_fourteen_requests_at_most(key: UUID) -> None:
    platform = Platform({key})

    together(KEYS, platform.request)

    assert len(platform.asked) <= 14


def test_if_the_very_first_request_fails_it_is_nobodys_alone() -> None:
    platform = Platform(lost={0})

    with pytest.raises(Retry, match="connection lost"):
        together(KEYS, platform.request)

    assert len(platform.asked) == 1


def test_nothing_is_asked_for_no_keys() -> None:
    platform = Platform()

    assert together([], platform.request) == {}
    assert platform.asked == []


def test_a_bundle_of_a_hundred_is_one_request_of_the_sdks() -> None:
    """In several chunks, the first would be done when a later one is refused."""
    sizes = {name: size for name, size in vars(limits).items() if name.startswith("LABEL_ROW_BUNDLE")}

    assert {"LABEL_ROW_BUNDLE_DEFAULT_LIMIT", "LABEL_ROW_BUNDLE_SAVE_LIMIT"} <= sizes.keys()
    assert min(sizes.values()) >= len(KEYS)
