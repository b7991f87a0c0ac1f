"""Which proposed things give way to what stands, and on which frames."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.boxes import overlap
from encord_lambda.agents.giving_way import Path, taken
from encord_lambda.agents.masks import compressed
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox, Shape

HERE, NEAR, FAR = Box(0.1, 0.1, 0.2, 0.2), Box(0.12, 0.1, 0.2, 0.2), Box(0.6, 0.1, 0.2, 0.2)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (HERE, NEAR, True),
        (HERE, FAR, False),
        (Box(0.0, 0.0, 1.0, 1.0), Box(0.0, 0.0, 1.0, 0.5), True),
        (Box(0.0, 0.0, 1.0, 1.0), Box(0.0, 0.0, 1.0, 0.49), False),
        (Box(0.1, 0.1, 0.001, 0.001), Box(0.102, 0.1, 0.001, 0.001), False),
        (RotatedBox(0.1, 0.2, 0.4, 0.1, 0), RotatedBox(0.1, 0.2, 0.4, 0.1, 180), True),
        (RotatedBox(0.1, 0.2, 0.4, 0.1, 0), RotatedBox(0.1, 0.2, 0.4, 0.1, 90), False),
        (RotatedBox(0.1, 0.2, 0.4, 0.1, 0), RotatedBox(0.25, 0.05, 0.1, 0.4, 90), True),
        (Polygon(((0, 0), (1, 0), (0, 1))), Polygon(((1, 1), (1, 0), (0, 1))), True),
        (Polyline(((0.1, 0.5), (0.9, 0.5))), Polyline(((0.1, 0.505), (0.9, 0.505))), True),
        (Polyline(((0.1, 0.5), (0.9, 0.5))), Polyline(((0.1, 0.53), (0.9, 0.53))), False),
        (Polyline(((0.1, 0.5), (0.9, 0.5))), Polyline(((0.1, 0.5), (0.3, 0.5))), False),
        (Point(0.5, 0.5), Point(0.5, 0.519), True),
        (Point(0.5, 0.5), Point(0.514, 0.514), True),
        (Point(0.5, 0.5), Point(0.5, 0.521), False),
        (Point(0.5, 0.5), Point(0.516, 0.516), False),
        (Bitmask(4, 2, "242"), Bitmask(8, 4, compressed((8, 16, 8))), True),
        (Bitmask(4, 2, "224"), Bitmask(4, 2, "422"), False),
    ],
)
def test_two_shapes_are_in_one_place(one: Shape, other: Shape, *, same: bool) -> None:
    assert taken([{3: one}], [{3: other}]) == [{3} if same else set()]
    assert taken([{3: other}], [{3: one}]) == [{3} if same else set()]
    assert taken([{3: one}], [{4: other}]) == [set()]


def path(shape: Shape, *frames: int) -> dict[int, Shape]:
    return dict.fromkeys(frames, shape)


@pytest.mark.parametrize(
    ("things", "standing", "gives_way"),
    [
        ([path(HERE, 0, 1, 2)], [path(NEAR, 1)], [{1}]),
        ([path(HERE, 0, 1, 2)], [path(NEAR, 0), path(NEAR, 2)], [{0, 2}]),
        ([path(HERE, 0), path(HERE, 1)], [path(NEAR, 0, 1, 2)], [{0}, {1}]),
        ([path(HERE, 0, 1, 2)], [path(NEAR, 0, 1) | path(FAR, 2)], [{0, 1, 2}]),
        ([path(HERE, 0, 1, 2, 3)], [path(NEAR, 0, 1) | path(FAR, 2, 3)], [{0, 1, 2, 3}]),
        ([path(HERE, 0, 1, 2)], [path(NEAR, 0) | path(FAR, 1, 2)], [set()]),
        ([path(NEAR, 0), path(HERE, 0)], [path(HERE, 0)], [set(), {0}]),
        ([path(NEAR, 0), path(HERE, 0)], [path(HERE, 0), path(HERE, 0)], [{0}, {0}]),
        ([path(NEAR, 0), path(HERE, 0, 1)], [path(HERE, 0, 1)], [set(), {0, 1}]),
        ([path(HERE, 0), path(HERE, 0)], [path(HERE, 0)], [{0}, set()]),
        ([path(HERE, 0)], [], [set()]),
    ],
    ids=[
        "one frame of a track",
        "two frames of a track",
        "single boxes on a track",
        "also where it was moved",
        "half is enough",
        "less than half is not",
        "the nearest",
        "each to its own",
        "a box that is passed by",
        "the first of equals",
        "nothing stands",
    ],
)
def test_frames_on_which_things_give_way(
    things: Sequence[Path], standing: Sequence[Path], gives_way: list[set[int]]
) -> None:
    assert taken(things, standing) == gives_way


BOXES = st.builds(Box, *[st.sampled_from([0.1, 0.12, 0.15, 0.2, 0.5])] * 4)
PATHS = st.lists(st.dictionaries(st.integers(0, 3), BOXES, min_size=1), max_size=5)


@given(PATHS, PATHS)
def test_on_each_frame_as_many_give_way_as_stand_there_at_most(things: list[Path], standing: list[Path]) -> None:
    found = taken(things, standing)

    assert all(frames <= path.keys() for frames, path in zip(found, things, strict=True))
    gone = Counter(frame for frames in found for frame in frames)
    assert gone <= Counter(frame for path in standing for frame in path)


@given(PATHS)
def test_what_stands_already_gives_way_wholly(things: list[Path]) -> None:
    assert taken(things, things) == [path.keys() for path in things]


@given(st.lists(BOXES, max_size=6), st.lists(BOXES, max_size=6))
def test_on_one_frame_none_that_is_left_lies_where_one_stands_that_had_nothing_give_way(
    boxes: list[Box], standing: list[Box]
) -> None:
    found = taken([{0: box} for box in boxes], [{0: box} for box in standing])

    left = [box for box, frames in zip(boxes, found, strict=True) if not frames]
    covering = sum(any(overlap(box, other) >= 0.5 for box in left) for other in standing)
    assert covering <= len(boxes) - len(left)
