"""What is not as it should be stands on the page, in words, with whose it is."""

from dataclasses import replace
from html import unescape
from uuid import UUID

import pytest

from encord_lambda.benchmark import comparing, drawings, frame_ranges, outlines, reviewed, tracing
from encord_lambda.benchmark.ontology_differences import MOST, differences, unscored
from encord_lambda.benchmark.report_page import page
from encord_lambda.benchmark.reviewed import ReviewedUnit, Unscored
from encord_lambda.labels.ontology import Classification, Object, Ontology, Option
from encord_lambda.labels.proposals import Proposal
from encord_lambda.labels.shapes import Box, Polygon
from tests.benchmark.drawn import FAR, SQUARE, thing
from tests.benchmark.labelled import ANN, answer, submission, unit
from tests.benchmark.reported import reported
from tests.benchmark.test_scoring import TRUTH
from tests.benchmark.waiting import kept
from tests.benchmark.waiting import reviewed as read

FLAT = Box(0.3, 0.3, 0.0, 0.2)
OUTLINE = Polygon(((0.2, 0.2), (0.4, 0.2), (0.4, 0.4)))


@pytest.mark.parametrize(
    ("truth", "given", "what"),
    [
        pytest.param([thing(FLAT)], [], tracing.FLAT, id="a true box without area"),
        pytest.param([], [thing(FLAT)], tracing.FLAT, id="a given box without area"),
        pytest.param([], [thing(SQUARE, frame=3)], drawings.BEYOND, id="an object beyond the end"),
        pytest.param([thing(SQUARE, frame=3)], [], drawings.BEYOND, id="a true object beyond the end"),
        pytest.param([], [answer("Cat", frame=1, last=5)], frame_ranges.BEYOND, id="an answer beyond the end"),
        pytest.param([thing(SQUARE, key=key) for key in "ab"], [], outlines.TWICE, id="a true box twice"),
        pytest.param([answer("Cat"), answer("Dog")], [], frame_ranges.TWICE, id="two true answers"),
        pytest.param([], [thing(SQUARE, "Unicorn")], drawings.UNKNOWN, id="an unknown object"),
        pytest.param([thing(SQUARE)], [thing(OUTLINE)], comparing.SHAPES, id="another shape"),
    ],
)
def test_labels_that_are_not_scored_as_they_stand(truth: list[Proposal], given: list[Proposal], what: str) -> None:
    others = [submission(TRUTH, [*TRUTH, thing(FAR, key="c")], ANN, unit(1))]

    html = page(reported([[submission(truth, given, ANN, unit(0, 2))], others]), {})

    assert f" {what}</summary>" in unescape(html)
    assert "Every label was scored as it stands." not in html


@pytest.mark.parametrize(
    ("seen", "what", "whose"),
    [
        (read(1).model_copy(update={"unscored": (Unscored(rater="x@y.z", why="missing"),)}), "missing", "x@y.z"),
        (read(1).model_copy(update={"unscored": (Unscored(rater="x@y.z", why="twice"),)}), "twice", "x@y.z"),
        (read(1).with_truth(None), "withdrawn", ""),
    ],
    ids=["a branch that is missing", "submitted twice", "no truth any more"],
)
def test_what_is_to_be_known_of_a_data_unit(seen: ReviewedUnit, what: str, whose: str) -> None:
    [note] = seen.remarks()
    assert note.what == (reviewed.WITHDRAWN if what == "withdrawn" else reviewed.WHYS[what])
    assert (note.rater, note.data, note.title) == (whose, UUID(int=1), "unit-1")


def test_a_rater_who_gave_nothing_is_told_of_only_where_something_is_true() -> None:
    silent = tuple(one.model_copy(update={"labels": ()}) for one in read(1).submissions)
    found = read(1).model_copy(update={"submissions": silent})
    assert [(note.what, note.rater) for note in found.remarks()] == [
        (reviewed.NOTHING, one.rater) for one in found.submissions
    ]
    assert list(found.with_truth(()).remarks()) == []
    assert found.with_truth(None).with_truth(kept("Cat")) == found


def test_ontologies_that_differ_are_told_apart_and_a_flood_of_differences_is_counted() -> None:
    shapes = ("bounding_box", "polygon")
    one, other = (Ontology((), (Object("Cat", shape),)) for shape in shapes)
    assert list(differences(one, other)) == [
        ("the ontology of the production project has no object 'Cat' (bounding_box)", 1),
        ("the ontology of the ground truth has no object 'Cat' (polygon)", 1),
    ]
    weather = Classification("Weather", "text", ())
    assert [what for what, _ in differences(Ontology((weather,)), Ontology((replace(weather, whole=True),)))] == [
        "the ontology of the production project has no classification 'Weather' (text)",
        "the ontology of the ground truth has no global classification 'Weather' (text)",
    ]
    many = Ontology((Classification("Kind", "radio", tuple(Option(str(number)) for number in range(99))),))
    *named, rest = differences(many, Ontology(()))
    assert (len(named), rest) == (MOST, ("a further difference between the two ontologies", 100 - MOST))


def test_objects_that_nobody_compares_are_named() -> None:
    shapes = ("skeleton", "polygon")
    assert list(unscored(Ontology((), tuple(Object(shape, shape) for shape in shapes)))) == [
        ("object 'skeleton' is of shape skeleton, which is not scored", 1)
    ]
