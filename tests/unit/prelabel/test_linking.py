"""Boxes that follow one another from frame to frame are one object instance."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.boxes import Found
from encord_lambda.agents.linking import interpolated, things, tracks
from encord_lambda.config_prelabel import Link
from encord_lambda.labels.proposals import Box, Placement, Polygon, RotatedBox, Thing
from tests.unit.prelabel.drawn import FOUND, FRACTIONS, found

LINK = Link(iou=0.3, gap=1)
CLIPS = st.dictionaries(st.integers(0, 30), st.lists(FOUND, max_size=4), max_size=6)


def frames_of(thing: Thing) -> list[int]:
    return [placement.frame for placement in thing.placements]


def test_without_linking_every_box_is_an_object_of_its_own() -> None:
    made = list(things({5: [found(), found("Dog")], 0: [found()]}, None))

    assert [(one.object, frames_of(one), one.key) for one in made] == [
        ("Cat", [0], "0:0"),
        ("Cat", [5], "5:0"),
        ("Dog", [5], "5:1"),
    ]


def test_a_box_that_moves_a_little_is_the_same_object() -> None:
    [cat] = things({0: [found(x=0.1)], 5: [found(x=0.15)], 10: [found(x=0.2)]}, LINK)

    assert (cat.object, cat.key, frames_of(cat)) == ("Cat", "0:0", [0, 5, 10])
    assert [placement.shape for placement in cat.placements] == [Box(x, 0.0, 0.2, 0.2) for x in (0.1, 0.15, 0.2)]


def test_a_box_that_jumps_and_a_box_of_another_object_begin_new_ones() -> None:
    made = list(things({0: [found(x=0.1)], 5: [found(x=0.7), found("Dog", x=0.1)]}, LINK))

    assert [(one.object, frames_of(one), one.key) for one in made] == [
        ("Cat", [0], "0:0"),
        ("Cat", [5], "5:0"),
        ("Dog", [5], "5:1"),
    ]


@pytest.mark.parametrize(("missing", "objects"), [(0, 1), (1, 1), (2, 2)])
def test_an_object_may_be_out_of_sight_for_as_many_samples_as_the_gap(missing: int, objects: int) -> None:
    clip = {0: [found()], **{5 * n: [] for n in range(1, missing + 1)}, 5 * (missing + 1): [found()]}

    assert len(tracks(clip, LINK)) == objects


def test_each_box_goes_to_the_object_it_overlaps_most() -> None:
    first, second = found(x=0.10), found(x=0.20)
    to_second, to_first = found(x=0.19), found(x=0.11)

    one, other = things({0: [first, second], 1: [to_second, to_first]}, LINK)

    assert [placement.shape for placement in one.placements] == [first.shape, to_first.shape]
    assert [placement.shape for placement in other.placements] == [second.shape, to_second.shape]


def test_boxes_that_only_touch_are_never_linked() -> None:
    assert len(tracks({0: [found(x=0.1)], 1: [found(x=0.5)]}, Link(iou=0.0))) == 2


@given(CLIPS, st.floats(0, 1), st.integers(0, 3))
def test_every_box_is_in_exactly_one_object_and_no_frame_twice(
    clip: dict[int, list[Found]], least: float, gap: int
) -> None:
    made = list(things(clip, Link(iou=least, gap=gap)))

    given_boxes = sorted((n, one.title, one.confidence) for n, boxes in clip.items() for one in boxes)
    assert sorted((p.frame, one.object, p.confidence) for one in made for p in one.placements) == given_boxes
    assert all(frames_of(one) == sorted(set(frames_of(one))) for one in made)
    assert len({one.key for one in made}) == len(made)
    assert list(things(dict(reversed(clip.items())), Link(iou=least, gap=gap))) == made


def test_between_two_boxes_an_object_moves_in_a_straight_line_as_sure_as_the_less_sure_one() -> None:
    ends = [Placement(0, Box(0.0, 0.0, 0.25, 0.25), 0.9), Placement(4, Box(0.5, 0.25, 0.25, 0.5), 0.8)]
    between = list(interpolated(ends, [0, 4]))

    assert [placement.frame for placement in between] == [0, 1, 2, 3, 4]
    assert between[2].shape == Box(0.25, 0.125, 0.25, 0.375)
    assert [placement.confidence for placement in between] == [0.9, 0.8, 0.8, 0.8, 0.8]


def test_a_rotated_box_turns_the_shorter_way() -> None:
    ends = [Placement(frame, RotatedBox(0.0, 0.0, 0.5, 0.25, theta), 0.9) for frame, theta in ((0, 350), (2, 20))]

    assert [placement.shape for placement in interpolated(ends, [0, 2])][1] == RotatedBox(0.0, 0.0, 0.5, 0.25, 5)


def test_linked_objects_are_interpolated_where_that_is_configured() -> None:
    clip = {0: [found()], 3: [found()]}

    assert [frames_of(one) for one in things(clip, Link(interpolate=True))] == [[0, 1, 2, 3]]
    assert [frames_of(one) for one in things(clip, Link())] == [[0, 3]]


def test_an_object_that_was_gone_for_a_while_is_the_same_one_and_not_drawn_meanwhile() -> None:
    clip = {0: [found()], 3: [found()], 6: [found("Dog")], 9: [found()], 11: [found()]}

    cat, dog = things(clip, Link(gap=1, interpolate=True))

    assert (frames_of(cat), frames_of(dog)) == ([0, 1, 2, 3, 9, 10, 11], [6])


def test_a_polygon_is_not_interpolated() -> None:
    outline = Polygon(((0.0, 0.0), (0.2, 0.0), (0.1, 0.2)))
    ends = [Placement(0, outline, 0.9), Placement(4, outline, 0.9)]

    assert list(interpolated(ends, [0, 4])) == ends


@given(CLIPS, FRACTIONS, st.integers(0, 3))
def test_interpolation_draws_only_what_was_seen_at_both_ends_and_is_on_their_side_of_every_limit(
    clip: dict[int, list[Found]], limit: float, gap: int
) -> None:
    for one in things(clip, Link(iou=0.1, gap=gap, interpolate=True)):
        seen = [place for place in one.placements if place.frame in clip]
        assert [place.frame for place in seen] == sorted({place.frame for place in seen})
        for before, after in pairwise(seen):
            between = [place for place in one.placements if before.frame < place.frame < after.frame]
            looked = any(before.frame < number < after.frame for number in clip)
            assert [p.frame for p in between] == ([] if looked else list(range(before.frame + 1, after.frame)))
            assert all(p.confidence == min(before.confidence, after.confidence) for p in between)
        lost = [any(place.confidence <= limit for place in places) for places in (one.placements, seen)]
        assert lost[0] == lost[1]
