"""The answer of a detector that speaks our JSON protocol (docs/detectors.md), read with suspicion.

    {"detections": [{"label": "cat", "confidence": 0.97, "box": [0.1, 0.2, 0.5, 0.6]}]}

One shape each: `box` [x, y, width, height] or `polygon` [[x, y], …] in fractions of the picture, or `mask` as COCO's
run-length encoding of the picture's pixels. A detection that can mean nothing is refused alone and counted; where none
is left, the picture is rejected: a detector that tells pixels would else seem to see nothing, everywhere.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from encord_lambda.agents.agent import Usage
from encord_lambda.agents.boxes import bounds
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.labels.clipping import inside
from encord_lambda.labels.proposals import Bitmask, Box, Polygon, Shape

MOST: Final = 10_000
"""Detections of one picture; more is a fault, not a picture."""

Place = Annotated[float, Field(ge=-1, le=2, allow_inf_nan=False)]
"""May reach out of the picture, as detectors' boxes do; what is further away was meant in pixels."""
Pixels = Annotated[int, Field(gt=0, le=100_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Mask(_Strict):
    size: list[Pixels] = Field(min_length=2, max_length=2)
    """Height and width, as COCO has it."""
    counts: str


class _Detection(_Strict):
    label: str = Field(min_length=1, max_length=200)
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)
    box: list[Place] | None = Field(None, min_length=4, max_length=4)
    polygon: list[Annotated[list[Place], Field(min_length=2, max_length=2)]] | None = Field(None, min_length=3)
    mask: _Mask | None = None

    def shape(self) -> Shape:
        """What of the shape lies in the picture.

        Raises:
            ValueError: There is not one shape, or nothing of it lies in the picture.
        """
        match self.box, self.polygon, self.mask:
            case [x, y, width, height], None, None:
                shape: Shape = Box(x, y, width, height)
            case None, list(points), None:
                shape = Polygon(tuple((x, y) for x, y in points))
            case None, None, _Mask(size=[height, width], counts=counts):
                shape = Bitmask(width, height, counts)
            case _:
                raise ValueError("expected one of `box`, `polygon` and `mask`")
        left = inside(shape)
        if left is None or not bounds(left).width:
            raise ValueError("nothing of it lies in the picture")
        return left


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
        return Detection(detection.label, detection.confidence, detection.shape())
    except ValidationError as error:
        return _fault(error)
    except ValueError as error:
        return str(error)


def _fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    return f"{'.'.join(str(step) for step in fault['loc']) or 'it'}: {fault['msg']}"
