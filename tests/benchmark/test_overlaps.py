"""How far shapes overlap: as pycocotools has it, as geometry has it, and what is true of all."""

from math import cos, pi, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pycocotools import mask as masks

from encord_lambda.benchmark.overlaps import NEAR
from encord_lambda.benchmark.tracing import LINE_THICKNESS, POINT_TOLERANCE
from encord_lambda.labels.shapes import Box, Point, Polygon, Polyline, RotatedBox, Shape
from tests.benchmark.drawn import bitmask, overlap, overlaps

PLACE = st.floats(0, 0.7)
EXTENT = st.floats(0.01, 0.3)
BOXES = st.builds(Box, PLACE, PLACE, EXTENT, EXTENT)
TURNED = st.builds(RotatedBox, PLACE, PLACE, EXTENT, EXTENT, st.floats(-360, 360))
CORNERS = st.tuples(st.floats(0, 0.5), st.floats(0, 0.5))
TRIANGLES = CORNERS.map(lambda at: Polygon((at, (at[0] + 0.3, at[1]), (at[0], at[1] + 0.4))))
LINES = CORNERS.map(lambda at: Polyline((at, (at[0] + 0.3, at[1]), (at[0] + 0.1, at[1] + 0.4))))
POINTS = st.builds(Point, st.floats(0, 0.02), st.floats(0, 0.02))
DISTINCT = st.lists(BOXES, min_size=1, max_size=12, unique=True)
KINDS = BOXES, TURNED, TRIANGLES, LINES, POINTS
SHAPES = st.one_of(*(st.lists(kind, min_size=2, max_size=4, unique=True) for kind in KINDS))


def far_enough(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(matrix >= NEAR, matrix, 0.0)


@settings(max_examples=50)
@given(DISTINCT, DISTINCT)
def test_boxes_overlap_as_in_pycocotools(mine: list[Box], true: list[Box]) -> None:
    rows = [np.array([(one.x, one.y, one.width, one.height) for one in side]) for side in (mine, true)]
    expected = far_enough(masks.iou(*rows, [0] * len(true)))
    assert overlaps(mine, true) == pytest.approx(expected, abs=1e-9)


def test_bitmasks_overlap_as_their_pixels_do() -> None:
    source = np.random.default_rng(5)
    filled = np.arange(37)[:, None] + np.arange(53) > source.integers(10, 80, (8, 1, 1))
    pixels = filled ^ (source.random((8, 37, 53)) < 0.2)
    flat = pixels.reshape(8, -1).astype(float)
    common = flat @ flat.T
    expected = common / (flat.sum(axis=1)[:, None] + flat.sum(axis=1) - common)

    shapes = [bitmask(one) for one in pixels]
    assert overlaps(shapes, shapes, 53, 37) == pytest.approx(far_enough(expected), abs=1e-9)


def test_a_square_and_the_same_turned_by_45_degrees_share_an_octagon() -> None:
    square, turned = (RotatedBox(0.3, 0.4, 0.2, 0.4, theta) for theta in (0, 45))
    common = 2 * (sqrt(2) - 1)
    assert overlap(square, turned, 200, 100) == pytest.approx(common / (2 - common), abs=1e-9)


def test_boxes_are_turned_in_pixels() -> None:
    """80 by 10 pixels, and 10 by 80 pixels turned by a right angle more."""
    lying, standing = RotatedBox(0.4, 0.4, 0.2, 0.1, 30), RotatedBox(0.4875, 0.05, 0.025, 0.8, 120)
    assert overlap(lying, standing, 400, 100) == pytest.approx(1, abs=1e-9)


def test_boxes_are_turned_clockwise() -> None:
    """The lower half of a box that goes down to the right."""
    right, down = 0.1 * cos(radians(30)), 0.1 * sin(radians(30))
    whole, half = RotatedBox(0.3, 0.45, 0.4, 0.1, 30), RotatedBox(0.4 + right, 0.45 + down, 0.2, 0.1, 30)
    assert overlap(whole, half) == pytest.approx(0.5, abs=1e-9)


def test_half_of_a_square_overlaps_it_by_a_half() -> None:
    square = Polygon(((0.1, 0.1), (0.3, 0.1), (0.3, 0.3), (0.1, 0.3)))
    assert overlap(square, Polygon(square.points[:3]), 300, 100) == pytest.approx(0.5, abs=1e-9)


def test_an_outline_that_crosses_itself_is_what_it_encloses() -> None:
    bow_tie = Polygon(((0.0, 0.0), (0.4, 0.4), (0.4, 0.0), (0.0, 0.4)))
    wing = Polygon(((0.0, 0.0), (0.2, 0.2), (0.0, 0.4)))
    assert overlap(bow_tie, wing) == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_lines_overlap_by_the_area_around_them(share: float) -> None:
    """A line that slides along itself loses its thickness times the way; its round ends have 32 corners."""
    length, side = 0.4, sqrt(2)
    line, slid = (Polyline(((x, 0.5), (x + length, 0.5))) for x in (0.1, 0.1 + share * length))
    ends = 16 * (LINE_THICKNESS / 2) ** 2 * sin(pi / 16)
    area, lost = length / side * LINE_THICKNESS + ends, share * length / side * LINE_THICKNESS
    assert overlap(line, slid) == pytest.approx((area - lost) / (area + lost), abs=1e-9)
    assert overlap(line, Polyline(line.points[::-1])) == pytest.approx(1, abs=1e-9)


def test_lines_farther_apart_than_they_are_thick_do_not_overlap() -> None:
    line, below = (Polyline(((0.1, y), (0.5, y))) for y in (0.5, 0.5 + 1.01 * LINE_THICKNESS * sqrt(2)))
    assert overlap(line, below) == 0


@pytest.mark.parametrize(("tolerances", "expected"), [(0, 1), (0.5, 2**-0.25), (1, 0.5), (1.5, 2**-2.25), (1.9, 0)])
def test_points_at_the_tolerance_overlap_by_a_half(tolerances: float, expected: float) -> None:
    """On a picture of 400 by 300 pixels, whose diagonal is 500 pixels."""
    apart = tolerances * POINT_TOLERANCE * 500
    assert overlap(Point(0.5, 0.5), Point(0.5 + apart / 400, 0.5), 400, 300) == pytest.approx(expected, abs=1e-9)
    assert overlap(Point(0.5, 0.5), Point(0.5, 0.5 - apart / 300), 400, 300) == pytest.approx(expected, abs=1e-9)


def test_a_picture_of_unknown_size_is_taken_for_a_square() -> None:
    apart = Point(0.5, 0.5), Point(0.5 + POINT_TOLERANCE * sqrt(2), 0.5)
    assert overlap(*apart, 0, 0) == pytest.approx(0.5, abs=1e-9)


@settings(max_examples=50)
@given(SHAPES)
def test_overlap_is_the_same_both_ways_in_any_order_and_whole_with_itself(shapes: list[Shape]) -> None:
    found = overlaps(shapes, shapes, 160, 90)
    assert np.diag(found) == pytest.approx(1, abs=1e-9)
    assert found == pytest.approx(found.T, abs=1e-9)
    assert found.max() <= 1
    assert overlaps(shapes[::-1], shapes, 160, 90) == pytest.approx(found[::-1], abs=1e-9)


def test_different_shapes_do_not_overlap() -> None:
    square = ((0.1, 0.1), (0.3, 0.1), (0.3, 0.3), (0.1, 0.3))
    full: list[Shape] = [Box(0.1, 0.1, 0.2, 0.2), RotatedBox(0.1, 0.1, 0.2, 0.2, 0.0), Polygon(square)]
    assert (overlaps(full, full) > 0).sum() == len(full)


def test_more_pairs_than_are_looked_at_together_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("encord_lambda.benchmark.overlaps.AT_ONCE", 5)
    boxes = [Box(0.05 * place, 0.1, 0.07, 0.1) for place in range(9)]
    alone = [[overlap(one, other) for other in boxes] for one in boxes]
    assert overlaps(boxes, boxes) == pytest.approx(np.array(alone), abs=1e-12)
