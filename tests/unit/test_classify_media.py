"""What the classify agent asks about image groups, videos, PDFs and texts, and what it makes of many answers."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest

from encord_lambda.agents.agent import DataUnit, Decision, Question
from encord_lambda.agents.classify import ClassifyAgent
from encord_lambda.agents.sampling import Sampling
from encord_lambda.config_classify import Classify
from encord_lambda.config_prelabel import FrameSampling
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.labels.ontology import Attribute, Classification, Ontology, Option
from encord_lambda.labels.proposals import Answer
from tests.fakes.media import ScriptedDocuments, ScriptedVideo, facts
from tests.fakes.stages import ScriptedModel, radio, tools
from tests.fakes.units import a_unit

WEATHER = Classification("Weather", "radio", (Option("Rain"), Option("Sun")), whole=True)
ONTOLOGY = Ontology((radio("Animal", "Cat", "Dog"), WEATHER))
VIDEO = a_unit("pets.mp4", "video", ONTOLOGY, is_video=True, facts=facts("video"))
GROUP = a_unit("pets", "p0", ONTOLOGY, pictures=("p0", "p1", "p2"), facts=facts("img_group"))

type Says = Mapping[str, tuple[str | None, float]]


def an_agent(*titles: str, **changes: object) -> ClassifyAgent:
    settings = {"kind": "classify", "model": "openai:m", "classification": list(titles or ("Animal",))}
    return ClassifyAgent(Classify.model_validate(settings | changes))


def answering(says: Says) -> ScriptedModel:
    """Answers by the first picture's name; about several pictures together by all their names."""

    def reply(question: Question) -> str:
        shown = " ".join(one.content.decode() for one in question.pictures)
        if shown not in says:
            return "no JSON"
        answer, confidence = says[shown]
        return json.dumps({"answer": answer, "confidence": confidence})

    return ScriptedModel(reply)


def decide(unit: DataUnit, says: Says, video: ScriptedVideo | None = None, *titles: str, **changes: object) -> Decision:
    hand = replace(tools(model=answering(says)), frames=video)
    return an_agent(*titles, **changes).decide(unit, hand)


FRAMES: dict[int, str | None] = {2: "a", 7: "b", 12: "c", 17: "d", 22: "e"}


def test_consecutive_frames_with_the_same_answer_are_one_label_as_sure_as_the_least_sure() -> None:
    says: Says = {"a": ("Cat", 0.9), "b": ("Cat", 0.7), "c": ("Dog", 0.8), "d": (None, 1), "e": ("Cat", 0.6)}
    decision = decide(VIDEO, says, ScriptedVideo(FRAMES))

    assert decision.proposals == (
        Answer("Animal", "Cat", 0.7, frame=2, last=7),
        Answer("Animal", "Dog", 0.8, frame=12),
        Answer("Animal", "Cat", 0.6, frame=22),
    )
    assert (decision.answer, decision.confidence, decision.usage.seconds) == ("Cat", 0.6, 2.5)
    assert decision.reason == (
        "openai:m answered Cat on 3, Dog on 1, none of the options on 1 of 5 frames, least at 0.60"
    )


@pytest.mark.parametrize(
    ("says", "answer"),
    [
        ({"a": ("Cat", 0.6), "b": ("Dog", 0.7)}, "Dog"),
        ({"a": ("Cat", 0.8), "b": ("Dog", 0.7)}, "Cat"),
        ({"a": (None, 0.8), "b": ("Dog", 0.7)}, None),
    ],
)
def test_of_answers_that_equally_many_frames_have_the_surer_chooses_the_pathway(says: Says, answer: str | None) -> None:
    assert decide(VIDEO, says, ScriptedVideo({0: "a", 9: "b"})).answer == answer


def test_frames_with_the_same_option_agree_whatever_is_nested_in_it() -> None:
    breed = Attribute("Breed", "text")
    ontology = Ontology((Classification("Animal", "radio", (Option("Cat"), Option("Dog", (breed,)))),))
    replies = iter([{"Dog": {"Breed": "Pug"}}, "Cat", {"Dog": {"Breed": "Puli"}}])
    model = ScriptedModel(lambda _: json.dumps({"answer": next(replies), "confidence": 0.9}))
    hand = replace(tools(model=model), frames=ScriptedVideo({0: "a", 5: "b", 9: "c"}))
    decision = an_agent().decide(replace(VIDEO, ontology=ontology), hand)

    assert (decision.answer, len(decision.proposals)) == ("Dog", 3)


@pytest.mark.parametrize(("limit", "answer"), [(0.5, "Cat"), (0.51, "unsure")])
def test_the_least_sure_frame_decides_whether_the_answer_is_unsure(limit: float, answer: str) -> None:
    says: Says = {"a": ("Cat", 0.9), "b": ("Cat", 0.5), "c": ("Cat", 0.9)}
    decision = decide(VIDEO, says, ScriptedVideo({0: "a", 5: "b", 9: "c"}), unsure_below=limit)

    assert decision.answer == answer
    assert decision.proposals == (Answer("Animal", "Cat", 0.5, frame=0, last=9),)


def test_a_damaged_frame_is_left_out_and_ends_a_label() -> None:
    decision = decide(VIDEO, {"a": ("Cat", 0.9), "c": ("Cat", 0.9)}, ScriptedVideo({0: "a", 5: None, 9: "c"}))

    assert decision.proposals == (Answer("Animal", "Cat", 0.9, frame=0), Answer("Animal", "Cat", 0.9, frame=9))
    assert decision.reason.endswith("; 1 frames left out; the first: frame 5 is damaged")


def test_a_frame_with_a_malformed_answer_is_left_out_too() -> None:
    decision = decide(VIDEO, {"a": ("Cat", 0.9)}, ScriptedVideo({0: "a", 5: "?"}))

    assert decision.proposals == (Answer("Animal", "Cat", 0.9, frame=0),)
    assert "1 frames left out; the first: the model's answer is malformed" in decision.reason


@pytest.mark.parametrize("titles", [("Animal",), ("Weather",), ("Animal", "Weather")])
def test_nothing_learned_about_any_frame_is_rejected(titles: tuple[str, ...]) -> None:
    with pytest.raises(Reject, match="nothing could be learned about any of 2 frames; the first: frame 0 is damaged"):
        decide(VIDEO, {}, ScriptedVideo({0: None, 5: None}), *titles)


def test_a_video_without_frames_is_rejected() -> None:
    with pytest.raises(Reject, match="there are no frames to look at"):
        decide(VIDEO, {}, ScriptedVideo({}))


def test_what_is_global_is_asked_once_with_all_frames_together() -> None:
    video = ScriptedVideo({0: "a", 5: "b", 9: None})
    decision = decide(VIDEO, {"a b": ("Rain", 0.75)}, video, "Weather")

    assert decision.proposals == (Answer("Weather", "Rain", 0.75, frame=0),)
    assert (decision.answer, decision.usage.seconds) == ("Rain", 0.5)
    assert "1 frames left out" in decision.reason


def test_global_questions_and_those_about_frames_are_asked_apart() -> None:
    says: Says = {"a": ("Cat", 0.9), "b": ("Cat", 0.8), "a b": ("Sun", 0.7)}
    decision = decide(VIDEO, says, ScriptedVideo({0: "a", 5: "b"}), "Animal", "Weather")

    assert decision.proposals == (Answer("Animal", "Cat", 0.8, frame=0, last=5), Answer("Weather", "Sun", 0.7))
    assert (decision.answer, decision.confidence) == ("Cat", 0.7)


def test_only_an_unsure_answer_to_the_first_question_is_worth_another_model() -> None:
    def asked(titles: tuple[str, ...], says: Says) -> list[tuple[str, int]]:
        model = answering(says)
        video = ScriptedVideo({0: "a", 5: "b"})
        agent = an_agent(*titles, model=["openai:m", "openai:n"], unsure_below=0.5)
        agent.decide(VIDEO, replace(tools(model=model), frames=video))
        return [(one.model, len(one.pictures)) for one in model.questions]

    frames_unsure: Says = {"a": ("Cat", 0.1), "b": ("Cat", 0.9), "a b": ("Sun", 0.9)}
    whole_unsure: Says = {"a": ("Cat", 0.9), "b": ("Cat", 0.9), "a b": ("Sun", 0.1)}
    assert asked(("Animal", "Weather"), whole_unsure) == [("openai:m", 1), ("openai:m", 1), ("openai:m", 2)]
    assert asked(("Weather", "Animal"), frames_unsure) == [("openai:m", 1), ("openai:m", 1), ("openai:m", 2)]
    assert len(asked(("Animal", "Weather"), frames_unsure)) == 4
    assert len(asked(("Weather", "Animal"), whole_unsure)) == 4


def test_a_group_is_asked_about_picture_by_picture_and_as_a_whole() -> None:
    model = answering({"p0": ("Cat", 0.9), "p1": ("Dog", 0.8), "p2": ("Dog", 0.7), "p0 p1 p2": ("Sun", 0.7)})
    decision = an_agent("Animal", "Weather").decide(GROUP, tools(model=model))

    assert decision.proposals[:2] == (
        Answer("Animal", "Cat", 0.9, frame=0),
        Answer("Animal", "Dog", 0.7, frame=1, last=2),
    )
    assert "Look at the image of a group and answer" in model.questions[0].prompt
    assert "Look at these 3 images of a group, in order, as a whole and answer" in model.questions[3].prompt


@pytest.mark.parametrize(("count", "shown"), [(32, 32), (33, 32), (64, 32), (1000, 32)])
def test_of_very_many_pictures_32_are_shown_together_evenly_spread(count: int, shown: int) -> None:
    group = a_unit("pets", "p0", ONTOLOGY, pictures=tuple(map(str, range(count))), facts=facts("img_group"))
    model = ScriptedModel(lambda _: '{"answer": "Sun", "confidence": 1}')
    an_agent("Weather").decide(group, tools(model=model))

    [question] = model.questions
    numbers = [int(one.content) for one in question.pictures]
    steps = {after - before for before, after in pairwise(numbers)}
    assert (len(numbers), numbers[0]) == (shown, 0)
    assert max(steps) - min(steps) <= 1
    assert count - numbers[-1] in steps, "they reach to the end"


def test_a_group_of_one_picture_is_asked_all_at_once() -> None:
    group = a_unit("pet", "p0", ONTOLOGY, pictures=("p0",), facts=facts("img_group"))
    both = {"Animal": {"answer": "Cat", "confidence": 1}, "Weather": {"answer": "Sun", "confidence": 1}}
    model = ScriptedModel(lambda _: json.dumps(both))
    decision = an_agent("Animal", "Weather").decide(group, tools(model=model))

    assert len(model.questions) == 1
    assert decision.proposals == (Answer("Animal", "Cat", 1.0), Answer("Weather", "Sun", 1.0))


def test_eight_frames_of_a_video_are_looked_at_unless_the_configuration_says_otherwise() -> None:
    video = ScriptedVideo({0: "a"})
    decide(VIDEO, {"a": ("Cat", 1)}, video)
    decide(VIDEO, {"a": ("Cat", 1)}, video, frames={"every": 5})

    assert video.asked == [Sampling(spread=8), Sampling(every_frames=5)]
    assert FrameSampling(spread=8) == an_agent().config.frames


def test_the_video_is_let_go_of_when_the_time_is_up() -> None:
    video = ScriptedVideo(FRAMES)
    hand = replace(tools(), frames=video, time_left=lambda: 0.0)

    with pytest.raises(Retry, match="time ran out") as trouble:
        an_agent().decide(VIDEO, hand)
    assert video.is_closed, trouble.traceback  # which would keep an open one alive


def test_without_the_video_layer_videos_are_the_deployments_fault() -> None:
    with pytest.raises(Misconfigured, match="lacks the layer `video`"):
        an_agent().decide(VIDEO, tools())


PDF = replace(a_unit("pets.pdf", "u", ONTOLOGY, facts=facts("pdf")), frames=3)
TEXT = a_unit("pets.txt", "u", ONTOLOGY, facts=facts("plain_text"))


@pytest.mark.parametrize(
    ("unit", "kind", "shown", "last"),
    [
        (PDF, "application/pdf", "the PDF", 2),
        (replace(PDF, frames=1), "application/pdf", "the PDF", None),
        (TEXT, "text/plain", "the text", None),
    ],
)
def test_a_document_is_asked_about_as_a_whole(unit: DataUnit, kind: str, shown: str, last: int | None) -> None:
    model = ScriptedModel()
    decision = an_agent().decide(unit, replace(tools(model=model), documents=ScriptedDocuments()))

    [question] = model.questions
    [document] = question.documents
    assert (document.mime_type, document.content, question.pictures) == (kind, b"u", ())
    assert f"Look at {shown} and answer" in question.prompt
    assert decision.proposals == (Answer("Animal", "Cat", 0.9, frame=0, last=last),)


def test_a_function_that_cannot_read_documents_is_the_deployments_fault() -> None:
    with pytest.raises(Misconfigured, match="cannot read documents"):
        an_agent().decide(TEXT, tools())


@pytest.mark.parametrize("kind", ["audio", "dicom", "nifti"])
def test_media_that_no_model_takes_is_rejected_with_what_is_possible(kind: str) -> None:
    with pytest.raises(Reject) as trouble:
        an_agent().decide(a_unit("pet.x", "u", ONTOLOGY, facts=facts(kind)), tools())

    assert trouble.value.reason == (
        f"'pet.x' is of type {kind}: agents with a language model take images, image groups, videos, PDFs and texts"
    )
