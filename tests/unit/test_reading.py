"""A model's JSON is taken only if the ontology allows it, whatever the provider promised."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.errors import Reject
from encord_lambda.labels.ontology import Attribute, Classification, Ontology, Option
from encord_lambda.labels.proposals import Choice
from encord_lambda.labels.reading import read
from encord_lambda.labels.steps import Said, Step
from tests.fakes import ontologies

BREED = Attribute("Breed", "radio", (Option("Pug"), Option("Poodle")))
AGE = Attribute("Age", "numeric", required=True)
TAGS = Attribute("Tags", "checklist", (Option("wet"), Option("fast")))
NAME = Attribute("Name", "text")
DOG = Option("Dog", (BREED, AGE, TAGS, NAME))
STEP = Step((Classification("Animal", "radio", (Option("Cat"), DOG)),))
FULL = {"Breed": "Pug", "Age": 3, "Tags": ["fast", "wet"], "Name": "Rex"}


def said(answer: object, confidence: object = 0.5) -> Said:
    return read(STEP, json.dumps({"answer": answer, "confidence": confidence}))["Animal"]


def dog(**changed: object) -> dict[str, object]:
    return {"Dog": FULL | changed}


def test_a_full_answer_is_read_in_the_ontologys_order() -> None:
    answers = (("Breed", "Pug"), ("Age", 3.0), ("Tags", ("wet", "fast")), ("Name", "Rex"))

    assert said(dog()) == Said(Choice("Dog", answers), 0.5)


def test_what_is_null_or_empty_is_left_out() -> None:
    assert said(dog(Breed=None, Tags=[], Name=" \n")) == Said(Choice("Dog", (("Age", 3.0),)), 0.5)


def test_an_option_with_nothing_nested_answered_is_its_title() -> None:
    step = Step((Classification("Animal", "radio", (Option("Dog", (NAME,)),)),))

    assert read(step, '{"answer": {"Dog": {"Name": null}}, "confidence": 1}') == {"Animal": Said("Dog", 1.0)}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Fish", "the model answered 'Fish', which is no option of 'Animal'"),
        ({"Fish": {}}, "the model answered 'Fish', which is no option of 'Animal'"),
        (dog(Breed="Puli"), "the model answered 'Puli', which is no option of 'Animal.Dog.Breed'"),
        (dog(Tags=["dry"]), "the model answered 'dry', which is no option of 'Animal.Dog.Tags'"),
    ],
)
def test_an_unknown_option_is_named_with_its_place(answer: object, reason: str) -> None:
    with pytest.raises(Reject) as trouble:
        said(answer)

    assert trouble.value.reason == reason


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ("Dog", "Animal: 'Dog' comes with nested answers"),
        ({"Cat": {}}, "Animal: 'Cat' comes without nested answers"),
        ({}, "Animal: expected an option's title, not an object"),
        ({"Cat": {}, "Dog": FULL}, "Animal: expected an option's title, not an object"),
        (["Cat"], "Animal: expected an option's title, not a list"),
        (True, "Animal: expected an option's title, not True"),
        ({"Dog": None}, "Animal.Dog: expected an object, not None"),
        ({"Dog": {"Age": 3}}, "Animal.Dog: 'Breed' is missing"),
        (dog(Owner="me"), "Animal.Dog: 'Owner' was not asked for"),
        (dog(Age="3"), "Animal.Dog.Age: expected a number, not '3'"),
        (dog(Age=True), "Animal.Dog.Age: expected a number, not True"),
        (dog(Age=None), "Animal.Dog.Age: the ontology requires an answer"),
        (dog(Age=10**400), "Animal.Dog.Age: the number is too large"),
        (dog(Tags="wet"), "Animal.Dog.Tags: expected a list of options, not 'wet'"),
        (dog(Tags=None), "Animal.Dog.Tags: expected a list of options, not None"),
        (dog(Tags=[["wet"]]), "Animal.Dog.Tags: expected options' titles, not a list"),
        (dog(Tags=["wet", "wet"]), "Animal.Dog.Tags: 'wet' is ticked twice"),
        (dog(Name=7), "Animal.Dog.Name: expected a text, not 7"),
        (dog(Name="a\0"), "Animal.Dog.Name: has a character that cannot be stored"),
        (dog(Name="\ud800"), "Animal.Dog.Name: has a character that cannot be stored"),
    ],
)
def test_a_malformed_answer_says_where(answer: object, what: str) -> None:
    with pytest.raises(Reject) as trouble:
        said(answer)

    assert trouble.value.reason == f"the model's answer is malformed: {what}"


@pytest.mark.parametrize(
    ("confidence", "what"),
    [
        (1.01, "confidence: 1.01 is not within 0 and 1"),
        (-0.01, "confidence: -0.01 is not within 0 and 1"),
        ("0.5", "confidence: expected a number, not '0.5'"),
        (None, "confidence: expected a number, not None"),
        (False, "confidence: expected a number, not False"),
    ],
)
def test_a_confidence_that_cannot_be_says_so(confidence: object, what: str) -> None:
    with pytest.raises(Reject) as trouble:
        said("Cat", confidence)

    assert trouble.value.reason == f"the model's answer is malformed: {what}"


@pytest.mark.parametrize(
    "text",
    [
        '{"answer": "Cat", "confidence": 1, "confidence": 1}',
        '{"answer": {"Dog": {"Breed": null, "Breed": null, "Age": 1, "Tags": [], "Name": null}}, "confidence": 1}',
        '{"answer": "Cat", "confidence": NaN}',
        '{"answer": "Cat", "confidence": -Infinity}',
        '{"answer": "Cat", "confidence": 1e999}',
        '{"answer": "Cat", "confidence": 1' + "0" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 100_000,
        '"Cat"',
        "\ufeff{}",
    ],
)
def test_json_that_only_looks_right_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(Reject) as trouble:
        read(STEP, text)

    assert trouble.value.reason.startswith("the model's answer is malformed: ")
    assert "\n" not in trouble.value.reason
    assert len(trouble.value.reason) < 300


def test_an_answer_without_confidence_has_none_to_doubt() -> None:
    assert read(Step((AGE, NAME), rated=False), '{"Age": 1, "Name": null}') == {"Age": Said(1.0), "Name": Said(None)}


def test_a_fault_among_several_questions_is_named_with_its_question() -> None:
    step = Step((Classification("A", "text"), Classification("B", "numeric")))

    with pytest.raises(Reject, match=r"malformed: B\.confidence: 2\.0 is not within 0 and 1"):
        read(step, '{"A": {"answer": null, "confidence": 1}, "B": {"answer": 1, "confidence": 2}}')


@given(ontologies.structures(), st.data())
def test_what_the_schema_does_not_allow_is_refused(structure: dict[str, Any], data: st.DataObject) -> None:
    step = Step(Ontology.parse(structure).classifications)
    reply = data.draw(ontologies.allowed(step.schema).flatmap(ontologies.nearly))

    try:
        read(step, json.dumps(reply))
    except Reject:
        return
    assert ontologies.allows(step.schema, reply)


@given(st.text() | ontologies.JSON.map(json.dumps))
def test_whatever_comes_is_read_or_rejected_and_never_crashes(text: str) -> None:
    with contextlib.suppress(Reject):
        assert read(STEP, text).keys() == {"Animal"}
