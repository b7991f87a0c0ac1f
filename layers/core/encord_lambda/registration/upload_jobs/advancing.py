"""The next step of an upload job, whoever makes it: start it, look at it, settle it, tell of it.

The record comes first and each step can be repeated, so a crash anywhere costs time and nothing else. A job that was
started and not recorded is started again, and skips what the first start registered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final, Protocol
from uuid import UUID

from pydantic import ValidationError

from encord_lambda.dispatch.messages import first_fault
from encord_lambda.errors import Reject, Retry
from encord_lambda.outcomes import Outcome, Postponed, Receipted, Skipped, Submitted
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs import settling, tracking
from encord_lambda.registration.upload_jobs.jobs import Held, Job, State
from encord_lambda.registration.upload_jobs.receipts import Settled
from encord_lambda.registration.upload_jobs.reconciling import Folder, name_of, reconciled
from encord_lambda.registration.upload_jobs.tallies import Accounts, Records
from encord_lambda.registration.upload_jobs.tracking import JobState, Queue, RegistrationMessage

PATIENCE: Final = 12
"""Visits without a word in the log: about 20 minutes. Later ones are logged, lest a stuck job go unseen."""
MOST_VISITS: Final = 2000
"""About a week, and Encord's own SDK waits no longer. Then a person is told, by the dead-letter queue."""


class UploadJobs(Protocol):
    """Encord's upload jobs, and what comes after them."""

    def start(self, folder: UUID, integration: str, manifest: Manifest) -> UUID:
        """Start a job; answers its id. Reject if Encord refuses what is in the manifest, or how much it is."""

    def state(self, folder: UUID, job: UUID) -> JobState:
        """How far a job is, without waiting for it."""

    def folder(self, folder: UUID) -> Folder:
        """The items of a folder."""

    def link(self, dataset: UUID, items: Sequence[UUID]) -> None:
        """Link items to a dataset; those linked before are left alone."""


class News(Protocol):
    """Where others hear of receipts."""

    def announce(self, receipts: Sequence[Receipted]) -> None:
        """Tell of receipts; some of them perhaps twice."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that advancing works with."""

    encord: UploadJobs
    held: Held
    records: Records
    accounts: Accounts
    queue: Queue
    news: News


def visit(message: RegistrationMessage, desk: Desk, now: datetime) -> Sequence[Outcome]:
    """Make the next step of the job that a message is about, and send the message again if more are to come.

    Raises:
        Retry: The step could not be made.
        Reject: There is no such job, its manifest is damaged, or Encord has not finished it for too long.
    """
    job = _read(message.id, desk)
    if message.visit < job.visits:
        return [Skipped(f"upload job {job.id}", "a later message follows it")]
    outcomes = advance(job.id, desk, now)
    job = _read(job.id, desk)
    if job.state is State.CLOSED:
        return outcomes
    if message.visit >= MOST_VISITS:
        raise Reject(_endless(job, now))
    # Sent first: a message of an earlier visit is dropped only where a later one is on its way.
    again = message.model_copy(update={"visit": message.visit + 1})
    desk.queue.send([again], delay=tracking.delay(again.visit))
    desk.held.write([job.looked_at(again.visit)], {})
    return [*outcomes, *_patience(job, again.visit, now)]


def advance(job_id: str, desk: Desk, now: datetime) -> Sequence[Outcome]:
    """Make a job's next step; none if somebody else is at it.

    Raises:
        Retry: The step could not be made; it can be tried again.
        Reject: There is no such job, or its manifest is damaged.
    """
    job = _read(job_id, desk)
    if job.state is State.STARTING:
        return _start(job, desk, now)
    if job.state is State.RUNNING and job.encord_job:
        return _look(job, job.encord_job, desk, now)
    if job.state is State.SPLIT:
        return _hand_over(job, desk)
    return _tell(job, desk) if job.state is State.SETTLED else []


def _start(job: Job, desk: Desk, now: datetime) -> Sequence[Outcome]:
    manifest, leased = _manifest(job, desk), job.leased(now)
    if not job.is_free(now) or not desk.held.write([leased], {}):
        return []
    try:
        started = desk.encord.start(job.folder, job.integration, manifest)
    except Reject as trouble:
        return _refused(leased, manifest, trouble, desk, now)
    except Retry:
        desk.held.write([leased.released()], {})
        raise
    if not desk.held.write([leased.running(started)], {}):
        return []  # whoever took over after the lease has started it again, and that one counts
    return [Submitted(started, job.folder, job.submitted)]


def _refused(job: Job, manifest: Manifest, trouble: Reject, desk: Desk, now: datetime) -> Sequence[Outcome]:
    """Encord refuses an upload job as a whole for one item's sake: halve it until that item is alone."""
    if len(manifest.items) == 1:
        [item] = manifest.items
        return _settle(
            job, [Settled(key=name_of(item), urls=item.urls, state="failed", reason=trouble.reason)], desk, now
        )
    halves = batched(manifest.items, (len(manifest.items) + 1) // 2, strict=False)
    manifests = [Manifest.of(half, upsert_metadata=manifest.upsert_metadata) for half in halves]
    parts = [job.part(half) for half in manifests]
    for part, half in zip(parts, manifests, strict=True):
        desk.records.write(part.manifest, half.json_bytes())
    split = job.split(parts)
    if not desk.held.write([split, *parts], {}):
        return []
    return [Postponed(f"upload job {job.id}", f"it is tried in halves: {trouble.reason}"), *_hand_over(split, desk)]


def _hand_over(job: Job, desk: Desk) -> Sequence[Outcome]:
    messages = [RegistrationMessage(version=1, id=part) for part in job.parts]
    desk.queue.send(messages, delay=tracking.delay(0))
    desk.held.write([job.closed()], {})
    return []


def _look(job: Job, encord_job: UUID, desk: Desk, now: datetime) -> Sequence[Outcome]:
    state = desk.encord.state(job.folder, encord_job)
    if state.status == "PENDING":
        return []
    folder = desk.encord.folder(job.folder)
    return _settle(job, reconciled(_manifest(job, desk), state, folder, job.submitted_at), desk, now)


def _settle(job: Job, objects: Sequence[Settled], desk: Desk, now: datetime) -> Sequence[Outcome]:
    """Link, write down, count. Who comes second does all of it again, to no effect, and is refused the last."""
    receipt = settling.receipt(job, objects, now)
    for dataset in job.datasets:
        desk.encord.link(dataset, [entry.item for entry in objects if entry.item])
    desk.records.write(job.receipt, receipt.model_dump_json(indent=2).encode())
    settled = job.settled(receipt.registered, receipt.existing, receipt.failed)
    tallies = {
        account: settling.tally(settled, desk.accounts.failing(account, job.receipt, settled.failed))
        for account in job.accounts
    }
    if not desk.held.write([settled], tallies):
        return []
    return [*settling.outcomes(receipt), *_tell(settled, desk)]


def _tell(job: Job, desk: Desk) -> Sequence[Outcome]:
    for account in job.accounts:
        desk.accounts.publish(account)
    receipted = settling.receipted(job)
    desk.news.announce([receipted])
    desk.held.write([job.closed()], {})
    return [receipted]


def _read(job: str, desk: Desk) -> Job:
    found = desk.held.read(job)
    if found is None:
        raise Reject(f"there is no upload job {job} in the table of registrations: upload the objects again")
    return found


def _manifest(job: Job, desk: Desk) -> Manifest:
    try:
        return Manifest.model_validate_json(desk.records.read(job.manifest))
    except ValidationError as error:
        raise Reject(f"{job.manifest} in the records bucket is no import manifest: {first_fault(error)}") from None


def _endless(job: Job, now: datetime) -> str:
    told = f"Encord has not finished upload job {job.encord_job} after {(now - job.submitted_at).days} days"
    return f"{told}: see in Encord whether it hangs, cancel it there if so, and redrive this message"


def _patience(job: Job, visit: int, now: datetime) -> Iterator[Postponed]:
    if visit > PATIENCE:
        minutes = (now - job.submitted_at).total_seconds() // 60
        reason = f"Encord has not finished this upload job after {minutes:.0f} minutes; it is looked at again"
        yield Postponed(f"upload job {job.id}", reason)
