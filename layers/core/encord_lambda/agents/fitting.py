"""A detector's shapes as the ontology wants them drawn."""

from encord_lambda.agents.agent import Picture
from encord_lambda.agents.boxes import bounds
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import SHAPES, Object
from encord_lambda.labels.proposals import Box, Point, Polyline, RotatedBox, Shape


def fitted(shape: Shape, drawn: Object, picture: Picture) -> Shape:
    """The shape itself, or the upright box around it where the object is a box.

    Raises:
        Misconfigured: The object is drawn with more than the detector tells.
    """
    wanted = SHAPES[drawn.shape]
    if type(shape) is wanted:
        return shape
    if wanted in (Box, RotatedBox) and not isinstance(shape, Point | Polyline):
        box = _upright(shape, picture.height / picture.width)
        return box if wanted is Box else RotatedBox(box.x, box.y, box.width, box.height, 0.0)
    told = type(shape).__name__.lower()
    raise Misconfigured(f"the object '{drawn.title}' is of shape {drawn.shape}; the detector answers with a {told}")


def _upright(shape: Shape, high: float) -> Box:
    """The box around a shape in a picture so many times as high as wide: what is turned is turned by pixels."""
    if not isinstance(shape, RotatedBox):
        return bounds(shape)
    box = bounds(RotatedBox(shape.x, shape.y * high, shape.width, shape.height * high, shape.theta))
    return Box(box.x, box.y / high, box.width, box.height / high)
