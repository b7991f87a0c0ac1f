"""One batch of RegistrationsQueue: each upload job is looked at once, and either ends here or is looked at later.

At the end of a job: link its items to the datasets, then write the receipt. Both are safe to repeat.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic import ValidationError

from encord_lambda.dispatch.messages import SqsRecord, first_fault, parse
from encord_lambda.errors import Reject, Retry
from encord_lambda.outcomes import Outcome, Postponed, Registered, Rejected, Result
from encord_lambda.registration import tracking
from encord_lambda.registration.items import Image
from encord_lambda.registration.manifest import Manifest
from encord_lambda.registration.receipts import Receipt, Settled
from encord_lambda.registration.tracking import JobState, Queue, RegistrationMessage

PATIENCE = 12
"""Visits without a word in the log: about 20 minutes. Later ones are logged, lest a stuck job go unseen."""


class UploadJobs(Protocol):
    """Encord's upload jobs, and what comes after them."""

    def state(self, folder: UUID, job: UUID) -> JobState:
        """How far a job is, without waiting for it."""

    def known(self, folder: UUID, images: Sequence[Image], items: Sequence[UUID]) -> Mapping[str, UUID]:
        """Which of `images` are in the folder already, by URL; first looked for among `items`."""

    def link(self, dataset: UUID, items: Sequence[UUID]) -> None:
        """Link items to a dataset; those linked before are left alone."""


class Records(Protocol):
    """The records bucket."""

    def read(self, key: str) -> bytes:
        """A whole record."""

    def write(self, key: str, body: bytes) -> None:
        """Put a record, over whatever was there."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that following works with."""

    jobs: UploadJobs
    records: Records
    queue: Queue


def follow(batch: Sequence[SqsRecord], desk: Callable[[], Desk], now: datetime) -> Result:
    """Look at each job once; the desk is not set up for an empty batch. One message's trouble is its own.

    Raises:
        Misconfigured: The key or a setting is wrong: the whole batch waits.
    """
    if not batch:
        return Result()
    works = desk()
    outcomes: list[Outcome] = []
    keep: list[str] = []
    for record in batch:
        try:
            outcomes += visit(parse(RegistrationMessage, record.body), works, now)
        except (Retry, Reject) as trouble:
            # What will never work is kept as well: its objects have no receipt yet, so it must reach the
            # dead-letter queue.
            keep.append(record.messageId)
            kind = Rejected if isinstance(trouble, Reject) else Postponed
            outcomes.append(kind(f"message {record.messageId}", trouble.reason))
    return Result(outcomes, keep)


def visit(message: RegistrationMessage, desk: Desk, now: datetime) -> Sequence[Outcome]:
    """Look at one job: send its message again while it runs, else settle it."""
    state = desk.jobs.state(message.folder, message.job)
    if state.status == "PENDING":
        desk.queue.send([message.next_visit()], delay=tracking.delay(message.visit + 1))
        minutes = (now - message.submitted_at).total_seconds() // 60
        reason = f"Encord has not finished this upload job after {minutes:.0f} minutes; it is looked at again"
        return [Postponed(str(message.job), reason)] if message.visit >= PATIENCE else []
    receipt = _settle(message, state, desk, now)
    for dataset in message.datasets:
        desk.jobs.link(dataset, [entry.item for entry in receipt.objects if entry.item])
    desk.records.write(message.receipt, receipt.model_dump_json(indent=2).encode())
    return list(_outcomes(receipt))


def _settle(message: RegistrationMessage, state: JobState, desk: Desk, now: datetime) -> Receipt:
    manifest = _manifest(message.manifest, desk.records.read(message.manifest))
    missing = tracking.unnamed(manifest, state)
    known = desk.jobs.known(message.folder, missing, tracking.strangers(manifest, state)) if missing else {}
    return tracking.receipt(message, tracking.settle(manifest, state, known), now)


def _manifest(key: str, body: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(body)
    except ValidationError as error:
        raise Reject(f"{key} in the records bucket is no upload file: {first_fault(error)}") from None


def _outcomes(receipt: Receipt) -> Iterator[Registered | Rejected]:
    for entry in receipt.objects:
        yield _outcome(entry, receipt.folder)


def _outcome(entry: Settled, folder: UUID) -> Registered | Rejected:
    if entry.item:
        return Registered(entry.key, entry.item, folder)
    return Rejected(entry.key, entry.reason or "")
