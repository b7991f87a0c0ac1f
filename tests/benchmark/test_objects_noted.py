"""What raters drew that can be counted in part or not at all is noted."""

from math import inf, nan

import numpy as np
import pytest

from encord_lambda.benchmark import comparing, drawings, outlines, tracing
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.object_scores import ObjectScores
from encord_lambda.labels.proposals import Placement, Thing
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox, Shape
from tests.benchmark.drawn import ONTOLOGY, SQUARE, bitmask, scored, thing, things
from tests.benchmark.labelled import BOB, submission, unit

FLAT: list[Shape] = [
    Box(0.1, 0.1, 0.0, 0.2),
    Box(0.1, 0.1, -0.2, -0.2),
    Box(nan, 0.1, 0.2, 0.2),
    Box(0.1, 0.1, inf, 0.2),
    RotatedBox(0.1, 0.1, 0.2, 0.2, nan),
    RotatedBox(0.1, 0.1, 0.2, 0.0, 45.0),
    Polygon(()),
    Polygon(((0.1, 0.1), (0.2, 0.2))),
    Polygon(((0.1, 0.1), (0.2, 0.2), (0.1, 0.1))),
    Polygon(((0.1, 0.1), (0.2, 0.2), (0.3, 0.3))),
    Polygon(((0.1, 0.1), (0.2, nan), (0.1, 0.3))),
    Polyline(((0.1, 0.1),)),
    Polyline(((0.1, 0.1), (0.1, 0.1))),
    Point(nan, 0.1),
    bitmask(np.zeros((100, 100), dtype=bool)),
]


@pytest.mark.parametrize("shape", FLAT, ids=range(len(FLAT)))
def test_what_has_no_area_is_noted_on_either_side_and_counted_on_none(shape: Shape) -> None:
    sound = bitmask(np.ones((100, 100), dtype=bool)) if isinstance(shape, Bitmask) else SQUARE
    (found,), notes = scored(submission(things([shape, sound]), things([sound, shape])))
    assert (found.total.given, found.total.truth, found.total.matched(0.95)) == (1, 1, 1)
    assert notes == {tracing.FLAT: 2}


@pytest.mark.parametrize("rle", ["", "~", "0", "9" * 8, "000000"])
def test_a_malformed_mask_is_noted_and_not_counted(rle: str) -> None:
    (found,), notes = scored(submission([], things([Bitmask(100, 100, rle)])))
    assert (found.total.given, notes) == (0, {tracing.MALFORMED: 1})


def test_a_mask_of_another_size_than_the_picture_is_noted_and_not_counted() -> None:
    (found,), notes = scored(submission([], things([bitmask(np.ones((50, 50), dtype=bool))])))
    assert (found.total.given, notes) == (0, {tracing.MALFORMED: 1})


def test_an_outline_that_crosses_itself_is_counted_and_noted() -> None:
    bow_tie = Polygon(((0.0, 0.0), (0.4, 0.4), (0.4, 0.0), (0.0, 0.4)))
    (found,), notes = scored(submission(things([bow_tie]), things([bow_tie])))
    assert (found.total.matched(0.95), notes) == (1, {tracing.REPAIRED: 2})


@pytest.mark.parametrize("frame", [-1, 3])
def test_an_object_beyond_the_end_is_noted_and_not_counted(frame: int) -> None:
    strayed = Thing("Cat", (Placement(2, SQUARE, 1.0), Placement(frame, SQUARE, 1.0)), "")
    (found,), notes = scored(submission([thing(SQUARE, frame=2)], [strayed], of=unit(frames=3)))
    assert (found.total.given, found.total.f1(0.5), notes) == (1, 1, {drawings.BEYOND: 1})


def test_the_same_twice_in_the_truth_is_noted_and_counts_once() -> None:
    (found,), notes = scored(submission(things([SQUARE, SQUARE]), things([SQUARE])))
    assert (found.total.truth, found.total.f1(0.95), notes) == (1, 1, {outlines.TWICE: 1})


def test_an_object_of_another_ontology_is_noted_and_not_counted() -> None:
    (found,), notes = scored(submission([thing(SQUARE)], [thing(SQUARE, "Unicorn")]))
    assert (found.total.given, list(found.objects), notes) == (0, ["Cat"], {drawings.UNKNOWN: 1})


def test_an_object_in_another_shape_than_the_truth_cannot_match_and_is_noted() -> None:
    corners = ((0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4))
    (found,), notes = scored(submission([thing(SQUARE)], [thing(Polygon(corners))]))
    assert (found.total.breakdown(0.5).surplus, notes) == (1, {comparing.SHAPES: 1})


def test_a_note_says_where() -> None:
    notes = Notes()
    scoring = ObjectScores(ONTOLOGY, notes)
    scoring.add(submission([], [thing(SQUARE, frame=9)], BOB, unit(4)))
    scoring.scores()
    ((_, _, (note,)),) = notes
    assert (note.side, note.rater, note.data, note.title, note.label, note.frame) == (
        ("given", BOB.name, unit(4).data, "unit-4", "Cat", 9)
    )
