"""Proposals as JSON, and the way back: nothing is lost. Fractions, frames and titles are as in `labels.proposals`."""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from encord_lambda.labels.ontology import SHAPES
from encord_lambda.labels.proposals import Answer, Answers, Placement, Proposal, Thing
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox

_KINDS: Final = {shape: kind for kind, shape in SHAPES.items()}

_FIRST: Final = Field(union_mode="left_to_right")  # no two can be the same, and trying all takes twice the time

type ShapeRecord = Annotated[
    tuple[Literal["bounding_box"], Box]
    | tuple[Literal["rotatable_bounding_box"], RotatedBox]
    | tuple[Literal["polygon"], Polygon]
    | tuple[Literal["polyline"], Polyline]
    | tuple[Literal["point"], Point]
    | tuple[Literal["bitmask"], Bitmask],
    _FIRST,
]
"""A shape after its kind, which is Encord's name for it: a polygon has the same fields as a polyline."""


class Record(BaseModel):
    """What is written as JSON; unknown keys, wrong types and numbers that are none are errors, in dataclasses too."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class PlacementRecord(Record):
    """A `Placement`."""

    frame: int
    shape: ShapeRecord
    confidence: float
    answers: Answers = ()


class ThingRecord(Record):
    """A `Thing`."""

    object: str
    placements: tuple[PlacementRecord, ...]
    key: str
    answers: Answers = ()


type ProposalRecord = Annotated[Answer | ThingRecord, _FIRST]


def recorded(proposals: Iterable[Proposal]) -> tuple[ProposalRecord, ...]:
    """Proposals in the form that is written."""
    return tuple(_record(one) if isinstance(one, Thing) else one for one in proposals)


def proposed(records: Iterable[ProposalRecord]) -> tuple[Proposal, ...]:
    """The proposals that were written."""
    return tuple(_thing(one) if isinstance(one, ThingRecord) else one for one in records)


def _record(thing: Thing) -> ThingRecord:
    placements = tuple(map(_placed, thing.placements))
    return ThingRecord(object=thing.object, placements=placements, key=thing.key, answers=thing.answers)


def _placed(one: Placement) -> PlacementRecord:
    shape = (_KINDS[type(one.shape)], one.shape)
    return PlacementRecord.model_validate(
        {"frame": one.frame, "shape": shape, "confidence": one.confidence, "answers": one.answers}
    )


def _thing(record: ThingRecord) -> Thing:
    placements = tuple(Placement(one.frame, one.shape[1], one.confidence, one.answers) for one in record.placements)
    return Thing(record.object, placements, record.key, record.answers)
