"""What became of deletions, as it is kept beside the receipts."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from encord_lambda.outcomes import Removed, Skipped, Unlinked
from encord_lambda.registration.events import Upload
from encord_lambda.registration.upload_jobs import receipts

type Verdict = Literal["reported", "unlinked", "skipped"]
"""`reported` changed nothing, `skipped` is nothing that anybody has to know."""


class Removal(BaseModel):
    """What became of one deletion."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bucket: str
    key: str
    folder: UUID
    verdict: Verdict
    reason: str
    item: UUID | None = None
    data_units: int = Field(default=0, exclude=True)
    """Taken out just now. Not on record: of an event that comes twice, the second time it is 0."""

    @classmethod
    def of(
        cls, upload: Upload, folder: UUID, verdict: Verdict, reason: str, item: UUID | None = None, units: int = 0
    ) -> Self:
        """That of a deleted object."""
        return cls(
            bucket=upload.bucket,
            key=upload.key,
            folder=folder,
            verdict=verdict,
            reason=reason,
            item=item,
            data_units=units,
        )

    @property
    def outcome(self) -> Removed | Unlinked | Skipped:
        """As it is logged and counted."""
        if self.verdict == "unlinked" and self.item:
            return Unlinked(self.key, self.item, self.folder, self.data_units)
        return (
            Skipped(self.key, self.reason) if self.verdict == "skipped" else Removed(self.key, self.folder, self.reason)
        )


class Removals(BaseModel):
    """The deletions of one batch under one prefix, as they are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    prefix: str
    settled_at: datetime
    reported: int
    unlinked: int
    skipped: int
    objects: tuple[Removal, ...]

    @classmethod
    def of(cls, removals: Iterable[Removal], prefix: str, now: datetime) -> Self:
        """In the order of their keys."""
        objects = tuple(sorted(removals, key=lambda removal: (removal.bucket, removal.key)))
        counts = Counter(removal.verdict for removal in objects)
        return cls(
            prefix=prefix,
            settled_at=now,
            reported=counts["reported"],
            unlinked=counts["unlinked"],
            skipped=counts["skipped"],
            objects=objects,
        )

    @property
    def key(self) -> str:
        """Where it is kept; a batch that comes twice on one day writes the same record again."""
        content = "\n".join(removal.model_dump_json() for removal in self.objects)
        folder = receipts.folder(self.prefix, self.settled_at)
        return f"{folder}removed-{sha256(content.encode()).hexdigest()}.json"
