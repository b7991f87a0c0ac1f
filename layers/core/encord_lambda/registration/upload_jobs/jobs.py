"""One upload job from its submission to its receipt: the record, and the rules that read it.

The record is in the table before anything is started, so whoever dies on the way leaves somebody else to go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, Protocol, Self
from uuid import UUID

from encord_lambda.config_registration import Registration
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs import receipts
from encord_lambda.registration.upload_jobs.tallies import Account, Counters, Day, Source, Tally

LEASE: Final = timedelta(minutes=2)
"""How long a worker has to start Encord's upload job, which is one request, before another may do it."""


class State(StrEnum):
    """How far a job has come."""

    STARTING = "starting"
    RUNNING = "running"
    """At Encord."""
    SPLIT = "split"
    """Encord refused it as a whole; its halves are jobs of their own and take its place."""
    SETTLED = "settled"
    """Linked, its receipt written and counted; not everybody may have been told yet."""
    CLOSED = "closed"
    """Nothing is left to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """An upload job. Keys are of the records bucket."""

    id: str
    prefix: str
    """Of the registration in pipeline.yaml."""
    folder: UUID
    integration: str
    datasets: tuple[UUID, ...]
    manifest: str
    submitted: int
    """Items of the manifest."""
    submitted_at: datetime
    source: Source | None = None
    """The import manifest that named the items, if it was one."""
    state: State = State.STARTING
    lease_until: datetime | None = None
    """Until when a worker that is starting it keeps others away."""
    token: int = 1
    """Grows with each change, so that a worker which lost its lease can tell."""
    encord_job: UUID | None = None
    visits: int = 0
    """How often its message was sent again; a message of an earlier visit is a copy."""
    parts: tuple[str, ...] = ()
    registered: int = 0
    existing: int = 0
    failed: int = 0

    @classmethod
    def of(
        cls, manifest: Manifest, registration: Registration, cause: str, now: datetime, source: Source | None = None
    ) -> Self:
        """The job that imports a manifest. `cause` tells one submission of it from a redelivery of the same."""
        digest = manifest.digest
        told = (digest, str(registration.folder), registration.integration, cause, source.id if source else "")
        return cls(
            id=_digest(*told),
            prefix=registration.prefix,
            folder=registration.folder,
            integration=registration.integration,
            datasets=tuple(registration.datasets),
            manifest=_manifest_key(digest, now),
            submitted=len(manifest.items),
            submitted_at=now,
            source=source,
        )

    def part(self, manifest: Manifest) -> "Job":
        """The job that takes this one's place for some of its items."""
        digest = manifest.digest
        return replace(
            self,
            id=_digest(self.id, digest),
            manifest=_manifest_key(digest, self.submitted_at),
            submitted=len(manifest.items),
            state=State.STARTING,
            lease_until=None,
            token=1,
            visits=0,
        )

    @property
    def receipt(self) -> str:
        """Where its receipt is kept."""
        return f"{receipts.folder(self.prefix, self.submitted_at)}{self.id}.json"

    @property
    def accounts(self) -> Sequence[Account]:
        """Where it is counted."""
        day = Day(self.prefix, f"{self.submitted_at:%Y-%m-%d}")
        return (day, self.source) if self.source else (day,)

    def is_free(self, now: datetime) -> bool:
        """Whether nobody else is starting it."""
        return self.lease_until is None or self.lease_until <= now

    def leased(self, now: datetime) -> "Job":
        """In the hands of who is about to start it."""
        return self._next(lease_until=now + LEASE)

    def released(self) -> "Job":
        """Not started after all."""
        return self._next(lease_until=None)

    def running(self, encord_job: UUID) -> "Job":
        """Started at Encord."""
        return self._next(state=State.RUNNING, lease_until=None, encord_job=encord_job)

    def looked_at(self, visits: int) -> "Job":
        """With its message sent again, for the so manieth time."""
        return self._next(visits=visits)

    def split(self, parts: Sequence["Job"]) -> "Job":
        """Given up in favour of its parts."""
        return self._next(state=State.SPLIT, lease_until=None, parts=tuple(part.id for part in parts))

    def settled(self, registered: int, existing: int, failed: int) -> "Job":
        """Ended, with what became of its items."""
        return self._next(
            state=State.SETTLED, lease_until=None, registered=registered, existing=existing, failed=failed
        )

    def closed(self) -> "Job":
        """With nothing left to do."""
        return self._next(state=State.CLOSED)

    def _next(self, **changes: object) -> "Job":
        return replace(self, token=self.token + 1, **changes)  # type: ignore[arg-type]


class Held(Counters, Protocol):
    """Keeps jobs, and what they add up to."""

    def read(self, job: str) -> Job | None:
        """The job of this id, as it stands now."""

    def write(self, changed: Sequence[Job], tallies: Mapping[Account, Tally]) -> bool:
        """Write jobs, each in place of the one it was made from, and add to the tallies: all of it or nothing.

        The token of the one it was made from is one less; there was none for a token of 1. False if another stands
        in the place of one of them.
        """


def _manifest_key(digest: str, now: datetime) -> str:
    return f"manifests/{now:%Y-%m-%d}/{digest}.json"


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()
