"""Dead letters: what they say, and which of them a person means."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final
from uuid import UUID

from encord_lambda.dispatch.call_message import CallMessage
from encord_lambda.dispatch.claims import TaskKey
from encord_lambda.dispatch.messages import TaskMessage, parse
from encord_lambda.errors import Reject
from encord_lambda.registration import events, following

TOO_OFTEN: Final = "received too often; the log says why"
"""Of a letter that SQS moved by itself, which gives no reason."""
_PARTICULARS = re.compile(
    r"(?:https?|s3)://\S+|'[^']*'|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{64}\b|\d+(?:[.,]\d+)*",
    re.IGNORECASE,
)


class Origin(StrEnum):
    """The queue that a dead letter comes from."""

    TASKS = "tasks"
    UPLOADS = "uploads"
    REGISTRATIONS = "registrations"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message of a dead-letter queue, as it is."""

    id: str
    body: str
    reason: str = ""
    """Empty if SQS moved it, which happens to what was received too often."""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A dead letter that was read."""

    letter: DeadLetter
    subject: str
    """A task, an upload job, a directory, an import manifest, keys of objects, a call; of what is malformed, the
    message."""
    reason: str
    task: TaskMessage | None = None
    malformed: bool = False

    @property
    def key(self) -> TaskKey | None:
        """Which claim it is about, if it is a task's."""
        return TaskKey(self.task.stage, self.task.task) if self.task else None


def opened(origin: Origin, letter: DeadLetter) -> Opened:
    """Read a letter; also one that is malformed, whose reason then says what is wrong with it."""
    reason = letter.reason or TOO_OFTEN
    try:
        match origin:
            case Origin.TASKS:
                task = parse(TaskMessage, letter.body)
                return Opened(letter, str(task.task), reason, task)
            case Origin.UPLOADS:
                keys = [upload.key for upload in events.read(letter.body)]
                return Opened(letter, ", ".join(keys) or f"message {letter.id}", reason)
            case Origin.REGISTRATIONS:
                return Opened(letter, following.parsed(letter.body).subject, reason)
            case Origin.CALLS:
                return Opened(letter, parse(CallMessage, letter.body).subject, reason)
    except Reject as malformed:
        return Opened(letter, letter.subject or f"message {letter.id}", malformed.reason, malformed=True)


def chosen(letters: Iterable[Opened], reason: str, task: UUID | None) -> list[Opened]:
    """The letters with this text in their reason, whatever its case; of one task alone, if it is named."""
    return [
        one
        for one in letters
        if reason.casefold() in one.reason.casefold() and (task is None or (one.task and one.task.task == task))
    ]


def by_reason(letters: Iterable[Opened]) -> list[tuple[str, list[Opened]]]:
    """Letters by their reasons, the most frequent first. Reasons that differ in names and numbers only are one."""
    ordered = sorted(letters, key=_kind)
    groups = [list(group) for _, group in groupby(ordered, key=_kind)]
    return [(_shared(group), group) for group in sorted(groups, key=len, reverse=True)]


def _kind(one: Opened) -> str:
    return _PARTICULARS.sub("…", one.reason)


def _shared(group: list[Opened]) -> str:
    reasons = {one.reason for one in group}
    return reasons.pop() if len(reasons) == 1 else _kind(group[0])
