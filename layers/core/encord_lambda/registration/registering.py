"""One batch of UploadsQueue: what is registrable becomes upload jobs, the rest is refused with a reason.

Nothing is lost: the upload file is written, then the job started, then the message sent that follows it. A crash in
between leaves the S3 events on their queue, and their second job skips the URLs the first one registered.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Protocol
from uuid import UUID

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.dispatch.messages import SqsRecord
from encord_lambda.errors import Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Outcome, Postponed, Rejected, Result, Skipped, Submitted
from encord_lambda.registration import events, manifest, receipts
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifest import Manifest
from encord_lambda.registration.receipts import Refusal
from encord_lambda.registration.sorting import sort
from encord_lambda.registration.tracking import Queue, RegistrationMessage, delay


class Pipeline(Protocol):
    """pipeline.yaml."""

    def current(self) -> PipelineConfig:
        """The pipeline as it stands now."""


class Uploads(Protocol):
    """The uploaded objects."""

    def heads(self, uploads: Sequence[Upload], length: int) -> Sequence[bytes | Trouble]:
        """The first bytes of each, or why they cannot be had; Skip when the object is gone."""


class UploadJobs(Protocol):
    """Encord's upload jobs."""

    def start(self, folder: UUID, integration: str, manifest: Manifest) -> UUID:
        """Start a job; answers its id."""


class Records(Protocol):
    """The records bucket."""

    def write(self, key: str, body: bytes) -> None:
        """Put a record, over whatever was there."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that registering works with."""

    pipeline: Pipeline
    uploads: Uploads
    jobs: UploadJobs
    records: Records
    queue: Queue


def register(batch: Sequence[SqsRecord], desk: Callable[[], Desk], now: datetime) -> Result:
    """Register a batch; the desk is not set up for an empty one.

    Raises:
        Misconfigured: pipeline.yaml, the key or a setting is wrong: the whole batch waits.
    """
    return _Batch(desk(), now).run(batch) if batch else Result()


class _Batch:
    """One run. A message stays on its queue as long as one of its objects does."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self._desk, self._now = desk, now
        self._outcomes: list[Outcome] = []
        self._senders: defaultdict[Upload, list[str]] = defaultdict(list)
        self._keep: dict[str, None] = {}

    def run(self, batch: Sequence[SqsRecord]) -> Result:
        """Sort, refuse, register."""
        pipeline = self._desk.pipeline.current()
        for record in batch:
            self._read(record)
        verdicts = sort(list(self._senders), pipeline, self._desk.uploads.heads)
        self._refuse({upload: trouble for upload, trouble in verdicts.items() if isinstance(trouble, Reject | Skip)})
        for upload, trouble in verdicts.items():
            if isinstance(trouble, Retry):
                self._postpone(upload.key, [upload], trouble)
        for registration in pipeline.registrations:
            if uploads := [upload for upload, verdict in verdicts.items() if verdict == registration]:
                self._register(registration, uploads)
        return Result(self._outcomes, list(self._keep))

    def _read(self, record: SqsRecord) -> None:
        try:
            for upload in events.read(record.body):
                self._senders[upload].append(record.messageId)
        except Reject as trouble:  # kept for the dead-letter queue: only a person can tell what was meant
            self._outcomes.append(Rejected(f"message {record.messageId}", trouble.reason))
            self._keep[record.messageId] = None

    def _refuse(self, refused: Mapping[Upload, Reject | Skip]) -> None:
        """Write down why these are not registered; only then their messages may go."""
        if not refused:
            return
        record = receipts.Refusals.of(starmap(Refusal.of, refused.items()), self._now)
        try:
            self._desk.records.write(record.key, record.model_dump_json(indent=2).encode())
        except Retry as trouble:
            self._postpone(f"{len(refused)} refused uploads", refused, trouble)
        else:
            self._outcomes.extend(starmap(_verdict, refused.items()))

    def _register(self, registration: Registration, uploads: Sequence[Upload]) -> None:
        try:
            for upload_file in manifest.build(uploads):
                self._outcomes.append(self._submit(registration, upload_file))
        except (Retry, Reject) as trouble:
            # Also Reject: it is about the request as a whole, so no single object can be blamed and dropped.
            self._postpone(f"{len(uploads)} uploads under '{registration.prefix}'", uploads, trouble)

    def _submit(self, registration: Registration, upload_file: Manifest) -> Submitted:
        """Start a job, with its upload file on record before and someone to follow it after."""
        place = f"manifests/{self._now:%Y-%m-%d}/{upload_file.digest}.json"
        self._desk.records.write(place, upload_file.json_bytes())
        job = self._desk.jobs.start(registration.folder, registration.integration, upload_file)
        message = RegistrationMessage(
            version=1,
            job=job,
            folder=registration.folder,
            datasets=tuple(registration.datasets),
            manifest=place,
            receipt=receipts.job_key(job, self._now),
            submitted_at=self._now,
        )
        self._desk.queue.send([message], delay=delay(message.visit))
        return Submitted(job, registration.folder, len(upload_file.images))

    def _postpone(self, subject: str, uploads: Iterable[Upload], trouble: Trouble) -> None:
        self._outcomes.append(Postponed(subject, trouble.reason))
        self._keep |= dict.fromkeys(message for upload in uploads for message in self._senders[upload])


def _verdict(upload: Upload, trouble: Reject | Skip) -> Rejected | Skipped:
    kind = Rejected if isinstance(trouble, Reject) else Skipped
    return kind(upload.key, trouble.reason)
