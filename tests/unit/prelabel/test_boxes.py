"""Overlap, clipping, and which of many boxes to keep."""

import math
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.boxes import Found, bounds, confirmed, distinct, iou, large_enough, overlap
from encord_lambda.labels.proposals import Bitmask, Box, Point, Polygon, Polyline, RotatedBox, Shape
from tests.unit.prelabel.drawn import BOXES, FOUND, FRACTIONS, found

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


def test_a_point_and_a_line_have_bounds_but_overlap_nothing() -> None:
    point, line = Point(0.5, 0.5), Polyline(((0.25, 0.5), (0.75, 0.5)))

    assert (bounds(point), bounds(line)) == (Box(0.5, 0.5, 0.0, 0.0), Box(0.25, 0.5, 0.5, 0.0))
    assert overlap(point, point) == overlap(line, line) == 0
    assert large_enough(point, 0.5)
    assert large_enough(line, 0.5)


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
    one, elsewhere = found(x=0.1), found(x=0.7)

    assert confirmed([one, elsewhere], [near, dog, nearer], 0.5) == (nearer, None)
    assert confirmed([one], [near, dog], 0.9) == (None,)


def test_what_lies_elsewhere_confirms_nothing_however_little_is_asked_for() -> None:
    assert confirmed([found(x=0.1)], [found(x=0.7)], 0.0) == (None,)


NEARLY = st.sampled_from([0.3, math.nextafter(0.3, 1), 0.15, 0.45, 0.5, 0.6]) | st.floats(0.3, 0.5)
CROWDED = st.builds(Found, st.sampled_from(["Cat", "Dog"]), FRACTIONS, st.builds(Box, NEARLY, NEARLY, NEARLY, NEARLY))
CROWDS = st.lists(FOUND | CROWDED, max_size=30)
"""Boxes anywhere, of any size, and many that nearly are in one place."""
LIMITS = st.sampled_from([0.0, 0.25, 0.5, 1.0]) | st.floats(0, 1)


@given(CROWDS, LIMITS)
def test_what_stays_is_what_stays_when_every_box_is_compared_with_every_other(boxes: list[Found], most: float) -> None:
    kept: list[Found] = []
    for one in sorted(boxes, key=lambda each: -each.confidence):
        if all(one.title != other.title or overlap(one.shape, other.shape) <= most for other in kept):
            kept.append(one)

    assert distinct(boxes, most) == tuple(kept)


@given(CROWDS, CROWDS, LIMITS)
def test_what_is_confirmed_is_the_same_when_every_box_is_compared_with_every_other(
    boxes: list[Found], others: list[Found], least: float
) -> None:
    def best(one: Found) -> Found | None:
        shared = [(overlap(one.shape, other.shape), other) for other in others if other.title == one.title]
        enough = [pair for pair in shared if pair[0] >= least and pair[0] > 0]
        return max(enough, key=lambda pair: pair[0])[1] if enough else None

    assert confirmed(boxes, others, least) == tuple(map(best, boxes))


def test_a_rotated_box_has_the_upright_one_around_it() -> None:
    lying, standing = Box(0.3, 0.4, 0.4, 0.2), Box(0.4, 0.3, 0.2, 0.4)

    for theta, box in ((0, lying), (180, lying), (90, standing), (270, standing)):
        around = bounds(RotatedBox(0.3, 0.4, 0.4, 0.2, theta))
        assert astuple(around) == pytest.approx(astuple(box))
    assert bounds(RotatedBox(0.4, 0.4, 0.2, 0.2, 45)).width == pytest.approx(0.2 * math.sqrt(2))
