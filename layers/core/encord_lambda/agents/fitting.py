"""A detector's shapes as the ontology wants them drawn."""

from encord_lambda.agents.boxes import bounds
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import SHAPES, Object
from encord_lambda.labels.proposals import Box, Point, Polyline, RotatedBox, Shape


def fitted(shape: Shape, drawn: Object) -> Shape:
    """The shape itself, or the upright box around it where the object is a box.

    Raises:
        Misconfigured: The object is drawn with more than the detector tells.
    """
    wanted = SHAPES[drawn.shape]
    if type(shape) is wanted:
        return shape
    if wanted in (Box, RotatedBox) and not isinstance(shape, Point | Polyline):
        box = bounds(shape)
        return box if wanted is Box else RotatedBox(box.x, box.y, box.width, box.height, 0.0)
    told = type(shape).__name__.lower()
    raise Misconfigured(f"the object '{drawn.title}' is of shape {drawn.shape}; the detector answers with a {told}")
