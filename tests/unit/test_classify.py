"""The classify agent: what it asks, what it accepts for an answer, and what it makes of it."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import DataUnit, Decision, Usage
from encord_lambda.agents.classify import ClassifyAgent
from encord_lambda.config_classify import Classify
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.labels.ontology import Attribute, Classification, Ontology, Option
from encord_lambda.labels.proposals import Answer, Choice, Label, Owned
from tests.fakes.stages import ONTOLOGY, ScriptedModel, radio, tools
from tests.fakes.units import a_unit

AGENT = ClassifyAgent(Classify(kind="classify", model="openai:m", classification="Animal"))
UNIT = a_unit("cat.jpg", "https://x/cat.jpg?signature", ONTOLOGY)


def decide(text: str, unit: DataUnit = UNIT) -> Decision:
    return AGENT.decide(unit, tools(lambda _: text))


def test_the_question_names_the_classification_and_each_option() -> None:
    model = ScriptedModel()
    AGENT.decide(UNIT, tools(model=model))

    [question] = model.questions
    assert question.model == "openai:m"
    assert all(line in question.prompt for line in ("**Animal**", "- Cat", "- Dog"))
    assert "$" not in question.prompt
    assert question.schema["required"] == ["answer", "confidence"]
    assert question.pictures[0].content == b"https://x/cat.jpg?signature"


def test_an_option_becomes_a_proposal_and_chooses_the_pathway() -> None:
    unit = a_unit("cat.mp4", "u", ONTOLOGY, frame=7)

    assert decide('{"answer": "Cat", "confidence": 0.75}', unit) == Decision(
        proposals=(Answer("Animal", "Cat", 0.75, frame=7),),
        answer="Cat",
        reason="openai:m answered Cat at 0.75",
        confidence=0.75,
        usage=Usage(0.5),
    )


def test_null_proposes_nothing() -> None:
    decision = decide('{"answer": null, "confidence": 1}')

    assert (decision.proposals, decision.answer) == ((), None)
    assert decision.reason == "openai:m answered none of the options at 1.00"


@pytest.mark.parametrize("answer", ["Fish", "cat", "Cat ", "", "null"])
def test_an_answer_outside_the_options_is_rejected(answer: str) -> None:
    with pytest.raises(Reject, match="which is no option of 'Animal'"):
        decide(json.dumps({"answer": answer, "confidence": 0.9}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Cat",
        "null",
        "[]",
        '{"answer": "Cat"}',
        '{"confidence": 1}',
        '{"answer": "Cat", "confidence": 1.01}',
        '{"answer": "Cat", "confidence": -0.01}',
        '{"answer": "Cat", "confidence": NaN}',
        '{"answer": "Cat", "confidence": Infinity}',
        '{"answer": "Cat", "confidence": "sure"}',
        '{"answer": "Cat", "confidence": null}',
        '{"answer": 1, "confidence": 1}',
        '{"answer": ["Cat"], "confidence": 1}',
        '{"answer": "Cat", "confidence": 1, "why": "ears"}',
        '{"answer": "Cat", "confidence": 1',
        '```json\n{"answer": "Cat", "confidence": 1}\n```',
    ],
)
def test_a_malformed_answer_is_rejected_in_one_line(text: str) -> None:
    with pytest.raises(Reject) as trouble:
        decide(text)

    assert trouble.value.reason.startswith("the model's answer is malformed: ")
    assert "\n" not in trouble.value.reason


REPLIES = st.fixed_dictionaries(
    {
        "answer": st.none() | st.text(max_size=5) | st.sampled_from(["Cat", "Dog"]),
        "confidence": st.none() | st.floats() | st.integers() | st.text(max_size=3),
    }
)


@given(st.text() | REPLIES.map(json.dumps))
def test_whatever_the_model_says_is_a_valid_decision_or_rejected(text: str) -> None:
    try:
        decision = decide(text)
    except Reject:
        return
    assert decision.answer in ("Cat", "Dog", None)
    assert decision.confidence is not None
    assert 0 <= decision.confidence <= 1
    assert [one.answer for one in decision.proposals if isinstance(one, Answer)] == (
        [decision.answer] if decision.answer else []
    )


def test_a_long_answer_is_not_quoted_in_full() -> None:
    with pytest.raises(Reject) as trouble:
        decide(json.dumps({"answer": "x" * 5000, "confidence": 1}))

    assert len(trouble.value.reason) < 200


def test_a_text_classification_cannot_be_asked_as_a_radio() -> None:
    agent = ClassifyAgent(Classify(kind="classify", model="openai:m", classification="Scene"))

    with pytest.raises(Misconfigured, match="is of type text; this agent needs radio"):
        agent.decide(UNIT, tools())


def test_a_dollar_sign_in_an_option_is_not_a_blank() -> None:
    ontology = Ontology((radio("Animal", "$question", "100$"),))
    model = ScriptedModel(lambda _: '{"answer": "100$", "confidence": 1}')

    assert AGENT.decide(a_unit("a", "u", ontology), tools(model=model)).answer == "100$"
    assert "- $question\n- 100$" in model.questions[0].prompt


BREED = Attribute("Breed", "radio", (Option("Pug"), Option("Poodle")), required=True)
ANIMAL = Classification("Animal", "radio", (Option("Cat"), Option("Dog", (BREED,))))
WEATHER = Classification("Weather", "checklist", (Option("Rain"), Option("Wind")), whole=True)
COUNT = Classification("Count", "numeric")
MANY = a_unit("cat.mp4", "u", Ontology((COUNT, WEATHER, ANIMAL)), frame=7)


def several(reply: dict[str, object], unsure_below: float | None = None) -> Decision:
    """What three questions at once, answered so, come to."""
    config = Classify(
        kind="classify", model="openai:m", classification=["Animal", "Weather", "Count"], unsure_below=unsure_below
    )
    return ClassifyAgent(config).decide(MANY, tools(lambda _: json.dumps(reply)))


REPLY: dict[str, object] = {
    "Animal": {"answer": {"Dog": {"Breed": "Pug"}}, "confidence": 0.75},
    "Weather": {"answer": ["Wind", "Rain"], "confidence": 0.5},
    "Count": {"answer": None, "confidence": 1},
}


def test_several_classifications_are_answered_in_one_call_and_the_first_chooses_the_pathway() -> None:
    decision = several(REPLY)

    assert decision.proposals == (
        Answer("Animal", Choice("Dog", (("Breed", "Pug"),)), 0.75, frame=7),
        Answer("Weather", ("Rain", "Wind"), 0.5, frame=0),
    )
    assert (decision.answer, decision.confidence) == ("Dog", 0.5)
    assert decision.reason == (
        "openai:m answered Dog at 0.75; 'Weather': Rain, Wind at 0.50; 'Count': none of the options at 1.00"
    )


def test_all_questions_are_in_the_prompt_with_what_is_nested() -> None:
    model = ScriptedModel(lambda _: json.dumps(REPLY))
    config = Classify(kind="classify", model="openai:m", classification=["Animal", "Weather", "Count"])
    ClassifyAgent(config).decide(MANY, tools(model=model))

    [question] = model.questions
    assert "- Dog\n  - then **Breed**: choose exactly one of these options (must be answered)" in question.prompt
    assert "    - Pug\n" in question.prompt
    assert "**Count**: answer with a number" in question.prompt


@pytest.mark.parametrize(("limit", "answer"), [(0.74, "Dog"), (0.75, "Dog"), (0.76, "unsure")])
def test_less_sure_than_the_limit_is_unsure_and_labelled_all_the_same(limit: float, answer: str) -> None:
    decision = several(REPLY, unsure_below=limit)

    assert decision.answer == answer
    assert len(decision.proposals) == 2
    assert (", below 0.76" in decision.reason) is (answer == "unsure")


def test_options_too_many_for_one_question_are_asked_in_two_steps() -> None:
    ontology = Ontology((radio("Animal", *(f"Animal {number}" for number in range(1500))),))
    replies = iter(
        [{"answer": "group 2", "confidence": 0.5}, {"answer": "Animal 40", "confidence": 0.9}],
    )
    model = ScriptedModel(lambda _: json.dumps(next(replies)))
    decision = AGENT.decide(a_unit("a", "u", ontology), tools(model=model))

    assert (decision.answer, decision.confidence, decision.usage.seconds) == ("Animal 40", 0.5, 1.0)
    first, second = (question.prompt for question in model.questions)
    assert "- group 2:\n  - Animal 38\n" in first
    assert "- Animal 40\n" in second
    assert "Animal 1\n" not in second


def test_what_is_nested_too_deep_is_asked_in_a_second_step() -> None:
    deep = BREED
    for level in range(9):
        deep = Attribute(f"Level {level}", "radio", (Option("go on", (deep,)), Option("stop")), required=True)
    ontology = Ontology((Classification("Animal", "radio", (Option("Cat"), Option("Dog", (deep,)))),))
    replies = iter([{"answer": "Dog", "confidence": 0.9}, {"Level 8": "stop"}])
    model = ScriptedModel(lambda _: json.dumps(next(replies)))

    decision = AGENT.decide(a_unit("a", "u", ontology), tools(model=model))

    assert decision.proposals == (Answer("Animal", Choice("Dog", (("Level 8", "stop"),)), 0.9),)
    assert "- Animal: Dog\n" in model.questions[1].prompt


def test_two_classifications_with_the_same_title_in_the_configuration_are_refused() -> None:
    with pytest.raises(ValueError, match="the classification 'A' stands twice"):
        Classify(kind="classify", model="openai:m", classification=["A", "B", "A"])


def test_the_name_says_kind_and_first_classification() -> None:
    agent = ClassifyAgent(Classify(kind="classify", model="openai:m", classification=["Animal", "Scene"]))

    assert (agent.name, agent.owned) == ("classify:Animal", Owned(classifications=("Animal", "Scene")))
    assert AGENT.name == agent.name


def answered(author: Literal["person", "agent"] = "person", title: str = "Animal", frames: int = 1) -> DataUnit:
    """A unit whose row has an answer already."""
    return replace(UNIT, labels=lambda: (Label(Answer(title, "Dog", 1.0), author, "hash"),), frames=frames)


def test_what_a_person_has_answered_is_not_asked_again_and_chooses_the_pathway() -> None:
    model = ScriptedModel()
    decision = AGENT.decide(answered(), tools(model=model))

    assert (decision.proposals, decision.answer, decision.confidence) == ((), "Dog", None)
    assert decision.reason == "no model was asked, for a person has answered it all"
    assert model.questions == []


@pytest.mark.parametrize(
    ("unit", "config"),
    [
        (answered("agent"), {}),
        (answered(title="Scene"), {}),
        (answered(), {"answered": "ask"}),
        (answered(), {"classification": ["Animal", "Scene"]}),
    ],
    ids=["an agent's answer", "another question's answer", "as configured", "one of two answers"],
)
def test_the_model_is_asked(unit: DataUnit, config: dict[str, Any]) -> None:
    agent = ClassifyAgent(Classify(**{"kind": "classify", "model": "openai:m", "classification": "Animal", **config}))
    model = ScriptedModel(lambda _: '{"Animal": {"answer": "Cat", "confidence": 1}}')
    with suppress(Reject):
        agent.decide(unit, tools(model=model))

    assert len(model.questions) == 1
