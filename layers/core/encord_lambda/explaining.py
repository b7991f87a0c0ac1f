"""What became of a task, from the records in the logs, its claims and its dead letters; in words."""

import json
from collections.abc import Iterable, Iterator, Sequence
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
    Rejected,
    Routed,
    Shadowed,
    Skipped,
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


def records(lines: Iterable[LogLine], task: UUID) -> list[Record]:
    """The outcomes of the task among the lines, in their order; other lines may quote its id and are left out."""
    return [record for line in lines if (record := _record(line, task))]


def told(story: Story, now: datetime, replay: str) -> Iterator[str]:
    """The story, line by line, with how it stands at the end; `replay` is the command that replays its letters."""
    yield f"Task {story.task}"
    for record in story.records:
        yield f"  {_time(record.at)}  {_event(record)}"
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


def _record(line: LogLine, task: UUID) -> Record | None:
    try:
        fields = json.loads(line.text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or not _is_about(fields, str(task)):
        return None
    kind = fields.get("message")
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    try:
        return Record(line.at, kind, TypeAdapter(_KINDS[kind]).validate_python(fields))
    except ValidationError:
        return Record(line.at, kind, None)


def _is_about(fields: dict[str, Any], task: str) -> bool:
    several = fields.get("tasks")
    return task in (fields.get("task"), fields.get("subject")) or (isinstance(several, list) and task in several)


def _event(record: Record) -> str:
    match record.outcome:
        case Queued() as queued:
            return f"queued by the sweep, at the stage '{queued.stage}' of project {queued.project}"
        case Decided() as decided:
            return _decision(decided)
        case Labelled() as labelled:
            return _labels(labelled)
        case Routed() as routed:
            return f"left the stage '{routed.stage}' along the pathway '{routed.pathway}': {routed.reason}"
        case Shadowed(stage=stage, pathway=pathway, reason=reason):
            way = f"would have left the stage '{stage}' along '{pathway}'" if pathway else "would have been rejected"
            return f"in the shadow, {way}: {reason}"
        case Skipped() | Rejected() | Postponed() as trouble:
            return _trouble(record.at, trouble)
        case _:
            return f"{record.kind}, as another version writes it: see the log"


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
