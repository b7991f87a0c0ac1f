"""Answers taken apart into questions, level by level: what is nested is compared only where the parents agree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from encord_lambda.labels.ontology import Attribute
from encord_lambda.labels.proposals import Answers, Choice, Value

type Plain = str | float | tuple[str, ...]
"""An option or a text, a number, or ticked options."""
type Question = tuple[str, ...]
"""Its path: titles of the classification, the option, the attribute nested below it, and so on."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two answers to one question; None is no answer, and at least one of them is one."""

    question: Question
    truth: Plain | None
    given: Plain | None


def kinds(questions: Iterable[Attribute], above: Question = ()) -> dict[Question, str]:
    """The kinds of these questions and of all that are nested below them."""
    found: dict[Question, str] = {}
    for question in questions:
        path = (*above, question.title)
        found[path] = question.kind
        for option in question.options:
            found |= kinds(option.attributes, (*path, option.title))
    return found


def compared(question: Question, truth: Value | None, given: Value | None) -> Iterator[Compared]:
    """The two answers, and what is nested below them where both chose the same option."""
    chosen, said = _plain(truth), _plain(given)
    if chosen is not None or said is not None:
        yield Compared(question, chosen, said)
    if chosen == said and isinstance(chosen, str):
        yield from nested((*question, chosen), _below(truth), _below(given))


def nested(above: Question, truth: Answers, given: Answers) -> Iterator[Compared]:
    """Answers to several questions of one place, such as the attributes of an object."""
    right, said = dict(truth), dict(given)
    for title in right | said:
        yield from compared((*above, title), right.get(title), said.get(title))


def _plain(value: Value | None) -> Plain | None:
    if isinstance(value, Choice):
        return value.option
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def _below(value: Value | None) -> Answers:
    return value.answers if isinstance(value, Choice) else ()
