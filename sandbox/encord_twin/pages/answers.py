"""What labels say, and who says it: a robot or a person."""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any

from ..platform.data_units import objects_in
from ..platform.json_values import JsonObject
from ..platform.records import LabelRow, Project, StageType
from ..platform.tasks import Task

LONGEST_ANSWER = 28  # characters on a card


@dataclass(frozen=True)
class Writer:
    """Whoever wrote a label, and when. The platform may not know either."""

    name: str | None
    is_robot: bool
    confidence: float
    moment: datetime | None

    @property
    def icon(self) -> str:
        """Its badge."""
        return "robot" if self.is_robot else "person"


@dataclass(frozen=True)
class Answer:
    """One question of a classification with its answer; `frames` says where on the data unit it holds."""

    question: str
    text: str
    writer: Writer
    frames: str


def agents_of(project: Project, task: Task | None) -> frozenset[str]:
    """Who sent this task on from agent stages: a program, whatever else it wrote."""
    visits = task.visits if task else ()
    return frozenset(
        after.by
        for before, after in pairwise(visits)
        if after.by and project.stages[before.stage].type is StageType.AGENT
    )


def writer(label: JsonObject, agents: Set[str]) -> Writer:
    """Who wrote an object or classification. A person is certain and says so by hand: anything else is a robot's."""
    name = label.get("lastEditedBy") or label.get("createdBy")
    sure = label.get("confidence")
    confidence = float(sure) if isinstance(sure, int | float) else 1.0
    robot = confidence < 1 or label.get("manualAnnotation") is False or name in agents
    return Writer(name, robot, confidence, _moment(label.get("lastEditedAt") or label.get("createdAt")))


def answers(labels: LabelRow, agents: Set[str], frame: int | None = None) -> Iterator[Answer]:
    """The answers of a label row, or of one frame of it; those to nested questions follow their parents'."""
    for label in labels.classification_answers.values():
        ranges = label.get("range") or []
        if frame is None or not ranges or any(first <= frame <= last for first, last in ranges):
            for one in label.get("classifications", []):
                yield Answer(str(one.get("name")), _text(one.get("answers")), writer(label, agents), _frames(ranges))


def headline(labels: LabelRow | None, agents: Set[str]) -> Answer | None:
    """What a card says of a label row: the answer to a choice rather than a text, else which objects there are."""
    if labels is None:
        return None
    by_choice = sorted(labels.classification_answers.values(), key=lambda label: not _is_choice(label))
    for label in by_choice[:1]:
        for one in label.get("classifications", [])[:1]:
            text = _text(one.get("answers"))
            short = text if len(text) <= LONGEST_ANSWER else f"{text[: LONGEST_ANSWER - 1]}…"
            return Answer(str(one.get("name")), short, writer(label, agents), "")
    return _objects(labels, agents)


def _objects(labels: LabelRow, agents: Set[str]) -> Answer | None:
    things = [thing for unit in labels.labels.values() for thing in objects_in(unit)]
    distinct = {thing["objectHash"]: thing for thing in things}
    if not distinct:
        return None
    counts = Counter(str(thing.get("name")) for thing in distinct.values())
    text = ", ".join(name if number == 1 else f"{number} {name}" for name, number in counts.most_common(2))
    writers = [writer(thing, agents) for thing in distinct.values()]
    return Answer("Objects", text, min(writers, key=lambda one: one.confidence), "")


def _is_choice(label: JsonObject) -> bool:
    return any(isinstance(one.get("answers"), list) for one in label.get("classifications", []))


def _moment(written: object) -> datetime | None:
    """The SDK writes `Sat, 21 Nov 2026 05:22:04 UTC`; others may write anything."""
    try:
        return parsedate_to_datetime(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _text(given: Any) -> str:
    if not isinstance(given, list):
        return str(given)
    return ", ".join(str(option.get("name")) if isinstance(option, dict) else str(option) for option in given)


def _frames(ranges: list[tuple[int, int]]) -> str:
    spans = [str(first) if first == last else f"{first} to {last}" for first, last in ranges]
    return ", ".join(spans[:4]) + (" …" if len(spans) > 4 else "")
