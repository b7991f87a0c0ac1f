"""Answer classifications from the picture (seeds 000 and 002)."""

from dataclasses import dataclass
from typing import ClassVar

from encord_lambda.agents.agent import DataUnit, Decision, Tools
from encord_lambda.agents.interviewing import Interview, interview
from encord_lambda.config import Classify
from encord_lambda.labels.ontology import Classification, Ontology
from encord_lambda.labels.proposals import Answer, Choice, Owned, Value
from encord_lambda.labels.steps import Said, plan

UNSURE = "unsure"
"""The answer that chooses the pathway when the model is less sure than it should be."""


@dataclass(frozen=True, slots=True)
class ClassifyAgent:
    """Asks a language model, and takes only what the ontology allows for an answer."""

    config: Classify
    looks: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """Who the labels are by: named after the first question, so that others may be added and taken away."""
        return f"classify:{self.config.titles[0]}"

    @property
    def owned(self) -> Owned:
        """Titles of the classifications it answers."""
        return Owned(classifications=self.config.titles)

    def questions(self, ontology: Ontology) -> tuple[Classification, ...]:
        """What it asks; the first one is a radio, whose answer chooses the pathway.

        Raises:
            Misconfigured: The ontology lacks one, or its titles are ambiguous.
        """
        first, *others = self.config.titles
        return ontology.classification(first, "radio"), *map(ontology.classification, others)

    def decide(self, unit: DataUnit, tools: Tools) -> Decision:
        """An answer to each question; the first one chooses the pathway. `null` writes no label.

        Raises:
            Reject: The model answered something that the ontology does not allow.
        """
        questions = self.questions(unit.ontology)
        picture = tools.pictures.read(unit.url)
        said = interview(plan(questions), self.config.model, picture, tools.language_model)
        first = said.sayings[questions[0].title]
        return Decision(
            proposals=tuple(_proposals(questions, said, unit.frame)),
            answer=UNSURE if self._unsure(first) else option(first.answer),
            reason=self._reason(first, said),
            confidence=min(one.confidence for one in said.sayings.values()),
            usage=said.usage,
        )

    def _unsure(self, said: Said) -> bool:
        limit = self.config.unsure_below
        return limit is not None and said.confidence < limit

    def _reason(self, first: Said, said: Interview) -> str:
        others = [f"'{title}': {_words(one)}" for title, one in list(said.sayings.items())[1:]]
        unsure = f", below {self.config.unsure_below:.2f}" if self._unsure(first) else ""
        return "; ".join([f"{self.config.model} answered {_words(first)}{unsure}", *others])


def option(answer: Value | None) -> str | None:
    """The option that a radio is answered with."""
    return answer.option if isinstance(answer, Choice) else None if answer is None else str(answer)


def _proposals(questions: tuple[Classification, ...], said: Interview, frame: int) -> list[Answer]:
    answers = [(question, said.sayings[question.title]) for question in questions]
    return [
        Answer(question.title, one.answer, one.confidence, 0 if question.whole else frame)
        for question, one in answers
        if one.answer is not None
    ]


def _words(said: Said) -> str:
    match said.answer:
        case None:
            answer = "none of the options"
        case tuple() as ticked:
            answer = ", ".join(ticked)
        case other:
            answer = str(option(other))
    return f"{answer[:80]} at {said.confidence:.2f}"
