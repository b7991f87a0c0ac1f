"""Which detectors are asked about a picture, and what their answers come to."""

import json
from collections import Counter
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Picture, Tools, Usage
from encord_lambda.agents.boxes import Found
from encord_lambda.agents.detector import Detected
from encord_lambda.agents.looking import agreed, look
from encord_lambda.agents.naming import Seen
from encord_lambda.agents.thresholds import sort
from encord_lambda.config_prelabel import Agree
from encord_lambda.errors import Misconfigured, OverBudget, Reject, Retry, Trouble
from encord_lambda.labels.ontology import Attribute, Object, Option
from tests.fakes.stages import ScriptedModel, ScriptedPictures
from tests.unit.prelabel.drawn import FOUND, HTTP, a_config, found
from tests.unit.prelabel.scripted import SECONDS, Says, ScriptedDetectors, another, seen, tools

PICTURE = Picture(b"picture", "image/jpeg")
POSE = Attribute("Pose", "radio", (Option("sits"), Option("lies")), dynamic=True)
AGE = Attribute("Age", "numeric")
OBJECTS = {title: Object(title, "bounding_box", (POSE, AGE)) for title in ("Cat", "Dog")}
CHAIN = a_config(escalate=[another("dear"), another("dearest")])
AGREEING = a_config(agree={"detector": another("second"), "iou": 0.5})
SURE, UNSURE = [seen(confidence=0.99)], [seen(confidence=0.6)]


def asked(hand: Tools) -> list[str]:
    return [name for name, _ in cast("ScriptedDetectors", hand.detector).asked]


def test_labels_become_objects_and_those_without_one_are_counted() -> None:
    told = [seen("cat"), seen("horse"), seen("dog", x=0.5), seen("horse", x=0.7), seen("Cat")]

    looked = look(a_config(), OBJECTS, PICTURE, tools(told))

    assert looked == Seen((found("Cat"), found("Dog", x=0.5)), Counter({"horse": 2, "Cat": 1}), 0, Usage(SECONDS))


def test_two_labels_may_lead_to_one_object_and_overlap_there() -> None:
    config = a_config(classes={"cat": "Cat", "kitten": "Cat"}, accept=0.9)

    looked = look(config, OBJECTS, PICTURE, tools([seen("cat", 0.8), seen("kitten", 0.95)]))

    assert looked.found == (found("Cat", 0.95),)


def test_what_is_smaller_than_the_smallest_is_unusable() -> None:
    told = Detected((seen(), seen(x=0.6)), Usage(SECONDS), refused=1)

    assert look(a_config(smallest=0.3), OBJECTS, PICTURE, tools({"detector": told})).refused == 3
    assert look(a_config(smallest=0.2), OBJECTS, PICTURE, tools({"detector": told})).refused == 1


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        (SURE, SURE, ["detector"]),
        ([], SURE, ["detector", "dear"]),
        ([seen(confidence=0.4)], SURE, ["detector", "dear"]),
        (UNSURE, SURE, ["detector", "dear"]),
        (UNSURE, UNSURE, ["detector", "dear", "dearest"]),
        ([*SURE, seen("dog", 0.6)], SURE, ["detector", "dear"]),
        (UNSURE, [], ["detector", "dear", "dearest"]),
    ],
    ids=["sure", "nothing", "nothing kept", "unsure", "unsure twice", "one unsure", "nothing then"],
)
def test_the_next_detector_is_asked_while_the_last_leaves_doubts(
    first: list[object], second: list[object], names: list[str]
) -> None:
    hand = tools({"detector": first, "dear": second, "dearest": UNSURE})  # type: ignore[dict-item]

    looked = look(CHAIN, OBJECTS, PICTURE, hand)

    assert asked(hand) == names
    assert looked.usage.seconds == SECONDS * len(names)


def test_the_last_detector_that_was_asked_is_believed() -> None:
    looked = look(CHAIN, OBJECTS, PICTURE, tools({"detector": UNSURE, "dear": [seen("dog", 0.99)], "dearest": SURE}))

    assert looked.found == (found("Dog", 0.99),)


def test_what_two_detectors_see_is_as_sure_as_the_less_sure_one() -> None:
    looked = look(
        AGREEING, OBJECTS, PICTURE, tools({"detector": [seen("cat", 0.99)], "second": [seen("cat", 0.93, x=0.12)]})
    )

    assert looked.found == (found("Cat", 0.93),)
    assert looked.usage.seconds == 2 * SECONDS


@pytest.mark.parametrize(
    "told",
    [
        {"detector": [seen("cat", 0.99)]},
        {"second": [seen("cat", 0.99)]},
        {"detector": [seen("cat", 0.99)], "second": [seen("cat", 0.99, x=0.25)]},
        {"detector": [seen("cat", 0.99)], "second": [seen("dog", 0.99)]},
    ],
    ids=["only the first", "only the second", "elsewhere", "another object"],
)
def test_what_only_one_detector_sees_is_reviewed(told: dict[str, list[object]]) -> None:
    looked = look(AGREEING, OBJECTS, PICTURE, tools(told))  # type: ignore[arg-type]

    piles = sort(looked.found, AGREEING)
    assert piles.accepted == ()
    assert piles.review == looked.found
    assert {one.confidence for one in looked.found} <= {0.90, 0.95}


@pytest.mark.parametrize("trouble", [Reject("too dark"), Retry("502"), OverBudget("spent"), Misconfigured("mend it")])
@pytest.mark.parametrize("who", ["detector", "second"])
def test_nothing_is_agreed_on_with_a_detector_in_trouble(who: str, trouble: Trouble) -> None:
    """The other one's answer is not half an agreement: it does not count."""
    says: dict[str, Says] = {"detector": SURE, "second": SURE, who: trouble}

    with pytest.raises(type(trouble)) as met:
        look(AGREEING, OBJECTS, PICTURE, tools(says))

    assert met.value is trouble


@pytest.mark.parametrize("trouble", [Reject("too dark"), Retry("502"), OverBudget("spent"), Misconfigured("mend it")])
def test_a_dearer_detector_in_trouble_leaves_the_doubts(trouble: Trouble) -> None:
    with pytest.raises(type(trouble)) as met:
        look(CHAIN, OBJECTS, PICTURE, tools({"detector": UNSURE, "dear": trouble}))

    assert met.value is trouble


@given(st.lists(FOUND, max_size=6), st.lists(FOUND, max_size=6), st.floats(0.01, 1))
def test_nothing_is_accepted_that_one_detector_alone_would_not_accept(
    first: list[Found], second: list[Found], least: float
) -> None:
    agree = Agree.model_validate({"detector": HTTP, "iou": least})
    config = a_config()

    accepted = sort(agreed(first, second, config, agree), config).accepted

    assert {one.title for one in accepted} <= {one.title for one in sort(first, config).accepted}
    assert {one.title for one in accepted} <= {one.title for one in sort(second, config).accepted}


def test_attributes_become_answers_and_those_the_ontology_does_not_allow_are_counted() -> None:
    told = [
        replace(seen("cat"), attributes={"Age": 3, "Pose": "sits"}),
        replace(seen("dog", x=0.5), attributes={"Pose": "flies", "Age": 4, "Owner": "me"}),
    ]

    looked = look(a_config(), OBJECTS, PICTURE, tools(told))

    cat, dog = looked.found
    assert (cat.static, cat.dynamic) == ((("Age", 3.0),), (("Pose", "sits"),))
    assert (dog.static, dog.dynamic) == ((("Age", 4.0),), ())
    assert (looked.misanswered, looked.refused) == (2, 0)


def test_a_language_model_is_asked_for_the_ontologys_objects() -> None:
    attributes = {"Pose": "lies", "Age": None}
    thing = {"confidence": 0.9, "box": {"x": 0.1, "y": 0, "width": 0.2, "height": 0.2}, "attributes": attributes}
    model = ScriptedModel(lambda _: json.dumps({"things": [{"Cat": thing}]}))
    config = a_config(detector={"kind": "vision", "model": "openai:m"}, classes={"7": "Cat", "8": "Dog", "9": "Cat"})

    looked = look(config, OBJECTS, PICTURE, Tools(model, ScriptedPictures()))

    assert looked.found == (replace(found("Cat", 0.9), dynamic=(("Pose", "lies"),)),)
    [question] = model.questions
    assert (question.model, question.pictures) == ("openai:m", (PICTURE,))
    assert "- Cat: draw `box`\n" in question.prompt


def test_without_detectors_the_deployment_is_wrong() -> None:
    with pytest.raises(Misconfigured, match="asks for one of kind http"):
        look(a_config(), OBJECTS, PICTURE, Tools(ScriptedModel(), ScriptedPictures()))


def test_a_detectors_trouble_is_passed_on() -> None:
    with pytest.raises(Retry, match="busy"):
        look(a_config(), OBJECTS, PICTURE, tools({"detector": Retry("busy")}))
