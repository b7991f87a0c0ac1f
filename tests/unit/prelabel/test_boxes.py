"""Overlap, clipping, and which of many boxes to keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.boxes import Found, bounds, confirmed, distinct, iou, large_enough, overlap
from encord_lambda.labels.proposals import Bitmask, Box, Point, Polygon, Shape
from tests.unit.prelabel.drawn import BOXES, FOUND, found

MASK = Bitmask(4, 2, "242")


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (Box(0.1, 0.1, 0.2, 0.2), Box(0.1, 0.1, 0.2, 0.2), 1.0),
        (Box(0.0, 0.0, 0.5, 0.5), Box(0.25, 0.0, 0.5, 0.5), 1 / 3),
        (Box(0.0, 0.0, 0.5, 0.5), Box(0.5, 0.0, 0.5, 0.5), 0.0),
        (Box(0.0, 0.0, 1.0, 1.0), Box(0.25, 0.25, 0.5, 0.5), 0.25),
        (Box(0.1, 0.1, 0.0, 0.0), Box(0.1, 0.1, 0.0, 0.0), 0.0),
    ],
    ids=["the same", "half of each", "side by side", "one within the other", "no area"],
)
def test_iou_of(one: Box, other: Box, shared: float) -> None:
    assert iou(one, other) == pytest.approx(shared)


@given(BOXES, BOXES)
def test_iou_is_a_fraction_and_the_same_both_ways(one: Box, other: Box) -> None:
    assert 0 <= iou(one, other) == iou(other, one) <= 1


def test_a_polygon_and_a_mask_overlap_as_the_boxes_around_them() -> None:
    polygon = Polygon(((0.0, 0.0), (0.5, 0.1), (0.2, 0.5)))

    assert bounds(polygon) == Box(0.0, 0.0, 0.5, 0.5)
    assert overlap(polygon, Box(0.25, 0.0, 0.5, 0.5)) == pytest.approx(1 / 3)


def test_no_detector_answers_with_a_point() -> None:
    with pytest.raises(TypeError, match="Point"):
        bounds(Point(0.5, 0.5))


@pytest.mark.parametrize(
    ("shape", "enough"),
    [
        (Box(0.1, 0.1, 0.02, 0.02), True),
        (Box(0.1, 0.1, 0.01, 0.9), False),
        (Box(0.1, 0.1, 0.9, 0.01), False),
        (Polygon(((0.1, 0.1), (0.5, 0.1), (0.9, 0.11))), False),
        (MASK, True),
    ],
    ids=["just so", "narrow", "flat", "a line", "a mask"],
)
def test_a_shape_has_a_least_width_and_height(shape: Shape, *, enough: bool) -> None:
    assert large_enough(shape, 0.02) is enough


def test_of_one_object_found_twice_the_surer_box_stays() -> None:
    once, again, elsewhere = found(confidence=0.8), found(confidence=0.9, x=0.12), found(confidence=0.7, x=0.6)

    assert distinct([once, again, elsewhere], 0.5) == (again, elsewhere)


def test_a_dog_in_the_place_of_a_cat_stays() -> None:
    both = [found("Cat", 0.9), found("Dog", 0.8)]

    assert distinct(both, 0.0) == tuple(both)


def test_an_overlap_that_just_meets_the_limit_is_allowed() -> None:
    both = [Found("Cat", 0.9, Box(0.0, 0.0, 1.0, 1.0)), Found("Cat", 0.8, Box(0.0, 0.0, 1.0, 0.5))]

    assert distinct(both, 0.5) == tuple(both)
    assert distinct(both, 0.49) == (both[0],)


@given(st.lists(FOUND, max_size=12), st.floats(0, 1))
def test_no_two_alike_overlap_and_each_that_went_had_a_surer_one(boxes: list[Found], most: float) -> None:
    kept = distinct(boxes, most)

    assert list(kept) == sorted(kept, key=lambda one: -one.confidence)
    for place, one in enumerate(kept):
        assert all(one.title != other.title or overlap(one.shape, other.shape) <= most for other in kept[:place])
    for gone in (one for one in boxes if one not in kept):
        near = [one for one in kept if one.title == gone.title and overlap(one.shape, gone.shape) > most]
        assert max(one.confidence for one in near) >= gone.confidence
    assert distinct(kept, most) == kept


def test_an_object_is_confirmed_by_the_one_that_overlaps_most() -> None:
    near, nearer, dog = found(x=0.15), found(x=0.12), found("Dog", x=0.1)

    assert confirmed(found(x=0.1), [near, dog, nearer], 0.5) == nearer
    assert confirmed(found(x=0.1), [near, dog], 0.9) is None
