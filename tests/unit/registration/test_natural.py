"""The order of keys."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.registration.directories.natural import natural

NAMES = st.text(st.sampled_from("ab1029_. /-é٣²"), max_size=12)


@pytest.mark.parametrize(
    "in_order",
    [
        ["frame2.jpg", "frame10.jpg"],
        ["frame.jpg", "frame2.jpg", "frame10.jpg"],
        ["1.dcm", "2.dcm", "10.dcm", "a.dcm"],
        ["cam1_frame9.png", "cam1_frame10.png", "cam2_frame1.png"],
        ["frame01.jpg", "frame1.jpg", "frame001b.jpg"],
        ["frame0.jpg", "frame00.jpg", "frame1.jpg"],
        ["a.jpg", "a.png", "a (1).jpg", "a-b.jpg"],
        [f"f{'9' * 999}.jpg", f"f1{'0' * 999}.jpg"],
        ["run2/frame10.jpg", "run10/frame2.jpg"],
    ],
)
def test_names_are_in_the_order_of_their_numbers(in_order: list[str]) -> None:
    shuffled = in_order[::-1]

    assert sorted(shuffled, key=natural) == in_order


def test_digits_of_other_scripts_are_letters() -> None:
    """Neither `int` nor a user agrees with us on the value of all that Unicode calls a digit."""
    assert sorted(["f²", "f10", "f٣", "f9"], key=natural) == ["f9", "f10", "f²", "f٣"]


@given(st.lists(NAMES, unique=True), st.randoms(use_true_random=False))
def test_the_order_is_the_same_whatever_it_was_before(names: list[str], random: Random) -> None:
    in_order = sorted(names, key=natural)
    random.shuffle(names)

    assert sorted(names, key=natural) == in_order
    assert all(natural(one) < natural(other) for one, other in pairwise(in_order))


@given(st.lists(st.integers(0, 10**30), unique=True), NAMES.filter(lambda name: name[-1:] not in set("0123456789")))
def test_numbered_files_are_in_the_order_of_their_numbers(numbers: list[int], name: str) -> None:
    keys = [f"{name}{number}.jpg" for number in numbers]

    assert sorted(keys, key=natural) == [f"{name}{number}.jpg" for number in sorted(numbers)]
