"""Working ahead: in order, never more at once than allowed, and trouble comes last."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.dispatch.ahead import ahead
from encord_lambda.errors import Retry


@given(st.lists(st.integers()), st.integers(1, 5))
def test_all_results_come_in_the_items_order(items: list[int], at_once: int) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert list(ahead(pool, lambda item: item + 1, items, at_once)) == [item + 1 for item in items]


@given(st.integers(0, 9), st.integers(1, 4), st.booleans())
def test_the_results_before_a_trouble_are_had_first(good: int, at_once: int, of_the_items: bool) -> None:
    def items() -> Iterator[int]:
        for number in range(10):
            if of_the_items and number == good:
                raise Retry("busy")
            yield number

    def work(item: int) -> int:
        if not of_the_items and item == good:
            raise Retry("busy")
        return item

    results: list[int] = []
    with ThreadPoolExecutor(2) as pool, pytest.raises(Retry, match="busy"):
        results.extend(ahead(pool, work, items(), at_once))

    assert results[:good] == list(range(good))
    assert set(results) <= set(range(good + at_once))


def test_the_first_of_several_troubles_is_told() -> None:
    def work(item: int) -> int:
        raise Retry(f"trouble {item}")

    with ThreadPoolExecutor(2) as pool, pytest.raises(Retry, match="trouble 0"):
        list(ahead(pool, work, range(9), 3))


def test_no_more_are_fetched_than_may_be_under_way() -> None:
    fetched = []

    def items() -> Iterator[int]:
        for number in range(9):
            fetched.append(number)
            yield number

    with ThreadPoolExecutor(1) as pool:
        results = ahead(pool, lambda item: item, items(), 3)
        counts = [len(fetched) for _ in results]

    assert counts == [3, 4, 5, 6, 7, 8, 9, 9, 9]


def test_items_are_fetched_while_others_are_under_way() -> None:
    """The work on the first cannot end before the second was fetched."""
    second = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    with ThreadPoolExecutor(1) as pool:
        assert list(ahead(pool, lambda _: second.wait(10), items(), 2)) == [True, True]


def test_a_fault_is_no_trouble_and_comes_at_once() -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(ZeroDivisionError):
        list(ahead(pool, lambda item: 1 // item, [0, 1], 1))
