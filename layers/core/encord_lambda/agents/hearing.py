"""What was answered about a data unit: about the whole, or about one frame after the other."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby

from encord_lambda.agents.agent import DataUnit, Picture, Tools, Usage
from encord_lambda.agents.interviewing import Interviewer, interview
from encord_lambda.agents.material import Look, Material, is_among, looks, together
from encord_lambda.config_prelabel import FrameSampling
from encord_lambda.errors import Reject
from encord_lambda.labels.ontology import Classification
from encord_lambda.labels.proposals import Answer, Value
from encord_lambda.labels.steps import Said


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer about a frame, or about all from it to the last."""

    frame: int
    last: int | None
    said: Said
    model: str


@dataclass(slots=True)
class Hearing:
    """The answers to questions about one data unit, and what they took."""

    asking: Interviewer
    tools: Tools
    heard: dict[str, list[Heard | None]] = field(default_factory=dict)
    """By the question's title, in order of the frames; None for a frame about which nothing was learned."""
    bad: list[str] = field(default_factory=list)
    """What was wrong with such frames."""
    usage: Usage = field(default_factory=Usage)

    def of(self, title: str) -> list[Heard]:
        """What was answered to a question; at least once."""
        return [one for one in self.heard[title] if one]

    def labels(self, question: Classification) -> Iterator[Answer]:
        """Of consecutive frames with the same answer one label, as sure as the least sure of them.

        It goes from the first of them to the last, with all frames between. One about which nothing was learned ends
        it.
        """
        for answer, alike in groupby(self.heard[question.title], _answer):
            run = [one for one in alike if one]
            if answer is not None:
                first, last = run[0].frame, run[-1].frame if run[-1].last is None else run[-1].last
                sure = min(one.said.confidence for one in run)
                where = (0, None) if question.whole else (first, last if last > first else None)
                yield Answer(question.title, answer, sure, *where)

    def ask(self, questions: Sequence[Classification], look: Look) -> None:
        """Ask about one look.

        Raises:
            Trouble: As the language model does, and Reject for a look at nothing.
        """
        if look.material is None:
            raise Reject(f"frame {look.frame} is damaged")
        found = interview(questions, look.material, self.asking, self.tools)
        self.usage += found.usage
        for title, said in found.sayings.items():
            self.heard.setdefault(title, []).append(Heard(look.frame, look.last, said, found.model))

    def try_to_ask(self, questions: Sequence[Classification], look: Look) -> None:
        """The same about one look of several: what cannot be judged is noted as bad."""
        try:
            self.ask(questions, look)
        except Reject as trouble:
            self.bad.append(trouble.reason)
            for question in questions:
                self.heard.setdefault(question.title, []).append(None)


def hear(
    questions: Sequence[Classification], unit: DataUnit, sampling: FrameSampling, asking: Interviewer, tools: Tools
) -> Hearing:
    """Ask what is about the whole once, and the rest about each frame; all at once where there is only one look.

    Raises:
        Trouble: As the tools do; but Reject for a frame of several only if nothing was learned about any.
    """
    hearing, pictures = Hearing(asking, tools), list[Picture]()
    each, whole = _sorted(questions)
    with closing(looks(unit, sampling, tools)) as all_looks:
        for number, look in enumerate(all_looks):
            if look.of == 1:
                hearing.ask(questions, look)
                return hearing
            if each or look.material is None:
                hearing.try_to_ask(each, look)
            if look.material and is_among(number, look.of):
                pictures += look.material.pictures if whole else ()
    _conclude(hearing, each, whole, together(unit, pictures))
    return hearing


def _sorted(questions: Sequence[Classification]) -> tuple[list[Classification], list[Classification]]:
    """Those about each frame, and those about the whole."""
    return [one for one in questions if not one.whole], [one for one in questions if one.whole]


def _conclude(
    hearing: Hearing, each: Sequence[Classification], whole: Sequence[Classification], all_of_it: Material
) -> None:
    """Ask about the whole, once something is known to be there."""
    if (whole and not all_of_it.pictures) or (each and not any(hearing.heard.get(each[0].title, ()))):
        raise Reject(_nothing_learned(hearing.bad))
    if whole:
        hearing.ask(whole, Look(0, all_of_it))


def _nothing_learned(bad: Sequence[str]) -> str:
    if len(bad) > 1:
        return f"nothing could be learned about any of {len(bad)} frames; the first: {bad[0]}"
    return bad[0] if bad else "there are no frames to look at"


def _answer(heard: Heard | None) -> Value | None:
    return heard.said.answer if heard else None
