"""The JSON schema of what a model sees on a picture: an array of things, each drawn as the ontology draws its object.

A thing is under its object's title, as a radio's option with nested attributes is (`schema`):
`{"Dog": {"confidence": 0.9, "box": {…}, "attributes": {"Breed": "Pug"}}}`. Coordinates are fractions of the picture.
Static and dynamic attributes are asked alike: the picture is one frame.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from encord_lambda.errors import Misconfigured
from encord_lambda.labels.limits import size
from encord_lambda.labels.ontology import Object
from encord_lambda.labels.schema import NUMBER, closed, plain

THINGS: Final = "things"
"""The key of the array."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """How a shape is written in JSON: under `key`, an object with the `numbers`, or an array of such."""

    key: str
    numbers: tuple[str, ...]
    """In the order in which the shape takes them."""
    several: bool = False

    @property
    def schema(self) -> dict[str, object]:
        """Its JSON schema."""
        one = closed(dict.fromkeys(self.numbers, NUMBER))
        return {"type": "array", "items": one} if self.several else one


GEOMETRIES: Final[Mapping[str, Geometry]] = {
    "bounding_box": Geometry("box", ("x", "y", "width", "height")),
    "rotatable_bounding_box": Geometry("rotated_box", ("x", "y", "width", "height", "theta")),
    "polygon": Geometry("polygon", ("x", "y"), several=True),
    "polyline": Geometry("polyline", ("x", "y"), several=True),
    "point": Geometry("point", ("x", "y")),
}
"""By the ontology's name of the shape; a language model cannot write bitmasks."""


def geometry(drawn: Object) -> Geometry:
    """How an object is drawn in JSON.

    Raises:
        Misconfigured: A language model cannot draw it.
    """
    if drawn.shape not in GEOMETRIES:
        raise Misconfigured(
            f"the object '{drawn.title}' is of shape {drawn.shape}, which a language model (kind: vision) cannot draw; "
            "detectors of kind http and sagemaker can"
        )
    return GEOMETRIES[drawn.shape]


def things(objects: Sequence[Object]) -> dict[str, object]:
    """The schema that allows things of these objects, in any number, and nothing else.

    Raises:
        Misconfigured: As `geometry`.
    """
    branches = [closed({one.title: _thing(one)}) for one in objects]
    items = branches[0] if len(branches) == 1 else {"anyOf": branches}
    return closed({THINGS: {"type": "array", "items": items}})


def looks(objects: Sequence[Object]) -> Iterator[tuple[Object, ...]]:
    """Objects in their order, as they are asked for together within the limits of a schema; mostly that is all.

    One whose attributes are too large even alone has none here: they are to be asked of each thing that is found.
    """
    yield from _fitting(tuple(one if _allowed((one,)) else replace(one, attributes=()) for one in objects))


def _fitting(objects: tuple[Object, ...]) -> Iterator[tuple[Object, ...]]:
    if len(objects) < 2 or _allowed(objects):
        yield objects
        return
    middle = len(objects) // 2
    yield from _fitting(objects[:middle])
    yield from _fitting(objects[middle:])


def _allowed(objects: Sequence[Object]) -> bool:
    return size(things(objects)).allowed


def _thing(drawn: Object) -> dict[str, object]:
    drawing = geometry(drawn)
    asked = {one.title: plain(one) for one in drawn.asked}
    parts = {"confidence": NUMBER, drawing.key: drawing.schema}
    return closed(parts | ({"attributes": closed(asked)} if asked else {}))
