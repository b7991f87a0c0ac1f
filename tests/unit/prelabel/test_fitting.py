"""What becomes of a detector's shape where the ontology draws the object otherwise."""

from dataclasses import astuple

import pytest

from encord_lambda.agents.agent import Picture
from encord_lambda.agents.fitting import fitted
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Object
from encord_lambda.labels.shapes import Box, Point, Polygon, Polyline, RotatedBox, Shape

PICTURE = Picture(b"", "image/jpeg", 1600, 900)
CORNER = Polygon(((0.0, 0.0), (0.5, 0.0), (0.0, 0.25)))


@pytest.mark.parametrize(
    ("shape", "wanted", "drawn"),
    [
        (CORNER, "polygon", CORNER),
        (CORNER, "bounding_box", Box(0.0, 0.0, 0.5, 0.25)),
        (Box(0.0, 0.0, 0.5, 0.25), "rotatable_bounding_box", RotatedBox(0.0, 0.0, 0.5, 0.25, 0.0)),
        (RotatedBox(0.1, 0.2, 0.5, 0.25, 0.0), "bounding_box", Box(0.1, 0.2, 0.5, 0.25)),
        (Point(0.5, 0.5), "point", Point(0.5, 0.5)),
    ],
)
def test_an_area_fits_into_a_box_and_every_shape_into_its_own(shape: Shape, wanted: str, drawn: Shape) -> None:
    assert fitted(shape, Object("Cat", wanted), PICTURE) == drawn


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [(Box(0.0, 0.0, 0.5, 0.5), "polygon"), (Point(0.5, 0.5), "bounding_box"), (Polyline(((0, 0), (1, 1))), "polygon")],
)
def test_more_than_the_detector_tells_cannot_be_drawn(shape: Shape, wanted: str) -> None:
    with pytest.raises(Misconfigured, match=f"'Cat' is of shape {wanted}; the detector answers with a "):
        fitted(shape, Object("Cat", wanted), PICTURE)


def test_a_box_that_is_turned_is_turned_by_pixels_not_by_fractions() -> None:
    lying = RotatedBox(0.25, 0.4, 0.5, 0.2, 90.0)  # 800 x 180 pixels around the centre

    box = fitted(lying, Object("Cat", "bounding_box"), PICTURE)

    assert astuple(box) == pytest.approx((710 / 1600, 50 / 900, 180 / 1600, 800 / 900))
