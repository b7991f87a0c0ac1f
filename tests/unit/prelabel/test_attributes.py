"""What is told about objects' attributes, from frame to frame."""

from dataclasses import replace

import pytest

from encord_lambda.agents.linking import things
from encord_lambda.agents.prelabel import PrelabelAgent
from encord_lambda.agents.repertoire import repertoire
from encord_lambda.config_prelabel import Link
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Attribute, Object, Ontology, Option
from encord_lambda.labels.proposals import Answers, Thing
from tests.fakes.units import a_unit
from tests.unit.prelabel.drawn import a_config, found
from tests.unit.prelabel.scripted import another, seen, tools

PUG: Answers = (("Breed", "Pug"),)
PULI: Answers = (("Breed", "Puli"),)
SITS: Answers = (("Pose", "sits"),)
LIES: Answers = (("Pose", "lies"),)
CLIP = {
    0: [replace(found(confidence=0.8), static=PULI, dynamic=SITS)],
    2: [replace(found(confidence=0.9), static=PUG, dynamic=LIES)],
    4: [replace(found(confidence=0.9), static=PULI)],
}


def test_static_attributes_are_those_of_the_surest_frame_and_dynamic_ones_each_frames_own() -> None:
    [dog] = things(CLIP, Link())

    assert dog.answers == PUG
    assert [placement.answers for placement in dog.placements] == [SITS, LIES, ()]


def test_between_two_frames_dynamic_attributes_are_those_of_the_earlier_one() -> None:
    [dog] = things(CLIP, Link(interpolate=True))

    assert [placement.answers for placement in dog.placements] == [SITS, SITS, LIES, LIES, ()]


def test_without_linking_each_box_has_its_own_answers() -> None:
    made = things(CLIP, None)

    assert [(one.answers, one.placements[0].answers) for one in made] == [(PULI, SITS), (PUG, LIES), (PULI, ())]


BREED = Attribute("Breed", "radio", (Option("Pug"), Option("Puli")))
POSE = Attribute("Pose", "radio", (Option("sits"), Option("lies")), dynamic=True)
ONTOLOGY = Ontology((), (Object("Cat", "bounding_box"), Object("Dog", "bounding_box", (BREED, POSE))))


def test_a_detectors_answers_are_proposed_and_what_is_left_out_is_said() -> None:
    told = [replace(seen("dog"), attributes={"Breed": "Pug", "Pose": "flies", "Owner": "me"})]

    decision = PrelabelAgent(a_config(), "Agent 1").decide(a_unit("dog", "p0", ONTOLOGY), tools(told))

    [dog] = decision.proposals
    assert isinstance(dog, Thing)
    assert (dog.answers, dog.placements[0].answers) == (PUG, ())
    assert decision.reason.endswith("2 attributes answered as the ontology does not allow, and left out")


MASKED = Ontology((), (Object("Cat", "bitmask"), Object("Dog", "polygon")))
VISION = {"kind": "vision", "model": "openai:m"}


@pytest.mark.parametrize(
    "changes",
    [
        {"detector": VISION},
        {"escalate": [another("dear"), VISION]},
        {"agree": {"detector": VISION}},
    ],
)
def test_a_language_model_for_masks_is_refused_before_anything_is_looked_at(changes: dict[str, object]) -> None:
    with pytest.raises(Misconfigured, match=r"'Cat' is of shape bitmask.*those of kind http and sagemaker can"):
        repertoire(a_config(**changes), MASKED)


def test_detectors_may_draw_masks_and_a_language_model_everything_else() -> None:
    assert repertoire(a_config(), MASKED) == {one.title: one for one in MASKED.objects}
    seeing = a_config(detector=VISION, classes={"dog": "Dog"}, accept=0.9)
    assert repertoire(seeing, MASKED) == {"Dog": MASKED.objects[1]}


def test_the_open_inference_protocol_has_boxes_alone() -> None:
    inference = {"kind": "open_inference", "url": "https://models.example", "model": "m"}
    with pytest.raises(Misconfigured, match=r"'Dog' is of shape polygon; .* answer with: bounding_box, rotatable_boun"):
        repertoire(a_config(detector=inference, classes={"dog": "Dog"}, accept=0.9), MASKED)


def test_an_object_that_the_ontology_lacks_or_has_twice_is_refused() -> None:
    with pytest.raises(Misconfigured, match="no object titled 'Dog'"):
        repertoire(a_config(), Ontology((), (Object("Cat", "point"),)))
    with pytest.raises(Misconfigured, match="2 objects titled 'Cat': rename all but one"):
        repertoire(a_config(), Ontology((), (*MASKED.objects, Object("Cat", "point"))))


def test_points_are_refused_where_two_detectors_must_agree_for_points_never_overlap() -> None:
    points = Ontology((), (Object("Cat", "point"), Object("Dog", "point")))

    assert repertoire(a_config(), points).keys() == {"Cat", "Dog"}
    with pytest.raises(Misconfigured, match="'Cat' is of shape point, which has no overlap"):
        repertoire(a_config(agree={"detector": another("second")}), points)
