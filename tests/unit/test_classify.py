"""The classify agent: what it asks, what it accepts for an answer, and what it makes of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import DataUnit, Decision
from encord_lambda.agents.classify import ClassifyAgent, schema
from encord_lambda.config import Classify
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.labels.ontology import Classification, Ontology
from encord_lambda.labels.proposals import Answer
from tests.fakes.stages import ONTOLOGY, ScriptedModel, tools

AGENT = ClassifyAgent(Classify(kind="classify", model="openai:m", classification="Animal"))
UNIT = DataUnit("cat.jpg", "https://x/cat.jpg?signature", ONTOLOGY)


def decide(text: str, unit: DataUnit = UNIT) -> Decision:
    return AGENT.decide(unit, tools(lambda _: text))


def test_the_schema_allows_the_options_null_and_nothing_else() -> None:
    made = schema(Classification("Animal", "radio", ("Cat", "Dog")))

    properties = made["properties"]
    assert isinstance(properties, dict)
    assert made["additionalProperties"] is False
    assert made["required"] == list(properties) == ["answer", "confidence"]
    assert properties["answer"] == {"anyOf": [{"type": "string", "enum": ["Cat", "Dog"]}, {"type": "null"}]}


def test_the_question_names_the_classification_and_each_option() -> None:
    model = ScriptedModel()
    AGENT.decide(UNIT, tools(model=model))

    [question] = model.questions
    assert question.model == "openai:m"
    assert all(line in question.prompt for line in ("**Animal**", "- Cat", "- Dog"))
    assert "$" not in question.prompt
    assert question.picture.content == b"https://x/cat.jpg?signature"


def test_an_option_becomes_a_proposal_and_chooses_the_pathway() -> None:
    unit = DataUnit("cat.mp4", "u", ONTOLOGY, frame=7)

    assert decide('{"answer": "Cat", "confidence": 0.75}', unit) == Decision(
        proposals=(Answer("Animal", "Cat", 0.75, frame=7),),
        answer="Cat",
        reason="openai:m answered Cat at 0.75",
        confidence=0.75,
        model_seconds=0.5,
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
    assert [proposal.answer for proposal in decision.proposals] == ([decision.answer] if decision.answer else [])


def test_a_long_answer_is_not_quoted_in_full() -> None:
    with pytest.raises(Reject) as trouble:
        decide(json.dumps({"answer": "x" * 5000, "confidence": 1}))

    assert len(trouble.value.reason) < 200


def test_a_text_classification_cannot_be_asked_as_a_radio() -> None:
    agent = ClassifyAgent(Classify(kind="classify", model="openai:m", classification="Scene"))

    with pytest.raises(Misconfigured, match="is of type text; this agent needs radio"):
        agent.decide(UNIT, tools())


def test_a_dollar_sign_in_an_option_is_not_a_blank() -> None:
    ontology = Ontology((Classification("Animal", "radio", ("$question", "100$")),))
    model = ScriptedModel(lambda _: '{"answer": "100$", "confidence": 1}')

    assert AGENT.decide(DataUnit("a", "u", ontology), tools(model=model)).answer == "100$"
    assert "- $question\n- 100$" in model.questions[0].prompt


def test_the_name_says_kind_and_classification() -> None:
    assert (AGENT.name, AGENT.question) == ("classify:Animal", "Animal")
