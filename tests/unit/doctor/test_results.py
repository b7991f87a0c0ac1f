"""No failure hides another, and whatever comes of it is a result."""

import pytest

from encord_lambda.doctor.results import Check, Prior, Result, Unchecked, Verdict, ok
from encord_lambda.errors import Misconfigured, Reject, Retry, Skip, Trouble


@pytest.mark.parametrize("kind", [Misconfigured, Reject, Retry, Skip], ids=lambda kind: kind.__name__)
def test_trouble_is_a_fault_after_what_was_found_before_it(kind: type[Trouble]) -> None:
    def look():  # type: ignore[no-untyped-def]
        yield ok("one", "good")
        raise kind("it broke")

    assert list(Check("both", look).results()) == [ok("one", "good"), Result(Verdict.FAULT, "both", "it broke")]


def test_what_cannot_be_looked_at_is_neither_good_nor_bad() -> None:
    def look() -> list[Result]:
        raise Unchecked("you may not")

    assert list(Check("it", look).results()) == [Result(Verdict.UNCHECKED, "it", "because you may not")]


def test_what_several_need_is_read_once() -> None:
    read: list[int] = []
    prior = Prior("it", lambda: read.append(1) or len(read))  # type: ignore[func-returns-value]

    assert [prior(), prior()] == [1, 1]


def test_the_trouble_of_what_several_need_is_told_once() -> None:
    def broken() -> int:
        raise Misconfigured("it is missing")

    prior = Prior("pipeline.yaml", broken)

    with pytest.raises(Misconfigured):
        prior()
    with pytest.raises(Unchecked, match=r"that needs pipeline\.yaml, see there"):
        prior()
