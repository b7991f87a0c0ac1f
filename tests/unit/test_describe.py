"""The describe agent: a text of 25 to 1,000 characters, or nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Decision
from encord_lambda.agents.describe import SCHEMA, DescribeAgent
from encord_lambda.config import Describe
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.labels.proposals import Answer, Owned
from tests.fakes.stages import ONTOLOGY, ScriptedModel, tools
from tests.fakes.units import a_unit

AGENT = DescribeAgent(Describe(kind="describe", model="openai:m", classification="Scene"))
UNIT = a_unit("cat.jpg", "https://x/cat.jpg", ONTOLOGY, frame=3)


def decide(text: str) -> Decision:
    return AGENT.decide(UNIT, tools(lambda _: text))


def described(length: int) -> str:
    return json.dumps({"description": "x" * length})


def test_the_schema_is_of_the_strict_subset() -> None:
    properties = SCHEMA["properties"]
    assert isinstance(properties, dict)
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["required"] == list(properties) == ["description"]


def test_the_lengths_are_said_in_words_alone() -> None:
    """Strict schemas do not take `minLength` and `maxLength` with every model."""
    properties = SCHEMA["properties"]
    assert isinstance(properties, dict)
    [description] = properties.values()

    assert description.keys() == {"type", "description"}
    assert "25 to 1000 characters" in description["description"]


def test_the_question_names_the_classification() -> None:
    model = ScriptedModel(lambda _: described(25))
    AGENT.decide(UNIT, tools(model=model))

    [question] = model.questions
    assert "Scene" in question.prompt
    assert "$" not in question.prompt


@pytest.mark.parametrize("length", [25, 1000])
def test_a_description_is_proposed_for_its_frame(length: int) -> None:
    decision = decide(described(length))

    assert decision.proposals == (Answer("Scene", "x" * length, 1.0, frame=3),)
    assert (decision.answer, decision.confidence, decision.usage.seconds) == ("x" * length, None, 0.5)


@pytest.mark.parametrize(
    "text",
    [
        described(24),
        described(1001),
        "",
        "A cat on a mat, in the morning sun.",
        "{}",
        '{"description": null}',
        '{"description": 7}',
        described(30)[:-1],
        json.dumps({"description": "x" * 30, "title": "y"}),
    ],
)
def test_a_malformed_description_is_rejected_in_one_line(text: str) -> None:
    with pytest.raises(Reject) as trouble:
        decide(text)

    assert trouble.value.reason.startswith("the model's description is malformed: ")
    assert "\n" not in trouble.value.reason


@given(st.text() | st.text().map(lambda text: json.dumps({"description": text * 30})))
def test_whatever_the_model_says_is_a_valid_decision_or_rejected(text: str) -> None:
    try:
        decision = decide(text)
    except Reject:
        return
    assert 25 <= len(str(decision.answer)) <= 1000


def test_a_radio_classification_cannot_be_described() -> None:
    agent = DescribeAgent(Describe(kind="describe", model="openai:m", classification="Animal"))

    with pytest.raises(Misconfigured, match="is of type radio; this agent needs text"):
        agent.decide(UNIT, tools())


def test_the_name_says_kind_and_classification() -> None:
    assert (AGENT.name, AGENT.owned) == ("describe:Scene", Owned(classifications=("Scene",)))
