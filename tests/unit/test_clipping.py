"""What of a shape is in the picture."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.errors import Reject
from encord_lambda.labels.clipping import inside
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox, Shape

TRIANGLE = ((0.1, 0.1), (0.9, 0.1), (0.5, 0.7))


@pytest.mark.parametrize(
    ("box", "left"),
    [
        (Box(0.1, 0.2, 0.3, 0.4), Box(0.1, 0.2, 0.3, 0.4)),
        (Box(0.0, 0.0, 1.0, 1.0), Box(0.0, 0.0, 1.0, 1.0)),
        (Box(-0.5, 0.25, 1.0, 0.5), Box(0.0, 0.25, 0.5, 0.5)),
        (Box(0.75, 0.75, 1.0, 1.0), Box(0.75, 0.75, 0.25, 0.25)),
        (Box(-1.0, -1.0, 3.0, 3.0), Box(0.0, 0.0, 1.0, 1.0)),
        (Box(1.0, 0.0, 0.5, 0.5), None),
        (Box(-0.5, 0.0, 0.5, 0.5), None),
        (Box(0.5, 0.5, 0.0, 0.1), None),
        (Box(0.5, 0.5, -0.1, 0.1), None),
    ],
)
def test_a_box_is_cut_at_the_edges(box: Box, left: Box | None) -> None:
    assert inside(box) == left


@pytest.mark.parametrize(
    ("points", "left"),
    [
        (TRIANGLE, TRIANGLE),
        (((0.5, 0.5), (2.0, 0.5), (0.5, 1.0)), None),
        (((2.0, 2.0), (3.0, 2.0), (2.0, 3.0)), ()),
        (((0.1, 0.1), (0.5, 0.1), (0.9, 0.1)), ()),
    ],
    ids=["inside", "crossing", "outside", "without an area"],
)
def test_a_polygon_is_cut_at_the_edges(
    points: tuple[tuple[float, float], ...], left: tuple[tuple[float, float], ...] | None
) -> None:
    found = inside(Polygon(points))

    if left is None:
        assert isinstance(found, Polygon)
        assert {(round(x, 3), round(y, 3)) for x, y in found.points} == {(0.5, 0.5), (1, 0.5), (1, 0.833), (0.5, 1)}
    else:
        assert found == (Polygon(left) if left else None)


@pytest.mark.parametrize(
    ("shape", "left"),
    [
        (Polyline(((0.5, 0.5), (1.5, 0.5))), Polyline(((0.5, 0.5), (1.0, 0.5)))),
        (Polyline(((1.5, 0.5), (2.5, 0.5))), None),
        (Point(0.0, 1.0), Point(0.0, 1.0)),
        (Point(0.0, 1.1), None),
        (RotatedBox(-0.2, 0.1, 0.6, 0.2, 30), RotatedBox(-0.2, 0.1, 0.6, 0.2, 30)),
        (RotatedBox(-0.5, 0.1, 0.6, 0.2, 30), None),
        (RotatedBox(0.5, 0.1, 0.0, 0.2, 30), None),
        (Bitmask(2, 2, "04"), Bitmask(2, 2, "04")),
    ],
)
def test_other_shapes_stay_while_something_of_them_is_in_the_picture(shape: Shape, left: Shape | None) -> None:
    assert inside(shape) == left


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("shape", [Box, RotatedBox, Point, Polygon, Polyline])
def test_a_coordinate_that_is_no_number_is_rejected(shape: type, number: float) -> None:
    fields = {Box: 4, RotatedBox: 5, Point: 2}
    broken = shape(*[number] * fields[shape]) if shape in fields else shape((*TRIANGLE, (number, 0.5)))

    with pytest.raises(Reject, match=rf"a {shape.__name__} has a coordinate that is no number"):
        inside(broken)


@pytest.mark.parametrize(("shape", "least"), [(Polygon(TRIANGLE[:2]), 3), (Polyline(TRIANGLE[:1]), 2)])
def test_too_few_points_are_rejected(shape: Shape, least: int) -> None:
    with pytest.raises(Reject, match=f"points are too few: {least} are needed"):
        inside(shape)


EDGES = st.floats(-2, 3)
SIZES = st.floats(0, 2)


@given(EDGES, EDGES, SIZES, SIZES)
def test_what_is_left_of_a_box_is_in_the_picture_and_in_the_box(
    x: float, y: float, width: float, height: float
) -> None:
    found = inside(Box(x, y, width, height))

    if isinstance(found, Box):
        assert 0 <= found.x <= found.x + found.width <= 1 + 1e-9
        assert 0 <= found.y <= found.y + found.height <= 1 + 1e-9
        assert x <= found.x
        assert found.x + found.width <= x + width + 1e-9
        assert found.width > 0 < found.height
        assert inside(found) == found


@given(st.lists(st.tuples(EDGES, EDGES), min_size=3, max_size=8))
def test_what_is_left_of_a_polygon_is_in_the_picture(points: list[tuple[float, float]]) -> None:
    found = inside(Polygon(tuple(points)))

    if isinstance(found, Polygon):
        assert all(0 <= value <= 1 for point in found.points for value in point)
        assert len(found.points) >= 3
