"""Receipts: what became of every uploaded object, kept as JSON in the records bucket."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from encord_lambda.errors import Reject, Skip
from encord_lambda.registration.events import Upload

type State = Literal["registered", "existing", "failed", "pending"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Settled(_Record):
    """One object of an upload job: an item, or the reason why not."""

    key: str
    url: str
    state: State
    item: UUID | None = None
    reason: str | None = None


class Receipt(_Record):
    """How an upload job ended; `submitted` is always the sum of the other four counts."""

    version: Literal[1] = 1
    job: UUID
    folder: UUID
    datasets: tuple[UUID, ...]
    manifest: str
    """Key of the upload file in the records bucket."""
    submitted_at: datetime
    settled_at: datetime
    submitted: int
    registered: int
    existing: int
    failed: int
    pending: int
    objects: tuple[Settled, ...]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        counts = Counter(entry.state for entry in self.objects)
        found = (counts["registered"], counts["existing"], counts["failed"], counts["pending"])
        if found != (self.registered, self.existing, self.failed, self.pending):
            raise ValueError("the counts of a receipt must be those of its objects")
        if self.submitted != counts.total():
            raise ValueError("submitted must be registered + existing + failed + pending")
        return self


class Refusal(_Record):
    """One object that never reached an upload job. `refused` wants mending, `skipped` was nothing to register."""

    bucket: str
    key: str
    verdict: Literal["refused", "skipped"]
    reason: str

    @classmethod
    def of(cls, upload: Upload, trouble: Reject | Skip) -> Self:
        """An upload and what spoke against it."""
        verdict: Literal["refused", "skipped"] = "refused" if isinstance(trouble, Reject) else "skipped"
        return cls(bucket=upload.bucket, key=upload.key, verdict=verdict, reason=trouble.reason)


class Refusals(_Record):
    """The objects of one batch that never reached an upload job."""

    version: Literal[1] = 1
    settled_at: datetime
    refused: int
    skipped: int
    objects: tuple[Refusal, ...]

    @classmethod
    def of(cls, refusals: Iterable[Refusal], now: datetime) -> Self:
        """Sorted, with repetitions dropped."""
        objects = tuple(sorted(set(refusals), key=lambda entry: (entry.bucket, entry.key, entry.reason)))
        counts = Counter(entry.verdict for entry in objects)
        return cls(settled_at=now, refused=counts["refused"], skipped=counts["skipped"], objects=objects)

    @property
    def key(self) -> str:
        """Where it is kept; a batch that comes twice on one day writes the same record again."""
        content = "\n".join(entry.model_dump_json() for entry in self.objects)
        return f"{folder(self.settled_at)}refused-{sha256(content.encode()).hexdigest()}.json"


def folder(day: datetime) -> str:
    """Prefix of a day's receipts."""
    return f"receipts/{day:%Y-%m-%d}/"


def job_key(job: UUID, day: datetime) -> str:
    """Where an upload job's receipt is kept; `day` is when it was submitted."""
    return f"{folder(day)}{job}.json"
