"""The answer of a detector that speaks our JSON protocol (docs/detectors.md), read with suspicion.

    {"detections": [{"label": "cat", "confidence": 0.97, "box": [0.1, 0.2, 0.5, 0.6]}]}

One shape each: `box` [x, y, width, height], which `rotation` turns by so many degrees, `polygon` or `polyline`
[[x, y], …] or `point` [x, y] in fractions of the picture, or `mask` as COCO's run-length encoding of the picture's
pixels. A detection that can mean nothing is refused alone and counted; where none is left, the picture is rejected: a
detector that tells pixels would else seem to see nothing, everywhere. `attributes` are passed on as they are.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic_core import from_json

from encord_lambda.agents.agent import Usage
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.agents.masks import extent
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.labels.clipping import inside
from encord_lambda.labels.proposals import Bitmask, Box, Point, Polygon, Polyline, RotatedBox, Shape

MOST: Final = 10_000
"""Detections of one picture, and points of one outline; more is a fault, not a picture."""

Place = Annotated[float, Field(ge=-1, le=2, allow_inf_nan=False)]
"""May reach out of the picture, as detectors' boxes do; what is further away was meant in pixels."""
Spot = Annotated[list[Place], Field(min_length=2, max_length=2)]
Degrees = Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)]
Pixels = Annotated[int, Field(gt=0, le=2048)]
"""Of a mask: as many as a picture has at most when it is sent."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class _Mask(_Strict):
    size: list[Pixels] = Field(min_length=2, max_length=2)
    """Height and width, as COCO has it."""
    counts: str = Field(max_length=1_000_000)


class _Detection(_Strict):
    label: str = Field(min_length=1, max_length=200)
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)
    box: list[Place] | None = Field(None, min_length=4, max_length=4)
    rotation: Degrees | None = None
    """Of the box, clockwise around its centre."""
    polygon: list[Spot] | None = Field(None, min_length=3, max_length=MOST)
    polyline: list[Spot] | None = Field(None, min_length=2, max_length=MOST)
    point: Spot | None = None
    mask: _Mask | None = None
    attributes: dict[str, JsonValue] = {}

    def shape(self) -> Shape:
        """What of the shape lies in the picture.

        Raises:
            ValueError: There is not one shape, or nothing of it lies in the picture.
        """
        shapes = [one for one in (self._box(), *self._points(), self._mask()) if one is not None]
        if len(shapes) != 1:
            raise ValueError("expected one of `box`, `polygon`, `polyline`, `point` and `mask`")
        if self.rotation is not None and self.box is None:
            raise ValueError("`rotation` is that of a `box`")
        left = inside(shapes[0])
        if left is None or (isinstance(left, Bitmask) and not extent(left).width):
            raise ValueError("nothing of it lies in the picture")
        return left

    def _box(self) -> Shape | None:
        if self.box is None:
            return None
        x, y, width, height = self.box
        return Box(x, y, width, height) if self.rotation is None else RotatedBox(x, y, width, height, self.rotation)

    def _points(self) -> Iterator[Shape]:
        if self.polygon is not None:
            yield Polygon(tuple((x, y) for x, y in self.polygon))
        if self.polyline is not None:
            yield Polyline(tuple((x, y) for x, y in self.polyline))
        if self.point is not None:
            yield Point(*self.point)

    def _mask(self) -> Shape | None:
        if self.mask is None:
            return None
        height, width = self.mask.size
        return Bitmask(width, height, self.mask.counts)


class _Reply(_Strict):
    detections: list[Any] = Field(max_length=MOST)


def read(who: str, text: bytes | str, usage: Usage) -> Detected:
    """What `who` (for errors) answered, and what that took.

    Raises:
        Retry: It is no JSON: cut off, or from something in between.
        Misconfigured: It is another protocol.
        Reject: As `usable`.
    """
    try:
        reply = _Reply.model_validate(from_json(text))
    except ValidationError as error:
        raise Misconfigured(f"{who} does not speak the protocol of docs/detectors.md: {_fault(error)}") from None
    except ValueError as error:
        raise Retry(f"{who} answered no JSON: {error}") from None
    return usable(who, reply.detections, usage)


def usable(who: str, told: Sequence[object], usage: Usage) -> Detected:
    """The detections that can mean something; the others are counted.

    Raises:
        Reject: There are some, and none can mean anything; says what is wrong with the first.
    """
    understood = [_understood(one) for one in told]
    detections = tuple(one for one in understood if isinstance(one, Detection))
    faults = [one for one in understood if isinstance(one, str)]
    if faults and not detections:
        raise Reject(f"{who}: none of its {len(faults)} detections can be used; the first: {faults[0]}")
    return Detected(detections, usage, len(faults))


def _understood(told: object) -> Detection | str:
    """A detection, or what is wrong with it."""
    try:
        detection = _Detection.model_validate(told)
        return Detection(detection.label, detection.confidence, detection.shape(), detection.attributes)
    except ValidationError as error:
        return _fault(error)
    except ValueError as error:
        return str(error)


def _fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    return f"{'.'.join(str(step) for step in fault['loc']) or 'it'}: {fault['msg']}"
