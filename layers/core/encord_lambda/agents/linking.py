"""Boxes of consecutive sampled frames that are one object instance."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from encord_lambda.agents.boxes import Found, overlap
from encord_lambda.config_prelabel import Link
from encord_lambda.labels.proposals import Box, Placement, Thing

FADING = 0.99
"""What each frame away from the nearest sampled one leaves of an interpolated box's confidence."""


@dataclass(slots=True)
class Track:
    """One object instance, from frame to frame."""

    title: str
    placements: list[Placement]
    last: int = field(default=0)
    """Index of the sampled frame where it was last seen."""


def things(frames: Mapping[int, Sequence[Found]], link: Link | None) -> Iterator[Thing]:
    """Objects by frame as object instances: followed from frame to frame, or without `link` each its own.

    Keys are "frame:rank", of the first frame, so that a second run over the same objects makes the same ones.
    """
    ranks: Counter[int] = Counter()
    for track in tracks(frames, link) if link else _alone(frames):
        first = track.placements[0].frame
        placements = interpolated(track.placements) if link and link.interpolate else track.placements
        yield Thing(track.title, tuple(placements), f"{first}:{ranks[first]}")
        ranks[first] += 1


def tracks(frames: Mapping[int, Sequence[Found]], link: Link) -> tuple[Track, ...]:
    """Follow objects through the sampled frames, in order of their first frame; `frames` has each one's objects.

    Pairs of an object and a box are taken greedily, the largest overlap first; equals in order of age, then of the
    boxes. A sampled frame without objects counts as out of sight.
    """
    found: list[Track] = []
    for index, number in enumerate(sorted(frames)):
        boxes = frames[number]
        near = [track for track in found if index - track.last <= link.gap + 1]
        taken = _matched(near, boxes, link.iou)
        for place, box in enumerate(boxes):
            placement = Placement(number, box.shape, box.confidence)
            if place in taken:
                near[taken[place]].placements.append(placement)
                near[taken[place]].last = index
            else:
                found.append(Track(box.title, [placement], index))
    return tuple(found)


def _alone(frames: Mapping[int, Sequence[Found]]) -> Iterator[Track]:
    for number, boxes in sorted(frames.items()):
        yield from (Track(one.title, [Placement(number, one.shape, one.confidence)]) for one in boxes)


def _matched(near: Sequence[Track], boxes: Sequence[Found], least: float) -> dict[int, int]:
    """Place of a box → place of its track."""
    pairs = [
        (overlap(track.placements[-1].shape, box.shape), age, place)
        for age, track in enumerate(near)
        for place, box in enumerate(boxes)
        if track.title == box.title
    ]
    taken: dict[int, int] = {}
    for shared, age, place in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if shared >= least and shared > 0 and place not in taken and age not in taken.values():
            taken[place] = age
    return taken


def interpolated(placements: Iterable[Placement]) -> Iterator[Placement]:
    """The placements, and between each two boxes one for every frame, moved in a straight line.

    Confidence: the lower one of both ends, times 0.99 for each frame to the nearer end. Polygons and masks cannot be
    moved so, and are left as they are.
    """
    given = list(placements)
    for one, other in pairwise(given):
        yield one
        for frame in range(one.frame + 1, other.frame):
            if isinstance(one.shape, Box) and isinstance(other.shape, Box):
                near = min(frame - one.frame, other.frame - frame)
                share = (frame - one.frame) / (other.frame - one.frame)
                sure = min(one.confidence, other.confidence) * FADING**near
                yield Placement(frame, _between(one.shape, other.shape, share), sure)
    yield from given[-1:]


def _between(one: Box, other: Box, share: float) -> Box:
    def at(start: float, end: float) -> float:
        return start + (end - start) * share

    return replace(
        one,
        x=at(one.x, other.x),
        y=at(one.y, other.y),
        width=at(one.width, other.width),
        height=at(one.height, other.height),
    )
