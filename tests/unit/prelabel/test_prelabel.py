"""The agent that draws what detectors find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import DataUnit, Decision, Usage
from encord_lambda.agents.boxes import Found
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.agents.prelabel import PrelabelAgent
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.labels.ontology import Object, Ontology
from encord_lambda.labels.proposals import Box, Owned, Placement, Polygon, RotatedBox, Thing
from tests.fakes.units import a_unit
from tests.unit.prelabel.drawn import FOUND, a_config
from tests.unit.prelabel.scripted import SECONDS, seen, tools

OBJECTS = (Object("Cat", "bounding_box"), Object("Dog", "bounding_box"))
UNIT = a_unit("pets.jpg", "picture", Ontology((), OBJECTS))
OUTLINE = Polygon(((0.25, 0.25), (0.75, 0.25), (0.5, 0.5)))


def decide(*told: Detection, **changes: object) -> Decision:
    return PrelabelAgent(a_config(**changes), "Agent 1").decide(UNIT, tools(told))


def drawn_as(shape: str) -> DataUnit:
    return a_unit("pets.jpg", "picture", Ontology((), (Object("Cat", shape), OBJECTS[1])))


def test_boxes_become_objects_and_the_worst_of_them_chooses_the_pathway() -> None:
    assert decide(seen("cat", 0.93), seen("dog", 0.93, x=0.5), seen("dog", 0.4, x=0.7)) == Decision(
        proposals=(
            Thing("Cat", (Placement(0, Box(0.1, 0.0, 0.2, 0.2), 0.93),), "0:0"),
            Thing("Dog", (Placement(0, Box(0.5, 0.0, 0.2, 0.2), 0.93),), "0:1"),
        ),
        answer="review",
        reason="1 accepted, 1 for review, 1 dropped",
        confidence=0.93,
        usage=Usage(SECONDS),
    )


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ([seen("cat", 0.91)], "accepted"),
        ([seen("cat", 0.90)], "review"),
        ([seen("cat", 0.50)], "nothing"),
        ([], "nothing"),
    ],
)
def test_the_answer_is_accepted_review_or_nothing(told: list[Detection], answer: str) -> None:
    assert decide(*told).answer == answer


def test_without_a_box_that_is_kept_nothing_is_proposed_and_no_confidence_stated() -> None:
    decision = decide(seen("cat", 0.5))

    assert (decision.proposals, decision.confidence) == ((), None)


def test_the_reason_names_labels_without_an_object_and_counts_what_means_nothing() -> None:
    told = Detected((seen("horse"), seen("horse", x=0.5), seen("cow"), seen("cat")), Usage(SECONDS), refused=2)

    reason = PrelabelAgent(a_config(), "Agent 1").decide(UNIT, tools({"detector": told})).reason

    assert reason == "1 accepted, 0 for review, 0 dropped; no object for 2 'horse', 1 'cow'; 2 unusable or too small"


def test_the_reason_does_not_name_every_label_of_a_chatty_detector() -> None:
    reason = decide(*(seen(f"label {place} {'x' * 100}") for place in range(9))).reason

    assert reason.endswith("and 4 other labels")
    assert len(reason) < 400


@pytest.mark.parametrize(
    ("shape", "drawn"),
    [
        ("bounding_box", Box(0.25, 0.25, 0.5, 0.25)),
        ("rotatable_bounding_box", RotatedBox(0.25, 0.25, 0.5, 0.25, 0.0)),
        ("polygon", OUTLINE),
    ],
)
def test_an_outline_is_drawn_as_the_ontology_wants_it(shape: str, drawn: Box | Polygon) -> None:
    hand = tools([seen("cat", shape=OUTLINE)])
    [cat] = PrelabelAgent(a_config(), "Agent 1").decide(drawn_as(shape), hand).proposals

    assert isinstance(cat, Thing)
    made = cat.placements[0].shape
    assert type(made) is type(drawn)
    assert repr(made) == repr(drawn)


@pytest.mark.parametrize("shape", ["polygon", "bitmask", "point"])
def test_a_box_cannot_be_drawn_as_something_finer(shape: str) -> None:
    with pytest.raises(Misconfigured, match=f"'Cat' is of shape {shape}; the detector answers with a box"):
        PrelabelAgent(a_config(), "Agent 1").decide(drawn_as(shape), tools([seen("cat")]))


def test_an_object_the_ontology_lacks_is_told_before_any_detector_is_asked() -> None:
    with pytest.raises(Misconfigured, match="no object titled 'Dog'"):
        PrelabelAgent(a_config(), "Agent 1").decide(a_unit("a", "u", Ontology((), OBJECTS[:1])), tools({}))


@pytest.mark.parametrize("trouble", [Retry("busy"), Misconfigured("mend it"), Reject("too dark")])
def test_trouble_with_the_only_picture_is_the_tasks_trouble(trouble: Retry | Reject) -> None:
    with pytest.raises(type(trouble), match=trouble.reason):
        PrelabelAgent(a_config(), "Agent 1").decide(UNIT, tools({"detector": trouble}))


def test_the_labels_are_by_the_stage_s_agent_whatever_its_classes() -> None:
    agent = PrelabelAgent(a_config(classes={"dog": "Dog", "puppy": "Dog", "cat": "Cat"}), "Agent 1")

    assert agent.name == "prelabel:Agent 1"
    assert agent.owned == Owned(objects=("Cat", "Dog"))


@given(st.lists(FOUND, max_size=8))
def test_the_pathway_can_be_recomputed_from_the_confidences_that_are_stored(boxes: list[Found]) -> None:
    told = [Detection(box.title.lower(), box.confidence, box.shape) for box in boxes]
    decision = decide(*told)

    stored = [(one.object, one.placements[0].confidence) for one in decision.proposals if isinstance(one, Thing)]
    limits = {"Cat": 0.90, "Dog": 0.95}
    assert all(confidence > 0.5 for _, confidence in stored)
    doubts = [confidence <= limits[title] for title, confidence in stored]
    assert decision.answer == ("review" if any(doubts) else "accepted" if doubts else "nothing")
