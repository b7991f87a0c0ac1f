"""An agent's answers beside people's answers to the same classification."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from encord_lambda.labels.proposals import Answer, Choice, Value
from encord_lambda.shadow_report.standing import Standing

DECILES: Final = 10


@dataclass(frozen=True, slots=True)
class Compared:
    """Two answers to one question about one place; None is no answer."""

    proposed: str | None
    person: str | None
    confidence: float | None = None
    """The agent's, in [0, 1], where it proposed something."""

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.proposed == self.person


@dataclass(frozen=True, slots=True)
class Decile:
    """Answers whose confidence is at least `least` and less than a tenth more; the last one includes 1."""

    least: float
    compared: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often the agent proposed one thing where people said another, or the same."""

    proposed: str | None
    person: str | None
    count: int


@dataclass(frozen=True, slots=True)
class AnswersReport:
    """How far an agent and people agree on a classification."""

    classification: str
    compared: int
    agreed: int
    agreement: float | None
    """In [0, 1]; None where nothing was compared."""
    unjudged: int
    """Answers that were not compared: an agent's own answer stands there, which no person corrected."""
    confusion: tuple[Confusion, ...]
    """Most frequent first. Texts are compared, but not listed."""
    deciles: tuple[Decile, ...]
    """By the agent's confidence, the surest first; those without answers are left out."""


def report(classification: str, is_text: bool, pairs: Iterable[tuple[tuple[Answer, ...], Standing]]) -> AnswersReport:
    """Over proposals for finished data units, each with what stands there now."""
    found: list[Compared] = []
    unjudged = 0
    for proposals, standing in pairs:
        mine = [one for one in proposals if one.classification == classification]
        agents = [one for one in standing.answers("agent") if one.classification == classification]
        persons = [one for one in standing.answers("person") if one.classification == classification]
        judged = [one for one in mine if not _on(one.frame, agents)]
        unjudged += len(mine) - len(judged)
        if judged or persons or not agents:
            found += _compared(judged, persons, everywhere=not standing.is_video)
    agreed = sum(one.agrees for one in found)
    counts = Counter((one.proposed, one.person) for one in found) if not is_text else Counter()
    return AnswersReport(
        classification=classification,
        compared=len(found),
        agreed=agreed,
        agreement=agreed / len(found) if found else None,
        unjudged=unjudged,
        confusion=tuple(Confusion(*pair, count) for pair, count in sorted(counts.items(), key=_frequent)),
        deciles=tuple(_deciles(found)),
    )


def _compared(mine: list[Answer], persons: list[Answer], *, everywhere: bool) -> Iterator[Compared]:
    """Each proposal with what a person says on its first frame, and what people say where nothing is proposed.

    An agent that did not look `everywhere` is not blamed for what people say elsewhere, unless it proposes nothing.
    """
    for one in mine:
        person = _on(one.frame, persons)
        yield Compared(shown(one.answer), shown(person.answer) if person else None, one.confidence)
    if everywhere or not mine:
        alone = [one for one in persons if not any(_covers(one, other.frame) for other in mine)]
        yield from (Compared(None, shown(one.answer)) for one in alone)
    if not mine and not persons:
        yield Compared(None, None)


def _on(frame: int, answers: Iterable[Answer]) -> Answer | None:
    return next((one for one in answers if _covers(one, frame)), None)


def _covers(answer: Answer, frame: int) -> bool:
    return answer.frame <= frame <= (answer.frame if answer.last is None else answer.last)


def shown(answer: Value) -> str:
    """An answer as one text; of a radio the option alone, whatever is nested in it."""
    match answer:
        case Choice(option=option):
            return option
        case tuple():
            return ", ".join(answer)
        case float() | int():
            return f"{answer:.15g}"
        case _:
            return answer


def _deciles(found: Iterable[Compared]) -> Iterator[Decile]:
    sure = [one for one in found if one.confidence is not None]
    for decile in reversed(range(DECILES)):
        here = [one for one in sure if one.confidence is not None and _decile(one.confidence) == decile]
        if here:
            yield Decile(decile / DECILES, len(here), sum(one.agrees for one in here))


def _decile(confidence: float) -> int:
    return min(int(confidence * DECILES), DECILES - 1)


def _frequent(counted: tuple[tuple[str | None, str | None], int]) -> tuple[int, str, str]:
    (proposed, person), count = counted
    return -count, proposed or "", person or ""
