"""Objects that an agent would have drawn beside those that people drew."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from encord_lambda.agents.boxes import bounds, iou
from encord_lambda.labels.proposals import Box, Point, Polyline, Shape, Thing
from encord_lambda.shadow_report.standing import Standing

SAME: Final = 0.5
"""Least overlap (intersection over union of upright boxes) of two drawings of one object."""
PRECISION: Final = 0.95
"""What `accept_above` is to reach."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An object on one frame."""

    frame: int
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposed drawing; `overlap` is that with the person's drawing of the same object, None where there is none."""

    confidence: float
    overlap: float | None


@dataclass(frozen=True, slots=True)
class ObjectsReport:
    """How well an agent draws an object."""

    object: str
    proposed: int
    people: int
    """Drawings by people, on the frames that the agent looked at."""
    matched: int
    precision: float | None
    """Share of the proposed that people drew too, in [0, 1]; None where nothing is proposed."""
    recall: float | None
    """Share of people's that the agent proposed too."""
    mean_iou: float | None
    """Of the matched, in [0.5, 1]."""
    accept_above: float | None
    """The lowest `accept` limit above which 95 % or more of the proposed are matched; None where there is none."""
    accepted: int
    """How many are above it."""
    unjudged: int
    """Proposed where an agent's drawing stands that no person corrected: neither right nor wrong."""


def report(title: str, pairs: Iterable[tuple[tuple[Thing, ...], Standing]]) -> ObjectsReport:
    """Over proposals for finished data units, each with what stands there now. Lines and points are left out."""
    judged: list[Judged] = []
    people = unjudged = 0
    for proposals, standing in pairs:
        mine = list(drawings(title, proposals))
        seen = {place.frame for one in proposals for place in one.placements}
        persons = [
            one for one in drawings(title, standing.things("person")) if one.frame in seen or not standing.is_video
        ]
        agents = list(drawings(title, standing.things("agent")))
        found = match(mine, persons)
        spared = [one for one, overlap in found if overlap is None and _near(one, agents)]
        judged += [Judged(one.confidence, overlap) for one, overlap in found if one not in spared]
        people += len(persons)
        unjudged += len(spared)
    return _report(title, judged, people, unjudged)


def _report(title: str, judged: Sequence[Judged], people: int, unjudged: int) -> ObjectsReport:
    overlaps = [one.overlap for one in judged if one.overlap is not None]
    limit = accept_above(judged)
    return ObjectsReport(
        object=title,
        proposed=len(judged),
        people=people,
        matched=len(overlaps),
        precision=len(overlaps) / len(judged) if judged else None,
        recall=len(overlaps) / people if people else None,
        mean_iou=sum(overlaps) / len(overlaps) if overlaps else None,
        accept_above=limit,
        accepted=sum(limit is not None and one.confidence > limit for one in judged),
        unjudged=unjudged,
    )


def match(mine: Iterable[Drawn], persons: Sequence[Drawn]) -> list[tuple[Drawn, float | None]]:
    """Each proposal, the surest first, with its overlap with the person's drawing it fits best, none taken twice."""
    free = list(persons)
    found: list[tuple[Drawn, float | None]] = []
    for one in sorted(mine, key=lambda each: -each.confidence):
        best = max(free, key=lambda other: _overlap(one, other), default=None)
        if best is None or _overlap(one, best) < SAME:
            found.append((one, None))
        else:
            free.remove(best)
            found.append((one, _overlap(one, best)))
    return found


def accept_above(judged: Sequence[Judged]) -> float | None:
    """The lowest limit above which there are drawings and `PRECISION` of them are matched."""
    for limit in sorted({0.0, *(one.confidence for one in judged)}):
        above = [one for one in judged if one.confidence > limit]
        if above and sum(one.overlap is not None for one in above) >= PRECISION * len(above):
            return limit
    return None


def drawings(title: str, things: Iterable[Thing]) -> Iterator[Drawn]:
    """All of an object's drawings that have an area, frame by frame."""
    for thing in things:
        if thing.object == title:
            for place in thing.placements:
                if (box := _around(place.shape)) is not None:
                    yield Drawn(place.frame, box, place.confidence)


def _around(shape: Shape) -> Box | None:
    try:
        return None if isinstance(shape, Point | Polyline) else bounds(shape)
    except ValueError:  # a bitmask that is none has no area
        return None


def _near(one: Drawn, others: Iterable[Drawn]) -> bool:
    return any(_overlap(one, other) >= SAME for other in others)


def _overlap(one: Drawn, other: Drawn) -> float:
    return iou(one.box, other.box) if one.frame == other.frame else 0.0
