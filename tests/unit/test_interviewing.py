"""Who is asked, and how: models in turn, confidences from tokens, users' own prompts, and time that runs out."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from encord_lambda.agents.agent import Decision, Question, Reply, Tools, Usage
from encord_lambda.agents.classify import ClassifyAgent
from encord_lambda.config_classify import Classify
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.labels.ontology import Classification, Ontology, Option
from encord_lambda.labels.proposals import Answer, Choice
from encord_lambda.labels.tokens import Token
from tests.fakes.stages import ONTOLOGY, ScriptedModel, radio, tools
from tests.fakes.units import a_unit

UNIT = a_unit("cat.jpg", "u", ONTOLOGY)


@dataclass
class Models:
    """Each says its own answer, with these tokens if it is asked for them."""

    replies: dict[str, tuple[str, float]]
    tokens: Callable[[str], tuple[Token, ...]] = lambda _: ()
    asked: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> Reply:
        self.asked.append(question)
        answer, confidence = self.replies[question.model]
        text = json.dumps({"answer": answer, "confidence": confidence})
        return Reply(text, Usage(0.5, 10, 1, 0.25), self.tokens(text) if question.log_probabilities else ())


def decide(models: Models, **changes: object) -> Decision:
    settings = {"kind": "classify", "model": list(models.replies), "classification": "Animal"}
    agent = ClassifyAgent(Classify.model_validate(settings | changes))
    return agent.decide(UNIT, replace(tools(), language_model=models))


def test_a_sure_answer_is_taken_from_the_first_model() -> None:
    decision = decide(Models({"openai:a": ("Cat", 0.8), "openai:b": ("Dog", 0.9)}), unsure_below=0.8)

    assert (decision.answer, decision.reason) == ("Cat", "openai:a answered Cat at 0.80")
    assert decision.usage == Usage(0.5, 10, 1, 0.25)


def test_an_unsure_answer_is_asked_of_the_next_model_and_the_usage_adds_up() -> None:
    models = Models({"openai:a": ("Cat", 0.79), "openai:b": ("Dog", 0.9), "openai:c": ("Cat", 1)})
    decision = decide(models, unsure_below=0.8)

    assert (decision.answer, decision.reason) == ("Dog", "openai:b answered Dog at 0.90")
    assert decision.proposals == (Answer("Animal", "Dog", 0.9),)
    assert decision.usage == Usage(1.0, 20, 2, 0.5)
    assert [question.model for question in models.asked] == ["openai:a", "openai:b"]


def test_if_the_last_model_is_unsure_too_so_is_the_answer() -> None:
    decision = decide(Models({"openai:a": ("Cat", 0.1), "openai:b": ("Dog", 0.7)}), unsure_below=0.8)

    assert (decision.answer, decision.reason) == ("unsure", "openai:b answered Dog at 0.70, below 0.80")


def certainly(text: str) -> tuple[Token, ...]:
    """All that is written is certain, but for the first part of the answer, which is at 0.25."""
    at = text.index("Cat")
    pieces = (text[:at], text[at : at + 2], text[at + 2 :])
    return tuple(Token(piece.encode(), math.log(chance)) for piece, chance in zip(pieces, (1, 0.25, 1), strict=True))


def test_with_log_probabilities_the_stated_confidence_does_not_count() -> None:
    models = Models({"openai:a": ("Cat", 0.9)}, certainly)

    assert decide(models, confidence="log_probabilities").proposals == (Answer("Animal", "Cat", 0.25),)
    assert decide(models).proposals == (Answer("Animal", "Cat", 0.9),)
    assert [question.log_probabilities for question in models.asked] == [True, False]


def test_with_log_probabilities_too_an_unsure_answer_goes_on() -> None:
    models = Models({"openai:a": ("Cat", 0.9), "openai:b": ("Cat", 0.9)}, certainly)

    assert decide(models, confidence="log_probabilities", unsure_below=0.5).answer == "unsure"
    assert len(models.asked) == 2


def test_tokens_that_are_not_the_answers_are_the_endpoints_fault() -> None:
    models = Models({"openai:a": ("Cat", 0.9)}, lambda _: (Token(b"Dog", 0.0),))

    with pytest.raises(Misconfigured, match="openai:a: its log-probabilities are not those of its answer"):
        decide(models, confidence="log_probabilities")


def test_details_that_are_asked_later_do_not_ask_for_tokens() -> None:
    breeds = Classification("Breed", "radio", tuple(Option(f"{number:04}") for number in range(600)))
    animal = Classification("Animal", "radio", (Option("Cat", (breeds,)), Option("Dog", (breeds,))))

    @dataclass
    class Asked:
        questions: list[Question] = field(default_factory=list)

        def ask(self, question: Question) -> Reply:
            self.questions.append(question)
            if len(self.questions) > 1:
                return Reply('{"Breed": "0007"}')
            text = '{"answer": "Cat", "confidence": 1}'
            return Reply(text, tokens=certainly(text))

    asked = Asked()
    settings = {"kind": "classify", "model": "openai:a", "classification": "Animal", "confidence": "log_probabilities"}
    agent = ClassifyAgent(Classify.model_validate(settings))
    decision = agent.decide(a_unit("c", "u", Ontology((animal,))), replace(tools(), language_model=asked))

    assert decision.proposals == (Answer("Animal", Choice("Cat", (("Breed", "0007"),)), 0.25),)
    assert [question.log_probabilities for question in asked.questions] == [True, False]


def test_a_reply_that_cannot_be_used_is_not_accepted() -> None:
    models = Models({"openai:a": ("Cat", 0.9)})
    decide(models)
    [question] = models.asked

    question.accepts(Reply('{"answer": "Dog", "confidence": 1}'))
    with pytest.raises(Reject):
        question.accepts(Reply('{"answer": "Fish", "confidence": 1}'))


def test_a_users_own_prompt_takes_the_place_of_ours() -> None:
    agent = ClassifyAgent(Classify(kind="classify", model="openai:a", classification="Animal", prompt="prompts/a.md"))
    model = ScriptedModel()
    texts = {"prompts/a.md": "You see $shown. For $$5, say:\n$questions"}
    agent.decide(UNIT, replace(tools(model=model), prompts=texts))

    assert model.questions[0].prompt == (
        "You see the image. For $5, say:\n**Animal**: choose exactly one of these options\n- Cat\n- Dog"
    )


def test_a_prompt_that_was_not_read_is_the_deployments_fault() -> None:
    agent = ClassifyAgent(Classify(kind="classify", model="openai:a", classification="Animal", prompt="prompts/a.md"))

    with pytest.raises(Misconfigured, match=r"the prompt prompts/a\.md, which was not read"):
        agent.decide(UNIT, tools())


def test_a_prompt_that_cannot_be_used_says_why() -> None:
    agent = ClassifyAgent(Classify(kind="classify", model="openai:a", classification="Animal", prompt="prompts/a.md"))
    hand = replace(tools(), prompts={"prompts/a.md": Misconfigured("prompts/a.md: not UTF-8 text")})

    with pytest.raises(Misconfigured, match=r"^prompts/a\.md: not UTF-8 text$"):
        agent.decide(UNIT, hand)


def test_no_question_is_asked_once_the_time_is_up() -> None:
    model = ScriptedModel()
    hand: Tools = replace(tools(model=model), time_left=lambda: 0.0)

    with pytest.raises(Retry, match="time ran out"):
        ClassifyAgent(Classify(kind="classify", model="openai:a", classification="Animal")).decide(UNIT, hand)
    assert model.questions == []


def test_an_unsure_answer_to_another_question_asks_nobody_else() -> None:
    replies = {"Animal": {"answer": "Cat", "confidence": 0.9}, "Mood": {"answer": "Sad", "confidence": 0.1}}
    model = ScriptedModel(lambda _: json.dumps(replies))
    config = Classify(
        kind="classify", model=["openai:a", "openai:b"], classification=["Animal", "Mood"], unsure_below=0.5
    )
    ontology = Ontology((radio("Animal", "Cat", "Dog"), radio("Mood", "Sad", "Glad")))
    ClassifyAgent(config).decide(a_unit("c", "u", ontology), tools(model=model))

    assert len(model.questions) == 1
