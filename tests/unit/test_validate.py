"""Rules for labels: what is told of each fault, and what is none."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.boxes import iou
from encord_lambda.agents.validate import Fault, ValidateAgent, told
from encord_lambda.config_editor import EditorValidate
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Attribute, Classification, Object, Ontology, Option
from encord_lambda.labels.proposals import Answer, Answers, Choice, Label, Placement, Thing
from encord_lambda.labels.shapes import Box, Point
from tests.fakes.stages import tools
from tests.fakes.units import a_unit

COAT = Option("Coat", (Attribute("Colour", "text", required=True),))
ONTOLOGY = Ontology(
    (Classification("Weather", "text"), Classification("Place", "text", whole=True)),
    (
        Object(
            "Dog",
            "bounding_box",
            (
                Attribute("Breed", "text", required=True),
                Attribute("Wears", "radio", (COAT, Option("Nothing"))),
                Attribute("Pose", "text", required=True, dynamic=True),
            ),
        ),
        Object("Eye", "point"),
    ),
)
GOOD: Answers = (("Breed", "Pug"),)
SITS: Answers = (("Pose", "sits"),)
HERE, THERE = Box(0.1, 0.1, 0.2, 0.2), Box(0.5, 0.5, 0.2, 0.2)


def dog(identity: str = "dog00001", box: Box = HERE, frame: int = 0, *, static: Answers = GOOD) -> Label:
    return Label(Thing("Dog", (Placement(frame, box, 1.0, SITS),), identity, static), "person", identity)


def faults(*labels: Label, frames: int = 1, selected: tuple[str, ...] = (), **rules: object) -> list[Fault]:
    agent = ValidateAgent(EditorValidate.model_validate({"kind": "validate", **rules}))
    unit = replace(a_unit("one", "url", ONTOLOGY), labels=lambda: labels, selected=selected, frames=frames)
    return list(agent.faults(unit))


def test_labels_that_keep_the_rules_are_faultless() -> None:
    agent = ValidateAgent(EditorValidate(kind="validate", overlap={"default": 0.5}, smallest={"default": 0.1}))
    unit = replace(a_unit("one", "url", ONTOLOGY), labels=lambda: (dog(), dog("dog00002", THERE)))

    assert (found := agent.decide(unit, tools())).answer == "faultless"
    assert (found.message, found.proposals) == ("no faults found", ())


def test_a_fault_is_told_to_the_annotator() -> None:
    agent = ValidateAgent(EditorValidate(kind="validate", answered=["Weather"]))
    found = agent.decide(a_unit("one", "url", ONTOLOGY), tools())

    assert (found.answer, found.message) == ("faulty", "'Weather' is not answered")


@pytest.mark.parametrize(
    ("static", "missing"),
    [
        ((), "'Breed'"),
        ((("Breed", "Pug"), ("Wears", "Coat")), "'Colour'"),
        ((("Breed", "Pug"), ("Wears", Choice("Coat", (("Colour", "red"),)))), None),
        ((("Breed", "Pug"), ("Wears", "Nothing")), None),
    ],
)
def test_required_attributes_must_be_answered_and_those_of_chosen_options(static: Answers, missing: str | None) -> None:
    expected = [Fault(f"{missing} of a 'Dog' is not answered")] if missing else []

    assert faults(dog(static=static)) == expected
    assert faults(dog(static=static), required_attributes=False) == []


def test_a_dynamic_attribute_is_missed_on_its_frame() -> None:
    placements = (Placement(3, HERE, 1.0, SITS), Placement(4, HERE, 1.0))
    label = Label(Thing("Dog", placements, "key", GOOD), "person", "dog00001")

    assert faults(label) == [Fault("'Pose' of a 'Dog' is not answered", 4)]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(0, 0, 0.1, 0.9), []),
        (Box(0, 0, 0.09, 0.5), ["a 'Dog' is smaller than 0.1 of the picture"]),
        (Box(0, 0, 0.5, 0.09), ["a 'Dog' is smaller than 0.1 of the picture"]),
        (Box(0, 0, 0.91, 0.5), ["a 'Dog' is larger than 0.9 of the picture"]),
        (
            Box(0, 0, 0.01, 1.0),
            ["a 'Dog' is smaller than 0.1 of the picture", "a 'Dog' is larger than 0.9 of the picture"],
        ),
    ],
)
def test_sizes_have_limits(box: Box, expected: list[str]) -> None:
    assert [one.what for one in faults(dog(box=box), smallest=0.1, largest={"Dog": 0.9})] == expected
    assert faults(dog(box=box), smallest={"Eye": 0.1}) == []


def test_a_point_has_no_size() -> None:
    eye = Label(Thing("Eye", (Placement(0, Point(0.5, 0.5), 1.0),), "key"), "person", "eye00001")

    assert faults(eye, smallest=0.5) == []


def test_only_the_same_object_on_the_same_frame_overlaps() -> None:
    standing = (dog("dog00001", frame=1), dog("dog00002", frame=2), dog("dog00003", THERE, 1))

    assert faults(*standing, overlap=0.5) == []
    assert faults(*standing, dog("dog00004", frame=2), overlap=0.5) == [Fault("two 'Dog' overlap by more than 0.5", 2)]


def test_of_selected_objects_alone_only_their_faults_are_told() -> None:
    labels = (dog("dog00001", static=()), dog("dog00002"), dog("dog00003", THERE))
    rules: dict[str, Any] = {"answered": ["Weather"], "overlap": 0.5}

    assert faults(*labels, selected=("dog00003",), **rules) == []
    assert faults(*labels, selected=("dog00002",), **rules) == [Fault("two 'Dog' overlap by more than 0.5", 0)]
    assert len(faults(*labels, **rules)) == 3


def test_an_answer_counts_wherever_it_stands() -> None:
    answer = Label(Answer("Weather", "fine", 1.0, frame=3), "agent", "answer01")

    assert faults(answer, answered=["Weather"], frames=9) == []


def test_a_classification_that_the_ontology_lacks_is_a_wrong_setup() -> None:
    with pytest.raises(Misconfigured, match="no classification titled 'Smell'"):
        faults(answered=["Smell"])


BOXES = st.builds(Box, *[st.floats(0, 0.5)] * 2, *[st.floats(0.01, 0.5)] * 2)


@given(st.lists(BOXES, max_size=6), st.floats(0, 1))
def test_two_overlap_exactly_if_any_pair_does(boxes: list[Box], most: float) -> None:
    labels = [dog(f"dog{number:05}", box) for number, box in enumerate(boxes)]
    pairs = [iou(one, other) > most for at, one in enumerate(boxes) for other in boxes[:at]]

    assert bool(faults(*labels, overlap=most)) is any(pairs)


@given(st.lists(st.builds(Fault, st.text(min_size=1, max_size=300), st.none() | st.integers(0, 10**6)), max_size=40))
def test_what_is_told_fits_into_a_message(found: list[Fault]) -> None:
    message = told(found, several=True)

    assert 0 < len(message) <= 256
    if len(found) > 1 and "; and " not in message[-30:]:
        assert all(one.what in message for one in found)
