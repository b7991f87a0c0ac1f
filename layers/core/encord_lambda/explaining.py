"""What became of a task, from the records in the logs, its claims and its dead letters; in words. And of an upload."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from encord_lambda.dispatch.claims import Claim, State
from encord_lambda.letters import Opened
from encord_lambda.outcomes import (
    Decided,
    Labelled,
    Outcome,
    Postponed,
    Queued,
    Registered,
    Rejected,
    Removed,
    Routed,
    Shadowed,
    Skipped,
    TakenUp,
    Unlinked,
)

_KINDS: Final[dict[str, type[Any]]] = {kind.__name__: kind for kind in Outcome.__args__}


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a log."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """An outcome that was written down."""

    at: datetime
    kind: str
    outcome: Outcome | None
    """None if another version wrote it, in a form that this one does not know."""


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of a task."""

    task: UUID
    records: Sequence[Record]
    claims: Sequence[Claim]
    letters: Sequence[Opened]

    def __bool__(self) -> bool:
        return bool(self.records or self.claims or self.letters)


@dataclass(frozen=True, slots=True)
class UploadStory:
    """All that is known of an object in S3, and of the tasks about it."""

    key: str
    records: Sequence[Record]
    tasks: Sequence[Story]

    def __bool__(self) -> bool:
        return bool(self.records)


def records(lines: Iterable[LogLine], about: UUID | str) -> list[Record]:
    """The outcomes of a task, an item or an object's key among the lines, in their order.

    Other lines may quote it and are left out.
    """
    return [record for line in lines if (record := _record(line, str(about)))]


def items(found: Iterable[Record]) -> list[UUID]:
    """The items that an object was registered as, each once."""
    return list(dict.fromkeys(one.outcome.item for one in found if isinstance(one.outcome, Registered)))


def tasks(found: Iterable[Record], item: UUID) -> list[UUID]:
    """The tasks about an item that were taken up, each once."""
    taken_up = [one.outcome for one in found if isinstance(one.outcome, TakenUp)]
    return list(
        dict.fromkeys(one.tasks[place] for one in taken_up for place, its in enumerate(one.items) if its == item)
    )


def told_upload(story: UploadStory, now: datetime, replay: Callable[[UUID], str]) -> Iterator[str]:
    """As `told`: first what became of the object, then each of its tasks."""
    yield f"Object {story.key}"
    yield from (f"  {_time(record.at)}  {_event(record)}" for record in story.records)
    if not story.tasks:
        yield "No task about it was worked on"
    for one in story.tasks:
        yield from told(one, now, replay(one.task))


def told(story: Story, now: datetime, replay: str) -> Iterator[str]:
    """The story, line by line, with how it stands at the end; `replay` is the command that replays its letters."""
    yield f"Task {story.task}"
    for record in story.records:
        yield f"  {_time(record.at)}  {_event(record, story.task)}"
    if not story.records:
        yield "  no records of it in the logs"
    yield from (f"Now, {_standing(claim, now)}" for claim in story.claims)
    if not story.claims:
        yield "Now: no claim. If it waits at a stage that pipeline.yaml names, the next sweep queues it"
    yield from _letters(story, replay)


def _letters(story: Story, replay: str) -> Iterator[str]:
    for one in story.letters:
        at = f", at stage {one.task.stage}" if one.task else ""
        yield f"A dead letter of it waits{at}: {one.reason}"
    if story.letters:
        yield f"Mend the cause, then: {replay}"
    elif any(claim.state is State.REJECTED for claim in story.claims):
        yield "No dead letter of it waits any more: delete its claim, and the next sweep queues it again"


def _record(line: LogLine, about: str) -> Record | None:
    try:
        fields = json.loads(line.text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or not _is_about(fields, about):
        return None
    kind = fields.get("message")
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    try:
        return Record(line.at, kind, TypeAdapter(_KINDS[kind]).validate_python(fields))
    except ValidationError:
        return Record(line.at, kind, None)


def _is_about(fields: dict[str, Any], about: str) -> bool:
    several = [value for name in ("tasks", "items") if isinstance(value := fields.get(name), list)]
    return about in [fields.get(name) for name in ("task", "subject", "key")] or any(about in some for some in several)


def _event(record: Record, task: UUID | None = None) -> str:
    match record.outcome:
        case Registered() | Removed() | Unlinked() as upload:
            return _upload(upload)
        case Queued() as queued:
            return f"queued by the sweep, at the stage '{queued.stage}' of project {queued.project}"
        case TakenUp() as taken_up if task:
            return _taken_up(taken_up, task)
        case Decided() as decided:
            return _decision(decided)
        case Labelled() as labelled:
            return _labels(labelled)
        case Routed() | Shadowed() as moved:
            return _way(moved)
        case Skipped() | Rejected() | Postponed() as trouble:
            return _trouble(record.at, trouble)
        case _:
            return f"{record.kind}, as another version writes it: see the log"


def _upload(upload: Registered | Removed | Unlinked) -> str:
    match upload:
        case Registered(item=item, folder=folder):
            return f"registered: the item {item} in the folder {folder}"
        case Removed(reason=reason):
            return f"deleted from its bucket: {reason}"
        case Unlinked(item=item, data_units=data_units):
            return f"deleted from its bucket: {data_units} data units of the item {item} left their datasets"


def _way(moved: Routed | Shadowed) -> str:
    stage, pathway, reason = moved.stage, moved.pathway, moved.reason
    if isinstance(moved, Routed):
        return f"left the stage '{stage}' along the pathway '{pathway}': {reason}"
    way = f"would have left the stage '{stage}' along '{pathway}'" if pathway else "would have been rejected"
    return f"in the shadow, {way}: {reason}"


def _taken_up(taken_up: TakenUp, task: UUID) -> str:
    place = taken_up.tasks.index(task)
    data, item = taken_up.data_units[place], taken_up.items[place]
    return f"taken up at the stage '{taken_up.stage}': data unit {data}{f', of the item {item}' if item else ''}"


def _decision(decided: Decided) -> str:
    answer = f"decided '{decided.answer}'" if decided.answer is not None else "decided that no option fits"
    sure = "" if decided.confidence is None else f", confidence {decided.confidence:.2f}"
    tokens = f"{decided.input_tokens:,} + {decided.output_tokens:,} tokens"
    cost = f"{decided.model_seconds:.1f} s of models, {tokens}, ${decided.usd:.4f}"
    return f"{answer}{sure}, at the stage '{decided.stage}' ({cost})"


def _labels(labelled: Labelled) -> str:
    kept = f"; {labelled.kept} gave way to labels that stand there" if labelled.kept else ""
    outside = f"; {labelled.outside} lie outside the picture" if labelled.outside else ""
    return f"labels saved: {labelled.added} new, {labelled.replaced} in place of its own earlier ones{kept}{outside}"


def _trouble(at: datetime, trouble: Skipped | Rejected | Postponed) -> str:
    match trouble:
        case Skipped():
            return f"nothing to do: {trouble.reason}"
        case Rejected():
            return f"rejected: {trouble.reason}"
        case Postponed():
            again = f", next try at {_time(at + timedelta(seconds=trouble.after))}" if trouble.after else ""
            return f"put off{again}: {trouble.reason}"


def _standing(claim: Claim, now: datetime) -> str:
    return f"at the stage {claim.key.stage}: {_state(claim, now)}{_trials(claim)}"


def _state(claim: Claim, now: datetime) -> str:
    until = _time(claim.lease_until)
    match claim.state:
        case State.DONE:
            return "done; it is new work once it comes back to the stage"
        case State.GONE:
            return "had left the stage when its turn came; the next sweep queues it if it is there"
        case State.SHADOWED:
            return "tried in the shadow; it is new work once `shadow` is taken out of pipeline.yaml"
        case State.REJECTED:
            return "rejected, until it is replayed or comes back to the stage"
        case State.QUEUED if now < claim.lease_until:
            return f"queued, its message is under way; after {until} a sweep may queue it again"
        case State.RUNNING if now < claim.lease_until:
            return f"running, message {claim.owner} has it until {until}"
        case _:
            return f"{claim.state} until {until}, which is over; the next sweep queues it again"


def _trials(claim: Claim) -> str:
    tries = f"; tries that ended in trouble: {claim.tries}" if claim.tries else ""
    crashes = f"; workers that died with it in hand: {claim.crashes}" if claim.crashes else ""
    reason = f"; the last reason: {claim.reason}" if claim.reason else ""
    return f"{tries}{crashes}{reason}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
