"""Boxes of consecutive sampled frames that are one object instance."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from encord_lambda.agents.boxes import Found, bounds, iou
from encord_lambda.agents.places import Places
from encord_lambda.config_prelabel import Link
from encord_lambda.labels.proposals import Answers, Box, Placement, RotatedBox, Thing

LONGEST: Final = 5_000
"""Frames that an object may span to be interpolated: Encord's SDK takes the longer for a box, the more there are."""


@dataclass(slots=True)
class Track:
    """One object instance, from frame to frame."""

    title: str
    placements: list[Placement]
    last: int = field(default=0)
    """Index of the sampled frame where it was last seen."""
    answers: Answers = ()
    """Its static attributes, as they were told where it was surest; the earliest of equals."""

    def add(self, placement: Placement, static: Answers) -> None:
        """Note where it is next, and what was told of it there."""
        if all(placement.confidence > one.confidence for one in self.placements):
            self.answers = static
        self.placements.append(placement)


def things(frames: Mapping[int, Sequence[Found]], link: Link | None) -> Iterator[Thing]:
    """Objects by frame as object instances: followed from frame to frame, or without `link` each its own.

    `frames` has every frame that was looked at, also those where nothing was seen. Keys are "frame:rank", of the first
    frame, so that a second run over the same objects makes the same ones.
    """
    ranks: Counter[int] = Counter()
    for track in tracks(frames, link) if link else _alone(frames):
        first = track.placements[0].frame
        filled = link and link.interpolate and not is_long(track.placements)
        placements = interpolated(track.placements, frames.keys()) if filled else track.placements
        yield Thing(track.title, tuple(placements), f"{first}:{ranks[first]}", track.answers)
        ranks[first] += 1


def is_long(placements: Sequence[Placement]) -> bool:
    """Whether an object spans too many frames to be interpolated."""
    return placements[-1].frame - placements[0].frame >= LONGEST


def tracks(frames: Mapping[int, Sequence[Found]], link: Link) -> tuple[Track, ...]:
    """Follow objects through the sampled frames, in order of their first frame; `frames` has each one's objects.

    Pairs of an object and a box are taken greedily, the largest overlap first; equals in order of age, then of the
    boxes. A sampled frame without objects counts as out of sight.
    """
    found: list[Track] = []
    near: list[Track] = []
    for index, number in enumerate(sorted(frames)):
        near = [track for track in near if index - track.last <= link.gap + 1]
        begun: list[Track] = []
        taken = _matched(near, frames[number], link.iou)
        for place, box in enumerate(frames[number]):
            placement = _placed(number, box)
            if place in taken:
                near[taken[place]].add(placement, box.static)
                near[taken[place]].last = index
            else:
                begun.append(Track(box.title, [placement], index, box.static))
        near += begun
        found += begun
    return tuple(found)


def _alone(frames: Mapping[int, Sequence[Found]]) -> Iterator[Track]:
    for number, boxes in sorted(frames.items()):
        yield from (Track(one.title, [_placed(number, one)], answers=one.static) for one in boxes)


def _placed(frame: int, one: Found) -> Placement:
    return Placement(frame, one.shape, one.confidence, one.dynamic)


def _matched(near: Sequence[Track], boxes: Sequence[Found], least: float) -> dict[int, int]:
    """Place of a box → place of its track."""
    places: defaultdict[str, Places[int]] = defaultdict(lambda: Places(least))
    for age, track in enumerate(near):
        places[track.title].add(bounds(track.placements[-1].shape), age)
    pairs = [
        (iou(box, other), age, place)
        for place, (title, box) in enumerate((one.title, bounds(one.shape)) for one in boxes)
        for other, age in places[title].near(box)
    ]
    taken: dict[int, int] = {}
    followed: set[int] = set()
    for shared, age, place in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if shared >= least and shared > 0 and place not in taken and age not in followed:
            taken[place] = age
            followed.add(age)
    return taken


def interpolated(placements: Iterable[Placement], looked_at: Collection[int]) -> Iterator[Placement]:
    """The placements, and between each two boxes one for every frame, moved in a straight line.

    Its confidence is the lower one of both ends, so it lies on the same side of every limit as they do. Where a frame
    between was looked at (`looked_at` has their numbers), the object was not seen there: it was gone for a while, and
    nothing is drawn. Polygons and masks cannot be moved so, and are left as they are. Dynamic
    attributes stay as they were on the earlier of both.
    """
    seen = {frame: rank for rank, frame in enumerate(sorted(looked_at))}
    given = list(placements)
    for one, other in pairwise(given):
        yield one
        if seen[other.frame] == seen[one.frame] + 1:
            yield from _between(one, other)
    yield from given[-1:]


def _between(one: Placement, other: Placement) -> Iterator[Placement]:
    if isinstance(one.shape, Box) and isinstance(other.shape, Box):
        sure = min(one.confidence, other.confidence)
        for frame in range(one.frame + 1, other.frame):
            share = (frame - one.frame) / (other.frame - one.frame)
            yield Placement(frame, _moved(one.shape, other.shape, share), sure, one.answers)


def _moved(one: Box, other: Box, share: float) -> Box:
    def at(start: float, end: float) -> float:
        return start + (end - start) * share

    x, y = at(one.x, other.x), at(one.y, other.y)
    width, height = at(one.width, other.width), at(one.height, other.height)
    if isinstance(one, RotatedBox) and isinstance(other, RotatedBox):
        turn = (other.theta - one.theta + 180) % 360 - 180  # the shorter way round
        return RotatedBox(x, y, width, height, (one.theta + turn * share) % 360)
    return Box(x, y, width, height)
