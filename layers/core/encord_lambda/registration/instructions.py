"""Import manifests that users put into the uploads bucket: read, checked, split into jobs, all faults written down."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched, groupby
from typing import Final, Literal, Protocol

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.dispatch.messages import Message
from encord_lambda.errors import Deferred, Skip
from encord_lambda.outcomes import Outcome, Rejected, Skipped
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests import csv_manifest, json_manifest
from encord_lambda.registration.manifests.checked import checked
from encord_lambda.registration.manifests.entries import Entry, Fault, Place, Reading, Run, parts
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.splitting import fitting, split
from encord_lambda.registration.upload_jobs import advancing, entering
from encord_lambda.registration.upload_jobs.receipts import Refusal
from encord_lambda.registration.upload_jobs.tallies import Account, Source

MOST_REFUSED: Final = 100_000
"""Refused entries of a manifest after which the rest of it is not read: what is so wrong is no import manifest."""
AT_A_TIME: Final = 5000
"""Faults that are written down together."""
RESERVE: Final = 30.0
"""Seconds kept back for the last jobs to be entered, or the last faults to be written down."""
LARGEST: Final = 100_000_000
"""Bytes of an import manifest (import-formats §7)."""


class ManifestMessage(Message):
    """An import manifest was uploaded."""

    kind: Literal["manifest"] = "manifest"
    bucket: str
    key: str
    etag: str | None = None
    sequencer: str | None = None
    """As `events.Upload` has them."""

    @property
    def subject(self) -> str:
        """What it is about, for people."""
        return f"import manifest s3://{self.bucket}/{self.key}"


class Opened(Protocol):
    """An import manifest as it is now. It can be read several times."""

    @property
    def etag(self) -> str:
        """Tells one version of it from another."""

    @property
    def size(self) -> int:
        """Bytes."""

    def chunks(self) -> Iterable[bytes]:
        """Its bytes from the beginning, some at a time.

        Raises:
            Skip: It was deleted or overwritten since it was opened.
        """


class Manifests(Protocol):
    """The uploads bucket, for reading import manifests."""

    def open(self, bucket: str, key: str) -> Opened:
        """An import manifest.

        Raises:
            Skip: It is gone.
        """


class Pipeline(Protocol):
    """pipeline.yaml."""

    def current(self) -> PipelineConfig:
        """The pipeline as it stands now."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that reading import manifests works with."""

    pipeline: Pipeline
    manifests: Manifests
    jobs: advancing.Desk


@dataclass(slots=True)
class _Refused:
    """The entries of a manifest that are refused, each with all that is wrong with it. Warnings refuse nothing."""

    write: Callable[[Sequence[Fault]], None]
    """Writes faults down, in the order of the file; those of one entry have one place."""
    first: Fault | None = None
    count: int = 0
    _open: list[Fault] = field(default_factory=list)

    def items(self, reading: Reading) -> Iterator[Item]:
        """The items of the rest."""
        for part in parts(reading):
            if isinstance(part, Run):
                yield from part.items
            elif isinstance(part, Entry):
                yield part.item
            elif not part.is_warning:
                self._note(part)
            if self.count > MOST_REFUSED:
                self._note(_given_up(self._open[-1].place.line))
                break
        self._close()

    def _note(self, fault: Fault) -> None:
        self.first = self.first or fault
        is_new = not self._open or _entry(fault) != _entry(self._open[-1])
        self.count += is_new
        if is_new and len(self._open) >= AT_A_TIME:
            self._close()
        self._open.append(fault)

    def _close(self) -> None:
        if self._open:
            self.write(self._open)
            self._open = []


def _given_up(line: int) -> Fault:
    said = f"more than {MOST_REFUSED:,} entries are refused; nothing after line {line} was read"
    return Fault("J37", Place(line), said, "`encord-lambda manifest check` tells the first faults", ends_reading=True)


def visit(message: ManifestMessage, desk: Desk, now: datetime, time_left: Callable[[], float]) -> Sequence[Outcome]:
    """Have all that a manifest names imported, or nothing of it if its registration says so and it has a fault.

    Whoever dies on the way leaves the message, and jobs that were submitted by then are not submitted again: to find
    them there takes a small part of the time that submitting them took.

    Raises:
        Deferred: The seconds of `time_left` are nearly over; the next visit goes on.
        Retry: It could not be read, or a job not be recorded.
    """
    registration = desk.pipeline.current().registration(message.key)
    where = f"s3://{message.bucket}/{message.key}"
    if registration is None or not message.key.startswith(registration.manifests):
        return [Skipped(where, "pipeline.yaml has no registration any more to which this import manifest belongs")]
    try:
        manifest = desk.manifests.open(message.bucket, message.key)
    except Skip as trouble:
        return [Skipped(where, trouble.reason)]
    if message.etag not in (None, manifest.etag):
        return [Skipped(where, "it was overwritten before it was read; what it is now comes with its own event")]
    one = _Visit(message, manifest, registration, desk.jobs, now, time_left)
    try:
        outcomes = list(one.outcomes())
    except Skip as trouble:
        outcomes = [Skipped(where, trouble.reason)]
    one.publish()
    return outcomes


class _Visit:
    """One visit to one version of an import manifest; it may end halfway, and the next one does the same again."""

    def __init__(
        self,
        message: ManifestMessage,
        manifest: Opened,
        registration: Registration,
        jobs: advancing.Desk,
        now: datetime,
        time_left: Callable[[], float],
    ) -> None:
        self._message, self._manifest, self._registration = message, manifest, registration
        self._jobs, self._now, self._time_left = jobs, now, time_left
        self._source = Source(message.bucket, message.key, manifest.etag, message.sequencer or "")
        self._refused = _Refused(self._write)
        self._entered = 0
        self._noted: Sequence[Account] = ()

    def publish(self) -> None:
        """Have the summaries tell of what was refused."""
        for account in self._noted:
            self._jobs.accounts.publish(account)

    def outcomes(self) -> Iterator[Outcome]:
        """Of its entries; those it submits are followed elsewhere."""
        if self._manifest.size > LARGEST:
            yield self._too_large()
            return
        if self._registration.on_error == "abort":
            deque(self._items(), maxlen=0)
        if not self._refused.count:
            yield from self._submitted()
        if first := self._refused.first:
            told = f"refused of it: {self._refused.count}, the first: {first.told(self._message.key)}"
            yield Rejected(self._source.address, told)

    def _submitted(self) -> Iterator[Outcome]:
        upsert_metadata, before = self._upserts_metadata(), 0
        for some in batched(split(self._items(), self._registration.jobs), entering.AT_ONCE, strict=False):
            self._check_time()
            manifests = [part.model_copy(update={"upsert_metadata": upsert_metadata}) for part in some]
            _, skipped = entering.enter(manifests, self._registration, "", self._jobs, self._now, self._source)
            self._entered += len(some)
            before += len(skipped)
        if before:
            yield Skipped(self._source.address, f"{before} of its upload jobs were submitted before")

    def _check_time(self) -> None:
        if self._time_left() < RESERVE:
            raise Deferred(f"time is over with {self._entered} of its upload jobs submitted; the next visit goes on")

    def _upserts_metadata(self) -> bool:
        """Whether it asks for it; alone it asks in vain, and the reader says so."""
        if _is_csv(self._message.key):
            return False
        flags = json_manifest.flags(self._manifest.chunks())
        return flags.skip_duplicate_urls and flags.upsert_metadata

    def _items(self) -> Iterator[Item]:
        read = csv_manifest.read if _is_csv(self._message.key) else json_manifest.read
        allowed = {self._message.bucket, *self._registration.buckets}
        entries = checked(read(self._manifest.chunks()), allowed=allowed)
        return self._refused.items(fitting(entries, self._registration.jobs))

    def _too_large(self) -> Rejected:
        megabytes = f"{self._manifest.size / 1e6:.0f} MB, an import manifest may have {LARGEST / 1e6:.0f} MB"
        reason = f"nothing of it is registered: it has {megabytes}: split it into several files"
        self._refuse([_refusal(self._message, "", reason)])
        return Rejected(self._source.address, reason)

    def _write(self, faults: Sequence[Fault]) -> None:
        self._check_time()
        entries = (list(same) for _, same in groupby(faults, _entry))
        self._refuse([_of_entry(self._message, same, self._registration) for same in entries])

    def _refuse(self, refusals: Sequence[Refusal]) -> None:
        self._noted = self._jobs.accounts.note(refusals, self._registration.prefix, self._now, self._source)


def _is_csv(key: str) -> bool:
    return key.lower().endswith(".csv")


def _entry(fault: Fault) -> str:
    """What an entry's faults have in common: `videos[7]`, or `record 7`."""
    return fault.place.path.partition("]" if "]" in fault.place.path else ",")[0]


def _of_entry(message: ManifestMessage, faults: Sequence[Fault], registration: Registration) -> Refusal:
    reason = "; ".join(fault.told(message.key) for fault in faults)
    if registration.on_error == "abort":
        reason = f"{reason}; nothing of this import manifest is registered, for `on_error` is abort"
    elif any(fault.ends_reading for fault in faults):
        reason = f"{reason}; nothing after it was read"
    return _refusal(message, f"{faults[0].place.line}", reason)


def _refusal(message: ManifestMessage, place: str, reason: str) -> Refusal:
    return Refusal(bucket=message.bucket, key=message.key, verdict="refused", reason=reason, place=place)


def message_of(upload: Upload) -> ManifestMessage:
    """What has an uploaded import manifest read."""
    return ManifestMessage(
        version=1, bucket=upload.bucket, key=upload.key, etag=upload.etag, sequencer=upload.sequencer
    )
