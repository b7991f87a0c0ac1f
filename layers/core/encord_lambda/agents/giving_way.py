"""Which of the drawn things an agent proposes are drawn already: by a person, by another agent, or edited by a person.

On one frame two shapes of the same object are in one place if the upright boxes around them overlap (intersection over
union) by half or more; of two points, if they are no further apart than 2 % of the picture. A thing and an object that
stands are the same if they are in one place on at least half of the frames that both are on. Pairs are taken greedily,
the largest overlap first, and on each frame an object has at most one thing give way: two animals in one place stay
two, but one animal is not drawn twice.

A thing gives way on all frames that both are on: also there a person has said where it is. The frames that only the
thing is on are left to it. So one on a single frame gives way wholly or not at all, and so does a track that a person
corrected somewhere; of a track of which a person drew one frame, the others stay the agent's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import hypot
from typing import Final

from encord_lambda.agents.boxes import bounds, iou
from encord_lambda.agents.places import Places
from encord_lambda.labels.shapes import Box, Point, Polyline, Shape

SAME: Final = 0.5
"""Least overlap of two shapes in one place, and least share of the frames."""
NEAR: Final = 0.02
"""Of the picture: how far apart two points in one place may be, and how thick a line is taken to be at least."""

type Path = Mapping[int, Shape]
"""Where an object is, by frame; all shapes of one kind."""
type _Pair = tuple[float, int, int, frozenset[int]]
"""How unlike, ranks of a thing and of what stands, frames that both are on."""


def taken(things: Sequence[Path], standing: Sequence[Path]) -> list[frozenset[int]]:
    """For each thing the frames on which it gives way to one that stands; all are of the same object.

    Raises:
        ValueError: A bitmask is malformed.
    """
    found: list[set[int]] = [set() for _ in things]
    used: list[set[int]] = [set() for _ in standing]
    for _, one, other, both in sorted(_pairs(things, standing), key=lambda pair: pair[:3]):
        free = both - found[one] - used[other]
        found[one] |= free
        used[other] |= free
    return [frozenset(frames) for frames in found]


def _pairs(things: Sequence[Path], standing: Sequence[Path]) -> Iterator[_Pair]:
    """Things and what stands that are the same."""
    by_frame = _by_frame(standing)
    for one, path in enumerate(things):
        shared: defaultdict[int, list[float]] = defaultdict(list)
        for frame in path.keys() & by_frame.keys():
            for other, likeness in _alike(path[frame], by_frame[frame]):
                shared[other].append(likeness)
        for other, likenesses in shared.items():
            both = frozenset(path.keys() & standing[other].keys())
            if len(likenesses) >= SAME * len(both):
                yield -sum(likenesses) / len(both), one, other, both


def _by_frame(standing: Sequence[Path]) -> Mapping[int, Places[int]]:
    found: defaultdict[int, Places[int]] = defaultdict(lambda: Places(SAME / 2))
    for rank, path in enumerate(standing):
        for frame, shape in path.items():
            found[frame].add(_place(shape), rank)
    return found


def _alike(shape: Shape, standing: Places[int]) -> Iterator[tuple[int, float]]:
    """Ranks of what is in a shape's place, and how much: 1 in exactly the same, `SAME` at the least."""
    box = _place(shape)
    for there, rank in standing.near(box):
        apart = hypot(box.x - there.x, box.y - there.y)
        likeness = 1 - apart * SAME / NEAR if isinstance(shape, Point) else iou(box, there)
        if likeness >= SAME:
            yield rank, likeness


def _place(shape: Shape) -> Box:
    """The box around a shape; around a point or a thin line one that is large enough to be found by."""
    box = bounds(shape)
    match shape:
        case Point():
            least = 2 * NEAR
        case Polyline():
            least = NEAR
        case _:
            return box
    wide, high = max(box.width, least), max(box.height, least)
    return Box(box.x - (wide - box.width) / 2, box.y - (high - box.height) / 2, wide, high)
