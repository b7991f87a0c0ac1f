"""What all submissions of a day, or of one import manifest, add up to: counters, and the summary written from them.

Counted are submissions of items: one that is handed in twice counts twice, the second time mostly as `existing`. Jobs
are on record, not objects, so nobody can tell an event that comes again, in other company, from a new upload. An object
that was refused before it reached an upload job was submitted and failed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, Protocol

from pydantic import ValidationError

from encord_lambda.errors import Reject, Retry
from encord_lambda.registration.upload_jobs import receipts
from encord_lambda.registration.upload_jobs.receipts import FailedObject, Receipt, Refusal, Refusals, Summary

MOST_RECEIPTS: Final = 100
"""How many receipts with failures a tally remembers: each write of a counter costs by its size."""
MOST_OBJECTS: Final = 1000
"""How many failed objects a summary lists."""
_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class Day:
    """What was submitted on one day (UTC) under a registration's prefix."""

    prefix: str
    date: str
    """yyyy-mm-dd"""

    @property
    def id(self) -> str:
        """Its name in the table."""
        return f"day#{self.prefix}#{self.date}"


@dataclass(frozen=True, slots=True)
class Source:
    """One upload of an import manifest: the same again is another one, for a person wants it tried again."""

    bucket: str
    key: str
    etag: str
    event: str = ""
    """What tells its event from others of the same object, if the event says so."""

    @property
    def id(self) -> str:
        """Its name in the table."""
        return f"source#{self.address}#{self.version}"

    @property
    def version(self) -> str:
        """What tells it from other uploads of the same key."""
        return f"{self.etag}#{self.event}" if self.event else self.etag

    @property
    def address(self) -> str:
        """How messages name it."""
        return f"s3://{self.bucket}/{self.key}"


type Account = Day | Source


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums; as something to be added, what to add."""

    submitted: int = 0
    registered: int = 0
    existing: int = 0
    failed: int = 0
    skipped: int = 0
    """Objects there was nothing to register of; they were not submitted."""
    failing: frozenset[str] = frozenset()
    """Keys of receipts that name failed objects, not all of them if there are many."""

    @property
    def pending(self) -> int:
        """Submitted, and nothing is known of it yet."""
        return self.submitted - self.registered - self.existing - self.failed


class Counters(Protocol):
    """Keeps tallies."""

    def tally(self, account: Account) -> Tally:
        """What an account has come to by now; zeros if it is unknown."""

    def count_once(self, mark: str, tallies: Mapping[Account, Tally]) -> None:
        """Add to the tallies, unless it was done before with this mark."""


class Records(Protocol):
    """The records bucket."""

    def read(self, key: str) -> bytes:
        """A whole record; Reject if there is none."""

    def write(self, key: str, body: bytes) -> None:
        """Put a record, over whatever was there."""


class Uploads(Protocol):
    """The uploads bucket, where receipts of import manifests are put beside them."""

    def write(self, bucket: str, key: str, body: bytes) -> None:
        """Put an object, over whatever was there."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Counts what never became part of a job, and writes down what everything has come to."""

    counters: Counters
    records: Records
    uploads: Uploads

    def refuse(
        self, refusals: Iterable[Refusal], prefix: str | None, now: datetime, source: Source | None = None
    ) -> None:
        """Write down and count what is not registered.

        The same refusals count once a day, or for an import manifest once and for all. `prefix` is None for objects
        that no registration is about: they are written down and count nowhere.
        """
        for account in self.note(refusals, prefix, now, source):
            self.publish(account)

    def note(
        self, refusals: Iterable[Refusal], prefix: str | None, now: datetime, source: Source | None = None
    ) -> Sequence[Account]:
        """As `refuse`, for who has many and publishes once, after the last: gives the accounts that have to be."""
        record = Refusals.of(refusals, now)
        key = record.key(prefix)
        self.records.write(key, record.model_dump_json(indent=2).encode())
        if prefix is None:
            return ()
        day = Day(prefix, f"{now:%Y-%m-%d}")
        accounts: Sequence[Account] = (day, source) if source else (day,)
        self.counters.count_once(
            f"refused#{source.id}#{record.digest}" if source else f"refused#{key}",
            {
                account: Tally(
                    submitted=record.refused,
                    failed=record.refused,
                    skipped=record.skipped,
                    failing=self.failing(account, key, record.refused),
                )
                for account in accounts
            },
        )
        return accounts

    def failing(self, account: Account, receipt: str, failed: int) -> frozenset[str]:
        """What to add to `Tally.failing` for a receipt with so many failures."""
        there_is_room = failed and len(self.counters.tally(account).failing) < MOST_RECEIPTS
        return frozenset({receipt} if there_is_room else ())

    def publish(self, account: Account) -> None:
        """Write the summary of an account, until it tells the newest sums.

        Whoever changes a tally publishes afterwards. Of several who do so at once, one may write older sums over newer
        ones, but then sees that the tally moved on, and writes again.

        Raises:
            Retry: The tally changed again and again.
        """
        tally = self.counters.tally(account)
        for _ in range(_ROUNDS):
            self._write(account, tally)
            written, tally = tally, self.counters.tally(account)
            if tally == written:
                return
        raise Retry(f"the sums of {account.id} changed again and again while they were written")

    def _write(self, account: Account, tally: Tally) -> None:
        key = _summary_key(account)
        objects = tuple(islice(self._failed(tally, key), MOST_OBJECTS))
        summary = Summary(
            prefix=account.prefix if isinstance(account, Day) else None,
            day=account.date if isinstance(account, Day) else None,
            manifest=account.address if isinstance(account, Source) else None,
            etag=account.etag if isinstance(account, Source) else None,
            submitted=tally.submitted,
            registered=tally.registered,
            existing=tally.existing,
            failed=tally.failed,
            pending=tally.pending,
            skipped=tally.skipped,
            receipts=tuple(sorted(tally.failing)),
            objects=objects,
            left_out=tally.failed - len(objects),
        )
        body = summary.model_dump_json(indent=2, exclude_none=True).encode()
        self.records.write(key, body)
        if isinstance(account, Source):
            self.uploads.write(account.bucket, receipts.beside(account.key), body)

    def _failed(self, tally: Tally, summary: str) -> Iterator[FailedObject]:
        """The failed objects, receipt by receipt; a receipt that the earlier summary quotes is not read again.

        A receipt never changes, and one that was cut off there by `MOST_OBJECTS` has no more room now.
        """
        earlier = self._earlier(summary) if tally.failing else {}
        for key in sorted(tally.failing):
            yield from earlier[key] if key in earlier else _failed_objects(key, self.records.read(key))

    def _earlier(self, key: str) -> Mapping[str, Sequence[FailedObject]]:
        try:
            objects = Summary.model_validate_json(self.records.read(key)).objects
        except (Reject, ValidationError):  # none yet, or of another version of ours: everything is read
            return {}
        found: dict[str, list[FailedObject]] = {}
        for entry in objects:
            found.setdefault(entry.receipt, []).append(entry)
        return found


def _failed_objects(key: str, body: bytes) -> Iterator[FailedObject]:
    if receipts.is_refusals(key):
        for refusal in Refusals.model_validate_json(body).objects:
            if refusal.verdict == "refused":
                yield FailedObject(receipt=key, key=refusal.key, place=refusal.place, reason=refusal.reason)
    else:
        for entry in Receipt.model_validate_json(body).objects:
            if entry.state == "failed":
                yield FailedObject(receipt=key, key=entry.key, urls=entry.urls, reason=entry.reason or "")


def _summary_key(account: Account) -> str:
    if isinstance(account, Day):
        return f"{receipts.folder_of(account.prefix, account.date)}day.json"
    return receipts.of_manifest(account.address, account.version)
