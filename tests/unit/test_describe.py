"""The describe agent: a text of 25 to 1,000 characters, or nothing."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Decision, Reply
from encord_lambda.agents.describe import DescribeAgent
from encord_lambda.config_classify import Describe
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.labels.ontology import Classification, Ontology
from encord_lambda.labels.proposals import Answer, Owned
from tests.fakes.media import ScriptedDocuments, ScriptedVideo, facts
from tests.fakes.schema_limits import assert_strict
from tests.fakes.stages import ONTOLOGY, ScriptedModel, tools
from tests.fakes.units import a_unit

AGENT = DescribeAgent(Describe(kind="describe", model="openai:m", classification="Scene"))
UNIT = a_unit("cat.jpg", "https://x/cat.jpg", ONTOLOGY, frame=3)


def decide(text: str) -> Decision:
    return AGENT.decide(UNIT, tools(lambda _: text))


def described(length: int) -> str:
    return json.dumps({"answer": "x" * length, "confidence": 0.75})


def test_the_question_names_the_classification_and_says_the_lengths() -> None:
    model = ScriptedModel(lambda _: described(25))
    AGENT.decide(UNIT, tools(model=model))

    [question] = model.questions
    assert "**Scene** for the image" in question.prompt
    assert "25 to 1,000 characters" in question.prompt
    assert "$" not in question.prompt


def test_the_schema_asks_for_a_text_or_nothing_and_how_sure_it_is() -> None:
    """Strict schemas do not take `minLength` and `maxLength` with every model."""
    model = ScriptedModel(lambda _: described(25))
    AGENT.decide(UNIT, tools(model=model))

    assert_strict(dict(model.questions[0].schema))
    properties = model.questions[0].schema["properties"]
    assert isinstance(properties, dict)
    assert properties["answer"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert list(properties) == ["answer", "confidence"]


@pytest.mark.parametrize("length", [25, 1000])
def test_a_description_is_proposed_for_its_frame(length: int) -> None:
    decision = decide(described(length))

    assert decision.proposals == (Answer("Scene", "x" * length, 0.75, frame=3),)
    assert (decision.answer, decision.confidence, decision.usage.seconds) == ("x" * length, 0.75, 0.5)
    assert decision.reason == "openai:m described it"


@pytest.mark.parametrize("length", [1, 24, 1001, 5000])
def test_a_description_of_another_length_is_rejected_and_says_so(length: int) -> None:
    with pytest.raises(Reject) as trouble:
        decide(described(length))

    assert trouble.value.reason == (f"the model's description has {length:,} characters; it may have 25 to 1,000")


@pytest.mark.parametrize("answer", [None, "", "  \n "])
def test_no_description_is_rejected(answer: str | None) -> None:
    with pytest.raises(Reject, match="openai:m wrote no description"):
        decide(json.dumps({"answer": answer, "confidence": 1}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A cat on a mat, in the morning sun.",
        "{}",
        '{"answer": 7, "confidence": 1}',
        '{"answer": "A cat on a mat, in the morning sun."}',
        '{"description": "A cat on a mat, in the morning sun."}',
        described(30)[:-1],
        json.dumps({"answer": "x" * 30, "confidence": 1, "title": "y"}),
    ],
)
def test_a_malformed_description_is_rejected_in_one_line(text: str) -> None:
    with pytest.raises(Reject) as trouble:
        decide(text)

    assert trouble.value.reason.startswith("the model's answer is malformed: ")
    assert "\n" not in trouble.value.reason


@given(st.text() | st.text().map(lambda text: json.dumps({"answer": text * 30, "confidence": 1})))
def test_whatever_the_model_says_is_a_valid_decision_or_rejected(text: str) -> None:
    try:
        decision = decide(text)
    except Reject:
        return
    assert 25 <= len(str(decision.answer)) <= 1000


VIDEO = a_unit("walk.mp4", "u", ONTOLOGY, frame=5, is_video=True, facts=facts("video"))
WHOLE = Ontology((Classification("Scene", "text", whole=True),))


def test_each_stretch_of_a_video_with_the_same_text_has_a_label() -> None:
    texts = {"a": "A cat on a mat, in the morning sun.", "b": "A dog in the street, in the rain, alone."}
    model = ScriptedModel(
        lambda question: json.dumps({"answer": texts[question.pictures[0].content.decode()], "confidence": 0.5})
    )
    frames = ScriptedVideo({0: "a", 5: "a", 9: "b"})
    decision = AGENT.decide(VIDEO, replace(tools(model=model), frames=frames))

    assert decision.proposals == (
        Answer("Scene", texts["a"], 0.5, frame=0, last=5),
        Answer("Scene", texts["b"], 0.5, frame=9),
    )
    assert (decision.answer, decision.reason) == (texts["a"], "openai:m described 2 stretches of frames")


def test_a_description_of_another_length_is_left_out_like_a_damaged_frame_and_not_kept() -> None:
    texts = {"a": "A cat on a mat, in the morning sun.", "b": "A dog."}
    model = ScriptedModel(
        lambda question: json.dumps({"answer": texts[question.pictures[0].content.decode()], "confidence": 0.5})
    )
    decision = AGENT.decide(VIDEO, replace(tools(model=model), frames=ScriptedVideo({0: "a", 5: "b"})))

    assert decision.proposals == (Answer("Scene", texts["a"], 0.5, frame=0),)
    assert decision.reason == (
        "openai:m described it; 1 frames left out; "
        "the first: the model's description has 6 characters; it may have 25 to 1,000"
    )
    with pytest.raises(Reject, match="has 24 characters"):
        model.questions[0].accepts(Reply(described(24)))


def test_what_is_global_is_written_once_from_all_frames() -> None:
    model = ScriptedModel(lambda _: described(30))
    hand = replace(tools(model=model), frames=ScriptedVideo({0: "a", 5: None, 9: "b"}))
    decision = AGENT.decide(replace(VIDEO, ontology=WHOLE), hand)

    assert [one.content for one in model.questions[0].pictures] == [b"a", b"b"]
    assert decision.proposals == (Answer("Scene", "x" * 30, 0.75),)
    assert decision.reason == "openai:m described it; 1 frames left out; the first: frame 5 is damaged"


def test_in_the_label_editor_only_the_open_frame_of_a_video_is_described() -> None:
    model = ScriptedModel(lambda _: described(30))
    hand = replace(tools(model=model), frames=ScriptedVideo({0: "a", 5: "b"}))
    decision = AGENT.decide(replace(VIDEO, alone=True), hand)

    [question] = model.questions
    assert [one.content for one in question.pictures] == [b"b"]
    assert decision.proposals == (Answer("Scene", "x" * 30, 0.75, frame=5),)


def test_in_the_label_editor_only_the_open_picture_of_a_group_is_described() -> None:
    model = ScriptedModel(lambda _: described(30))
    group = a_unit("pets", "p1", ONTOLOGY, frame=1, pictures=("p0", "p1"), facts=facts("img_group"))
    decision = AGENT.decide(replace(group, alone=True), tools(model=model))

    assert [one.content for one in model.questions[0].pictures] == [b"p1"]
    assert decision.proposals == (Answer("Scene", "x" * 30, 0.75, frame=1),)


def test_without_the_video_layer_a_frame_of_a_video_cannot_be_described() -> None:
    with pytest.raises(Misconfigured, match="this function cannot decode videos"):
        AGENT.decide(replace(VIDEO, alone=True), tools())


def test_a_text_is_described_from_its_words() -> None:
    model = ScriptedModel(lambda _: described(30))
    unit = a_unit("story.txt", "u", ONTOLOGY, facts=facts("plain_text"))
    AGENT.decide(unit, replace(tools(model=model), documents=ScriptedDocuments()))

    assert "**Scene** for the text" in model.questions[0].prompt
    assert model.questions[0].documents[0].content == b"u"


def test_a_radio_classification_cannot_be_described() -> None:
    agent = DescribeAgent(Describe(kind="describe", model="openai:m", classification="Animal"))

    with pytest.raises(Misconfigured, match="is of type radio; this agent needs text"):
        agent.decide(UNIT, tools())


def test_the_name_says_kind_and_classification() -> None:
    assert (AGENT.name, AGENT.owned) == ("describe:Scene", Owned(classifications=("Scene",)))
