"""Receipts: what became of every uploaded object, kept as JSON in the records bucket."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from encord_lambda.errors import Reject, Skip
from encord_lambda.registration.events import Upload
from encord_lambda.registration.media import RECEIPT

type State = Literal["registered", "existing", "failed", "pending"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Sums(_Record):
    """`submitted` is always the sum of the other four."""

    version: Literal[1] = 1
    submitted: int
    registered: int = Field(ge=0)
    existing: int = Field(ge=0)
    failed: int = Field(ge=0)
    pending: int = Field(ge=0)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.submitted != self.registered + self.existing + self.failed + self.pending:
            raise ValueError("submitted must be registered + existing + failed + pending")
        return self


class Settled(_Record):
    """One item of an upload job: what it is in Encord, or the reason why it is not there."""

    key: str
    """Its title: the key of its object, or of its directory, where we made it up."""
    urls: tuple[str, ...]
    """Of its file, or of all the files of a group or series."""
    state: State
    item: UUID | None = None
    reason: str | None = None
    """Why it failed; or what is to be known of an item that was there before."""


class Receipt(_Sums):
    """How an upload job ended."""

    job: str
    encord_job: UUID | None
    """None if Encord refused to start one."""
    prefix: str
    folder: UUID
    datasets: tuple[UUID, ...]
    manifest: str
    """Key of the import manifest in the records bucket."""
    source: str | None
    """Address of the uploaded import manifest that named the items."""
    submitted_at: datetime
    settled_at: datetime
    objects: tuple[Settled, ...]

    @model_validator(mode="after")
    def _counts_its_objects(self) -> Self:
        counts = Counter(entry.state for entry in self.objects)
        found = (counts["registered"], counts["existing"], counts["failed"], counts["pending"])
        if found != (self.registered, self.existing, self.failed, self.pending):
            raise ValueError("the counts of a receipt must be those of its objects")
        return self


class FailedObject(_Record):
    """Something that is not registered, and why; `receipt` is the record that says so first."""

    receipt: str
    key: str
    urls: tuple[str, ...] = ()
    place: str = ""
    reason: str


class Summary(_Sums):
    """What a registration's day has come to, or an import manifest."""

    prefix: str | None = None
    day: str | None = None
    manifest: str | None = None
    etag: str | None = None
    """Of the import manifest: an object of the same key may have been another one before."""
    skipped: int
    """Objects there was nothing to register of; they are in none of the sums."""
    receipts: tuple[str, ...]
    """Those that name failed objects, up to a hundred or so."""
    objects: tuple[FailedObject, ...]
    """The failed ones, up to 1,000."""
    left_out: int
    """How many more failed."""


class Refusal(_Record):
    """One object that never reached an upload job. `refused` wants mending, `skipped` was nothing to register."""

    bucket: str
    key: str
    verdict: Literal["refused", "skipped"]
    reason: str
    place: str = ""
    """Where in the object, if it is an import manifest: line, column and path."""

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
        objects = tuple(sorted(set(refusals), key=lambda entry: (entry.bucket, entry.key, entry.place, entry.reason)))
        counts = Counter(entry.verdict for entry in objects)
        return cls(settled_at=now, refused=counts["refused"], skipped=counts["skipped"], objects=objects)

    @property
    def digest(self) -> str:
        """SHA-256 of the objects and their reasons, in hex."""
        return sha256("\n".join(entry.model_dump_json() for entry in self.objects).encode()).hexdigest()

    def key(self, prefix: str | None) -> str:
        """Where it is kept; a batch that comes twice on one day writes the same record again."""
        return f"{folder(prefix, self.settled_at)}refused-{self.digest}.json"


def folder(prefix: str | None, day: datetime) -> str:
    """Prefix of the keys of a registration's receipts of a day; None is for objects that no registration is about."""
    return folder_of(prefix, f"{day:%Y-%m-%d}")


def folder_of(prefix: str | None, date: str) -> str:
    """The same, for a date as yyyy-mm-dd."""
    return f"receipts/{date}/{'_unregistered' if prefix is None else slug(prefix)}/"


def slug(prefix: str) -> str:
    """A registration's prefix as one part of a key; different prefixes have different ones.

    >>> slug("pets/"), slug("")
    ('pets', 'all-e3b0c442')
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", prefix).strip("-")
    is_plain = f"{plain}/" == prefix and plain[:1].isalnum()
    return plain if is_plain else f"{plain or 'all'}-{sha256(prefix.encode()).hexdigest()[:8]}"


def of_manifest(address: str, version: str) -> str:
    """Where in the records bucket the summary of an import manifest is kept, one for each upload of it."""
    return f"receipts/manifests/{sha256(f'{address}#{version}'.encode()).hexdigest()}.json"


def beside(key: str) -> str:
    """Where in the uploads bucket the same is put, for who uploaded the import manifest."""
    return key + RECEIPT


def is_refusals(key: str) -> bool:
    """Whether a record under `receipts/` holds refusals."""
    return key.rpartition("/")[2].startswith("refused-")
