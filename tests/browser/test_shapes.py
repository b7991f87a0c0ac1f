"""Objects as the SDK writes them, and the SVG they become; no browser needed."""

import pytest
from encord.objects.coordinates import (
    BoundingBoxCoordinates,
    EllipseCoordinates,
    PointCoordinate,
    PolygonCoordinates,
    PolygonCoordsToDict,
    PolylineCoordinates,
    RotatableBoundingBoxCoordinates,
)

from sandbox.encord_twin.pages.shapes import UNCOLOURED, Shape, shape

SIZE = (200, 100)
CORNERS = [PointCoordinate(x=0.1, y=0.2), PointCoordinate(x=0.5, y=0.2), PointCoordinate(x=0.5, y=0.8)]
PLACE = {"top_left_x": 0.1, "top_left_y": 0.2, "width": 0.5, "height": 0.4}


def drawn(key: str, coordinates: object) -> Shape:
    return shape({"name": "Cat", "color": "#112233", "shape": "any", "objectHash": "o", key: coordinates}, SIZE, set())


def test_a_box_is_placed_in_pixels() -> None:
    found = drawn("boundingBox", BoundingBoxCoordinates(**PLACE).to_dict())

    assert found.tag == "rect"
    assert found.attributes == {"x": "20.00", "y": "20.00", "width": "100.00", "height": "40.00"}


def test_a_turned_box_turns_about_its_middle() -> None:
    found = drawn("rotatableBoundingBox", RotatableBoundingBoxCoordinates(**PLACE, theta=30).to_dict())

    assert found.attributes["transform"] == "rotate(30.00 70.00 40.00)"


@pytest.mark.parametrize(
    ("key", "coordinates", "tag", "expected"),
    [
        ("polygon", PolygonCoordinates(CORNERS).to_dict(), "polygon", "20.00 20.00 100.00 20.00 100.00 80.00"),
        ("polyline", PolylineCoordinates(CORNERS).to_dict(), "polyline", "20.00 20.00 100.00 20.00 100.00 80.00"),
        (
            "polygons",
            PolygonCoordinates(CORNERS).to_dict(PolygonCoordsToDict.multiple_polygons),
            "path",
            "M20.00 20.00 100.00 20.00 100.00 80.00Z",
        ),
        ("point", CORNERS[0].to_dict(), "path", "M17.00 20.00a3.00"),
    ],
)
def test_outlines_pass_through_their_points(key: str, coordinates: object, tag: str, expected: str) -> None:
    found = drawn(key, coordinates)

    assert found.tag == tag
    assert (found.attributes.get("points") or found.attributes["d"]).startswith(expected)


def test_an_ellipse_has_its_radii_in_pixels() -> None:
    found = drawn("ellipse", EllipseCoordinates(center_x=0.5, center_y=0.5, rx=0.1, ry=0.2, theta=0).to_dict())

    assert found.attributes == {"cx": "100.00", "cy": "50.00", "rx": "20.00", "ry": "20.00"}


@pytest.mark.parametrize("nonsense", [None, {}, "box", {"x": "left", "y": 0, "w": 1, "h": 1}])
def test_coordinates_that_make_no_sense_are_not_drawn(nonsense: object) -> None:
    assert drawn("boundingBox", nonsense).tag is None


def test_a_colour_that_is_none_cannot_carry_anything_else() -> None:
    assert shape({"color": 'red" onload="x'}, SIZE, set()).colour == UNCOLOURED
