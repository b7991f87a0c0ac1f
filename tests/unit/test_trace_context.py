"""Which headers name a trace, and for whom it is followed."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda import trace_context

TRACE = "105445aa7843bc8bf206b12000100000"
SHAPED = st.from_regex(r"\A[0-9a-f]{32}(/[0-9]{1,20}(;o=[01])?)?\Z")


def followed(header: str | None) -> str | None:
    with trace_context.following(header):
        return trace_context.followed()


@given(SHAPED)
def test_a_trace_is_followed_as_it_came(header: str) -> None:
    assert followed(header) == header
    assert trace_context.followed() is None


@pytest.mark.parametrize(
    "header", [None, "", "/1", ";o=1", "g" * 32, "a" * 65, f"{TRACE}/", f"{TRACE}/x", f"{TRACE}/1;o=12", f"{TRACE}\n"]
)
def test_what_has_another_shape_is_none(header: str | None) -> None:
    assert followed(header) is None


@given(st.text(max_size=200))
def test_nothing_is_followed_that_a_header_could_not_hold(header: str) -> None:
    found = followed(header)

    assert found is None or (found == header and header.isascii() and header.isprintable() and len(header) <= 90)


def test_the_trace_of_a_call_within_another_ends_with_it() -> None:
    with trace_context.following(TRACE):
        assert followed("abc") == "abc"
        assert followed("no trace") is None
        assert trace_context.followed() == TRACE


def test_another_thread_has_no_part_in_it() -> None:
    seen: list[str | None] = []
    with trace_context.following(TRACE):
        other = threading.Thread(target=lambda: seen.append(trace_context.followed()))
        other.start()
        other.join()

    assert seen == [None]
