"""Answer classifications about images, image groups, videos, PDFs and texts (seeds 000 and 002)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from encord_lambda.agents.agent import DataUnit, Decision, Tools
from encord_lambda.agents.hearing import Heard, Hearing, hear
from encord_lambda.agents.interviewing import Interviewer
from encord_lambda.agents.prompting import own
from encord_lambda.config_classify import Classify
from encord_lambda.labels.ontology import Classification, Ontology
from encord_lambda.labels.proposals import Answer, Choice, Owned, Value
from encord_lambda.labels.steps import Said

UNSURE = "unsure"
"""The answer that chooses the pathway when the model is less sure than it should be."""


@dataclass(frozen=True, slots=True)
class ClassifyAgent:
    """Asks language models, and takes only what the ontology allows for an answer."""

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
            Reject: A model answered something that the ontology does not allow, or takes no such media.
        """
        questions = self.questions(unit.ontology)
        config = self.config
        if config.answered == "skip" and (standing := _all_answered(questions, unit)):
            return Decision(
                (), option(standing), "no model was asked, for a person has answered it all", confidence=None
            )
        asking = Interviewer(
            config.models,
            "classify",
            own(config.prompt, tools.prompts),
            first=config.titles[0],
            unsure_below=config.unsure_below,
            log_probabilities=config.confidence == "log_probabilities",
        )
        hearing = hear(questions, unit, config.frames, asking, tools)
        first = hearing.of(config.titles[0])
        unsure = any(asking.unsure(one.said) for one in first)
        return Decision(
            proposals=tuple(answer for question in questions for answer in hearing.labels(question)),
            answer=UNSURE if unsure else _most(first),
            reason="; ".join(self._words(hearing, unsure)),
            confidence=min(one.said.confidence for title in config.titles for one in hearing.of(title)),
            usage=hearing.usage,
        )

    def _words(self, hearing: Hearing, unsure: bool) -> Iterator[str]:
        first, *others = self.config.titles
        models = " and ".join(dict.fromkeys(one.model for one in hearing.of(first)))
        below = f", below {self.config.unsure_below:.2f}" if unsure else ""
        yield f"{models} answered {_told(hearing.of(first))}{below}"
        yield from (f"'{title}': {_told(hearing.of(title))}" for title in others)
        if hearing.bad:
            yield f"{len(hearing.bad)} frames left out; the first: {hearing.bad[0]}"


def option(answer: Value | None) -> str | None:
    """The option that a radio is answered with."""
    return answer.option if isinstance(answer, Choice) else None if answer is None else str(answer)


def _all_answered(questions: tuple[Classification, ...], unit: DataUnit) -> Value | None:
    """The answer to the first question, if persons have answered all of them.

    Of several frames nobody knows which ones they looked at, so an answer on frames is not one about all of them.
    """
    labels = [one.content for one in unit.labels() if one.author == "person"]
    answers = {one.classification: one.answer for one in labels if isinstance(one, Answer)}
    if all(one.title in answers and (one.whole or unit.frames == 1) for one in questions):
        return answers[questions[0].title]
    return None


def _most(heard: list[Heard]) -> str | None:
    """The option that most of the frames have; of equals, the surer."""
    votes = defaultdict[str | None, list[float]](list)
    for one in heard:
        votes[option(one.said.answer)].append(one.said.confidence)
    return max(votes, key=lambda title: (len(votes[title]), sum(votes[title])))


def _told(heard: list[Heard]) -> str:
    if len(heard) == 1:
        return f"{_words(heard[0].said)} at {heard[0].said.confidence:.2f}"
    counts = Counter(_words(one.said) for one in heard).most_common()
    surely = min(one.said.confidence for one in heard)
    return (
        f"{', '.join(f'{words} on {count}' for words, count in counts)} of {len(heard)} frames, least at {surely:.2f}"
    )


def _words(said: Said) -> str:
    match said.answer:
        case None:
            answer = "none of the options"
        case tuple() as ticked:
            answer = ", ".join(ticked)
        case other:
            answer = str(option(other))
    return answer[:80]
