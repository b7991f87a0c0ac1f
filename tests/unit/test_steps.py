"""How questions are spread over steps, and that each step's schema is one that OpenAI takes."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.labels.ontology import Attribute, Classification, Ontology, Option
from encord_lambda.labels.proposals import Choice
from encord_lambda.labels.reading import read
from encord_lambda.labels.steps import Said, Sayings, Step, plan
from tests.fakes import ontologies
from tests.fakes.schema_limits import assert_strict
from tests.fakes.stages import radio

PUG = Attribute("Breed", "radio", (Option("Pug"), Option("Poodle")))
AGE = Attribute("Age", "numeric", required=True)


def taken(questions: Sequence[Attribute], reply: Callable[[Step], Any]) -> tuple[list[Step], Sayings]:
    """The steps of a plan, each answered with a JSON value, and what it came to; every schema is checked."""
    steps: list[Step] = []
    going = plan(questions)
    try:
        step = next(going)
        while True:
            assert_strict(step.schema)
            steps.append(step)
            step = going.send(read(step, json.dumps(reply(step))))
    except StopIteration as end:
        return steps, end.value


def first(step: Step) -> dict[str, Any]:
    """Every question answered with the first thing that comes to mind."""
    return {one.title: {"answer": _any(one), "confidence": 0.5} for one in step.questions}


def last(step: Step) -> dict[str, Any]:
    [question] = step.questions
    return {"answer": question.titles[-1], "confidence": 0.5}


def _any(question: Attribute) -> Any:
    return {"radio": question.titles[:1], "checklist": question.titles, "text": "some words", "numeric": 1}[
        question.kind
    ]


def options(number: int, length: int = 10) -> tuple[str, ...]:
    return tuple(f"{count:0{length}}" for count in range(number))


def test_a_flat_radio_is_an_enum_or_null_with_a_confidence() -> None:
    [step], said = taken([radio("Animal", "Cat", "Dog")], lambda _: {"answer": "Cat", "confidence": 0.5})

    properties: Any = step.schema["properties"]
    assert properties["answer"] == {"anyOf": [{"type": "string", "enum": ["Cat", "Dog"]}, {"type": "null"}]}
    assert list(properties) == ["answer", "confidence"]
    assert said == {"Animal": Said("Cat", 0.5)}


def test_a_nested_option_is_an_object_under_its_title() -> None:
    animal = Classification("Animal", "radio", (Option("Cat"), Option("Dog", (PUG, AGE))))
    [step] = (Step((animal,)),)
    properties: Any = step.schema["properties"]

    flat, nested, null = properties["answer"]["anyOf"]
    inner = nested["properties"]["Dog"]["properties"]
    assert (flat["enum"], null["type"]) == (["Cat"], "null")
    assert inner["Age"] == {"type": "number"}, "required, so null is no answer"
    assert {"type": "null"} in inner["Breed"]["anyOf"]


def test_several_questions_are_under_their_titles() -> None:
    questions = [radio("Animal", "Cat"), Classification("Scene", "text")]
    [step], said = taken(
        questions,
        lambda _: {
            "Animal": {"answer": None, "confidence": 1},
            "Scene": {"answer": "A mat", "confidence": 0.25},
        },
    )

    assert list(step.schema["properties"]) == ["Animal", "Scene"]  # type: ignore[call-overload]
    assert said == {"Animal": Said(None, 1.0), "Scene": Said("A mat", 0.25)}


@pytest.mark.parametrize("length", [10, 59])
def test_200_options_are_one_step_even_with_long_titles_and_nested_attributes(length: int) -> None:
    nested = tuple(Option(title, (PUG, AGE)) for title in options(200, length))
    [step], _ = taken([Classification("Animal", "radio", nested)], lambda _: {"answer": None, "confidence": 1})

    assert_strict(step.schema)


@pytest.mark.parametrize(("number", "length"), [(1001, 4), (1500, 10), (300, 60), (5000, 10)])
def test_more_options_than_a_schema_takes_are_two_steps(number: int, length: int) -> None:
    steps, said = taken([radio("Animal", *options(number, length))], last)

    assert [bool(step.groups) for step in steps] == [True, False]
    assert tuple(title for group in steps[0].groups for title in group) == options(number, length)
    assert said == {"Animal": Said(options(number, length)[-1], 0.5)}


def test_no_group_is_no_answer_and_ends_there() -> None:
    steps, said = taken([radio("Animal", *options(1500))], lambda _: {"answer": None, "confidence": 0.75})

    assert (len(steps), said) == (1, {"Animal": Said(None, 0.75)})


def test_the_confidence_of_two_steps_is_that_of_the_less_sure_one() -> None:
    confidences = iter([0.9, 0.4])
    _, said = taken([radio("A", *options(1500))], lambda step: last(step) | {"confidence": next(confidences)})

    assert said["A"].confidence == 0.4


def test_nested_attributes_that_are_too_many_are_asked_of_the_chosen_option_alone() -> None:
    breeds = Attribute("Breed", "radio", tuple(map(Option, options(600))))
    animal = Classification("Animal", "radio", (Option("Cat", (breeds,)), Option("Dog", (breeds, AGE))))
    replies = iter([{"answer": "Dog", "confidence": 0.5}, {"Breed": options(600)[7], "Age": 3}])
    steps, said = taken([animal], lambda _: next(replies))

    assert [(step.rated, step.given) for step in steps] == [(True, ()), (False, ("Animal: Dog",))]
    assert said == {"Animal": Said(Choice("Dog", (("Breed", options(600)[7]), ("Age", 3.0))), 0.5)}


def test_a_long_checklist_is_gone_through_in_parts() -> None:
    titles = options(1500)
    steps, said = taken(
        [Classification("All", "checklist", tuple(map(Option, titles)))],
        lambda step: {"answer": list(step.questions[0].titles[:1]), "confidence": 0.5},
    )

    assert len(steps) == 6
    assert said == {"All": Said(titles[::250], 0.5)}


def test_questions_that_do_not_fit_together_are_asked_one_after_the_other() -> None:
    questions = [Classification(title, "checklist", tuple(map(Option, options(400)))) for title in "ABC"]
    steps, said = taken(questions, lambda step: first(step) if len(step.questions) > 1 else first(step)["C"])

    assert [[one.title for one in step.questions] for step in steps] == [["A", "B"], ["C"]]
    assert list(said) == ["A", "B", "C"]


@given(ontologies.structures(), st.data())
def test_every_step_of_any_ontology_is_within_the_limits_and_ends_with_an_answer(
    structure: dict[str, Any], data: st.DataObject
) -> None:
    questions = Ontology.parse(structure).classifications
    _, said = taken(questions, lambda step: data.draw(ontologies.allowed(step.schema)))

    assert list(said) == [one.title for one in questions]
