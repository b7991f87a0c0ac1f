"""Proposed objects beside those that people drew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.boxes import iou
from encord_lambda.labels.proposals import (
    Bitmask,
    Box,
    Label,
    Placement,
    Point,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Thing,
)
from encord_lambda.shadow_report.objects import PRECISION, SAME, Drawn, Judged, accept_above, match, report
from encord_lambda.shadow_report.standing import Standing

HERE, THERE = Box(0.1, 0.1, 0.2, 0.2), Box(0.6, 0.6, 0.2, 0.2)
SHARES = st.integers(0, 10).map(lambda tenths: tenths / 10)
BOXES = st.builds(Box, SHARES, SHARES, st.sampled_from([0.2, 0.4]), st.sampled_from([0.2, 0.4]))
DRAWN = st.lists(st.builds(Drawn, st.integers(0, 1), BOXES, SHARES), max_size=8)
JUDGED = st.lists(st.builds(Judged, SHARES, st.none() | st.just(1.0)), max_size=12)


def paw(*drawn: tuple[int, Shape, float]) -> Thing:
    return Thing("Paw", tuple(Placement(*one) for one in drawn), "0")


def standing(*labels: Label, is_video: bool = False) -> Standing:
    return Standing("Complete", finished=True, is_video=is_video, labels=labels)


def by_person(*drawn: tuple[int, Shape, float]) -> Label:
    return Label(paw(*drawn), "person", "hash")


def by_agent(*drawn: tuple[int, Shape, float]) -> Label:
    return Label(paw(*drawn), "agent", "hash")


@given(DRAWN, DRAWN)
def test_each_proposal_is_matched_once_with_an_object_on_its_own_frame(mine: list[Drawn], persons: list[Drawn]) -> None:
    found = match(mine, persons)

    overlaps = [overlap for _, overlap in found if overlap is not None]
    assert len(found) == len(mine)
    assert len(overlaps) <= len(persons)
    assert all(overlap >= SAME for overlap in overlaps)
    for one, overlap in found:
        near = [iou(one.box, other.box) for other in persons if other.frame == one.frame]
        assert overlap is None or overlap in near


@given(DRAWN)
def test_what_people_drew_in_the_same_place_is_all_found(persons: list[Drawn]) -> None:
    assert all(overlap == pytest.approx(1) for _, overlap in match(persons, persons))


@given(JUDGED)
def test_the_accept_limit_is_the_lowest_that_is_precise_enough(judged: list[Judged]) -> None:
    limit = accept_above(judged)

    def precise(least: float) -> bool:
        above = [one.overlap is not None for one in judged if one.confidence > least]
        return bool(above) and sum(above) / len(above) >= PRECISION

    assert limit is None or precise(limit)
    assert not any(precise(tenths / 10) for tenths in range(10) if limit is None or tenths / 10 < limit)


def test_another_title_another_frame_and_another_place_are_no_match() -> None:
    there = standing(by_person((0, HERE, 1.0)), Label(Thing("Tail", (Placement(1, HERE, 1.0),), "1"), "person", "h"))

    found = report("Paw", [((paw((0, THERE, 0.9), (1, HERE, 0.8)),), there)])

    assert (found.proposed, found.people, found.matched, found.precision, found.recall) == (2, 1, 0, 0.0, 0.0)
    assert found.mean_iou is None
    assert found.accept_above is None


def test_nothing_proposed_and_nothing_drawn_has_no_precision_and_no_recall() -> None:
    found = report("Paw", [((), standing())])

    assert (found.proposed, found.people, found.precision, found.recall, found.accepted) == (0, 0, None, None, 0)


def test_where_an_agents_object_stands_a_proposal_is_neither_right_nor_wrong() -> None:
    found = report("Paw", [((paw((0, HERE, 0.9)),), standing(by_agent((0, HERE, 1.0))))])

    assert (found.proposed, found.unjudged) == (0, 1)


def test_what_a_person_drew_goes_before_an_agents_object_in_the_same_place() -> None:
    there = standing(by_agent((0, HERE, 1.0)), by_person((0, HERE, 1.0)))

    assert (found := report("Paw", [((paw((0, HERE, 0.9)),), there)])).matched == 1
    assert found.unjudged == 0


@pytest.mark.parametrize(("is_video", "people"), [(True, 1), (False, 2)])
def test_of_a_video_only_the_frames_count_that_the_agent_drew_on(is_video: bool, people: int) -> None:
    there = standing(by_person((0, HERE, 1.0), (5, HERE, 1.0)), is_video=is_video)

    assert report("Paw", [((paw((0, HERE, 0.9)),), there)]).people == people


@pytest.mark.parametrize("shape", [Point(0.5, 0.5), Polyline(((0.0, 0.0), (1.0, 1.0))), Bitmask(2, 2, "no mask")])
def test_what_has_no_area_is_left_out(shape: Shape) -> None:
    found = report("Paw", [((paw((0, shape, 0.9)),), standing(by_person((0, shape, 1.0))))])

    assert (found.proposed, found.people) == (0, 0)


@pytest.mark.parametrize(
    "shape",
    [RotatedBox(0.1, 0.1, 0.2, 0.2, 90), Polygon(((0.1, 0.1), (0.3, 0.1), (0.3, 0.3)))],
)
def test_shapes_are_compared_by_the_upright_box_around_them(shape: Shape) -> None:
    found = report("Paw", [((paw((0, shape, 0.9)),), standing(by_person((0, HERE, 1.0))))])

    assert found.mean_iou == pytest.approx(1)
