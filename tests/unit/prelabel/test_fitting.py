"""What becomes of a detector's shape where the ontology draws the object otherwise."""

import pytest

from encord_lambda.agents.fitting import fitted
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Object
from encord_lambda.labels.shapes import Box, Point, Polygon, Polyline, RotatedBox, Shape

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
    assert fitted(shape, Object("Cat", wanted)) == drawn


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [(Box(0.0, 0.0, 0.5, 0.5), "polygon"), (Point(0.5, 0.5), "bounding_box"), (Polyline(((0, 0), (1, 1))), "polygon")],
)
def test_more_than_the_detector_tells_cannot_be_drawn(shape: Shape, wanted: str) -> None:
    with pytest.raises(Misconfigured, match=f"'Cat' is of shape {wanted}; the detector answers with a "):
        fitted(shape, Object("Cat", wanted))
