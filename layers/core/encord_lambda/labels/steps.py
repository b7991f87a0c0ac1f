"""Asking the questions of an ontology in as few steps as the limits of a schema allow; mostly that is one.

What is too large for one step is taken apart: questions are spread over several steps, a radio's nested attributes are
asked once its option is chosen, very many options are chosen from in two steps (a group, then an option of it), and
a very long checklist is gone through in parts.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, isqrt
from typing import Final

from encord_lambda.labels import schema
from encord_lambda.labels.limits import ENUM_VALUES, size
from encord_lambda.labels.ontology import Attribute, Option
from encord_lambda.labels.proposals import Answers, Choice, Value

CHECKLIST_PART: Final = 250
"""Options that are asked at once of a checklist too long for one step: below the limit for long enums."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered to a question; None is "nothing fits"."""

    answer: Value | None
    confidence: float = 1.0
    """In [0, 1]; of an answer that took several steps, that of its least sure step."""


type Sayings = dict[str, Said]
"""What was answered, by the title of the question."""
type Plan = Generator["Step", Sayings, Sayings]
"""Steps to be taken one after the other: send each one's sayings to get the next; all sayings are returned."""


@dataclass(frozen=True, slots=True)
class Step:
    """Questions that are asked together, and what was answered before (`given`, in words)."""

    questions: tuple[Attribute, ...]
    rated: bool = True
    """Whether each answer comes with a confidence, and may be null even if the ontology requires one."""
    given: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    """Where the options of the one question stand for groups: the titles in each."""

    @property
    def schema(self) -> dict[str, object]:
        """The JSON schema of the reply: one rated question is the whole of it, else each is under its title."""
        if self.rated:
            questions = {one.title: schema.rated(one) for one in self.questions}
            return questions[self.questions[0].title] if len(questions) == 1 else schema.closed(questions)
        return schema.closed({one.title: schema.plain(one) for one in self.questions})

    def path(self, question: Attribute) -> tuple[str, ...]:
        """The keys that lead to a question's answer in the reply."""
        if not self.rated:
            return (question.title,)
        return ("answer",) if len(self.questions) == 1 else (question.title, "answer")

    @property
    def allowed(self) -> bool:
        """Whether it is within the limits."""
        return size(self.schema).allowed


def plan(questions: Sequence[Attribute], *, rated: bool = True, given: tuple[str, ...] = ()) -> Plan:
    """Ask questions; their titles must differ."""
    sayings: Sayings = {}
    for together in _bundles(questions, rated):
        step = Step(together, rated, given)
        if step.allowed or len(together) > 1:
            sayings |= yield step
        else:
            sayings[together[0].title] = yield from _apart(together[0], rated, given)
    return sayings


def nested_answers(sayings: Sayings) -> Answers:
    """What was answered at all, in order."""
    return tuple((title, said.answer) for title, said in sayings.items() if said.answer is not None)


def chosen(option: str, answers: Answers) -> Value:
    """An option and what is nested in it, in its shortest form."""
    return Choice(option, answers) if answers else option


def _bundles(questions: Sequence[Attribute], rated: bool) -> Iterator[tuple[Attribute, ...]]:
    """Questions in order, as many together as the limits allow."""
    together: tuple[Attribute, ...] = ()
    for question in questions:
        if together and not Step((*together, question), rated).allowed:
            yield together
            together = ()
        together = (*together, question)
    if together:
        yield together


def _apart(question: Attribute, rated: bool, given: tuple[str, ...]) -> Generator[Step, Sayings, Said]:
    """Ask a question that is too large for one step."""
    if question.kind == "checklist":
        return (yield from _in_parts(question, rated, given))
    flat = replace(question, options=tuple(Option(title) for title in question.titles))
    surface = Step((flat,), rated, given)
    if len(question.options) > 1 and not surface.allowed:
        return (yield from _by_group(question, rated, given))
    said = (yield surface)[question.title]
    option = next((one for one in question.options if one.title == said.answer), None)
    if option is None or not option.asked:
        return said
    sayings = yield from plan(option.asked, rated=False, given=(*given, f"{question.title}: {option.title}"))
    return replace(said, answer=chosen(option.title, nested_answers(sayings)))


def _by_group(question: Attribute, rated: bool, given: tuple[str, ...]) -> Generator[Step, Sayings, Said]:
    length = max(ceil(len(question.options) / ENUM_VALUES), isqrt(len(question.options)))
    groups = [question.options[at : at + length] for at in range(0, len(question.options), length)]
    names = {f"group {number}": group for number, group in enumerate(groups, start=1)}
    titles = tuple(tuple(option.title for option in group) for group in groups)
    asked = replace(question, options=tuple(map(Option, names)))
    said = (yield Step((asked,), rated, given, titles))[question.title]
    if said.answer is None:
        return said
    narrowed = replace(question, options=names[str(said.answer)])
    sayings = yield from plan((narrowed,), rated=rated, given=given)
    option = sayings[question.title]
    return replace(option, confidence=min(said.confidence, option.confidence))


def _in_parts(question: Attribute, rated: bool, given: tuple[str, ...]) -> Generator[Step, Sayings, Said]:
    ticked: list[str] = []
    confidence = 1.0
    for at in range(0, len(question.options), CHECKLIST_PART):
        part = replace(question, options=question.options[at : at + CHECKLIST_PART], required=False)
        said = (yield Step((part,), rated, given))[question.title]
        ticked += said.answer if isinstance(said.answer, tuple) else ()
        confidence = min(confidence, said.confidence)
    return Said(tuple(ticked) or None, confidence)
