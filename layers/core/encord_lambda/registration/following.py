"""One batch of RegistrationsQueue: each message is about something that has a next step, and is visited once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Protocol

from pydantic import Field, TypeAdapter, ValidationError

from encord_lambda.dispatch import backing_off
from encord_lambda.dispatch.messages import SqsRecord, first_fault
from encord_lambda.errors import Deferred, Malformed, Reject, Retry, Skip
from encord_lambda.outcomes import Outcome, Postponed, Rejected, Result, Skipped
from encord_lambda.registration import instructions
from encord_lambda.registration.directories import completing, gathering
from encord_lambda.registration.directories.groups import GroupMessage
from encord_lambda.registration.instructions import ManifestMessage
from encord_lambda.registration.upload_jobs import advancing
from encord_lambda.registration.upload_jobs.tracking import RegistrationMessage

SHORTEST: Final = 60.0
"""Seconds; with less left no message is begun, for it would die halfway and take the whole batch along."""


class Inbox(Protocol):
    """RegistrationsQueue, for the messages that were received from it."""

    def hide(self, seconds: Mapping[str, int]) -> None:
        """Have messages, by receipt handle, come back after so many seconds."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that following works with."""

    jobs: advancing.Desk
    groups: gathering.Desk
    manifests: instructions.Desk
    inbox: Inbox
    draw: Callable[[], float]
    """Numbers in [0, 1), to spread what comes back."""


type Followed = RegistrationMessage | GroupMessage | ManifestMessage
_FOLLOWED: TypeAdapter[Followed] = TypeAdapter(Annotated[Followed, Field(discriminator="kind")])


def parsed(body: str) -> Followed:
    """What a message of RegistrationsQueue says.

    Raises:
        Malformed: It is malformed, or of another version or kind.
    """
    try:
        return _FOLLOWED.validate_json(body)
    except ValidationError as error:
        raise Malformed(f"malformed message: {first_fault(error)}") from None


def follow(
    batch: Sequence[SqsRecord], desk: Callable[[], Desk], now: datetime, time_left: Callable[[], float]
) -> Result:
    """Visit each message's subject once; the desk is not set up for an empty batch. One's trouble is its own.

    `time_left` tells the seconds that are left for the batch; messages whose turn does not come are kept.
    """
    if not batch:
        return Result()
    works = desk()
    outcomes: list[Outcome] = []
    hidden: dict[str, int] = {}
    keep: list[str] = []
    for record in batch:
        subject = f"message {record.messageId}"
        try:
            message = parsed(record.body)
            subject = message.subject
            outcomes += _visit(message, works, now, time_left)
        except Skip as trouble:
            outcomes.append(Skipped(subject, trouble.reason))
        except (Retry, Reject) as trouble:
            # What will never work is kept as well: its objects have no receipt yet, so it must reach the
            # dead-letter queue.
            keep.append(record.messageId)
            outcomes.append(_told(subject, trouble))
            after = trouble.after if isinstance(trouble, Retry) else 0.0
            hidden[record.receiptHandle] = backing_off.seconds(
                record.attributes.ApproximateReceiveCount, after, works.draw()
            )
    return Result([*outcomes, *_hidden(hidden, works)], keep)


def _visit(message: Followed, desk: Desk, now: datetime, time_left: Callable[[], float]) -> Sequence[Outcome]:
    if time_left() < SHORTEST:
        raise Deferred("the messages before it took all the time; it comes again")
    match message:
        case RegistrationMessage():
            return advancing.visit(message, desk.jobs, now)
        case GroupMessage():
            return completing.visit(message, desk.groups, now)
        case ManifestMessage():
            return instructions.visit(message, desk.manifests, now, time_left)


def _told(subject: str, trouble: Retry | Reject) -> Postponed | Rejected:
    if isinstance(trouble, Retry):
        return Postponed(subject, trouble.reason, trouble.after)
    return Rejected(subject, trouble.reason, trouble.cause)


def _hidden(seconds: Mapping[str, int], desk: Desk) -> Sequence[Outcome]:
    """Those that cannot be hidden come back when the queue's own visibility timeout is over."""
    try:
        desk.inbox.hide(seconds)
    except Retry as trouble:
        return [Postponed(f"{len(seconds)} messages", trouble.reason)]
    return []
