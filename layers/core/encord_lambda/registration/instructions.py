"""Import manifests that users put into the uploads bucket: read, checked, split into jobs, all faults written down."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final, Literal, Protocol

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.dispatch.messages import Message
from encord_lambda.errors import Reject, Skip
from encord_lambda.outcomes import Outcome, Rejected, Skipped
from encord_lambda.registration import advancing, csv_manifest, json_manifest
from encord_lambda.registration.checked import checked
from encord_lambda.registration.entries import Fault, Reading
from encord_lambda.registration.events import Upload
from encord_lambda.registration.items import Item
from encord_lambda.registration.receipts import Refusal
from encord_lambda.registration.splitting import split
from encord_lambda.registration.tallies import Source

AT_A_TIME: Final = 1000
"""Faults that are written down together."""


class ManifestMessage(Message):
    """An import manifest was uploaded."""

    kind: Literal["manifest"] = "manifest"
    bucket: str
    key: str

    @property
    def subject(self) -> str:
        """What it is about, for people."""
        return f"import manifest s3://{self.bucket}/{self.key}"


class Opened(Protocol):
    """An import manifest as it is now. It can be read several times."""

    @property
    def etag(self) -> str:
        """Tells one version of it from another."""

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
            Reject: It is larger than any that Encord takes.
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
        for one in reading:
            if not isinstance(one, Fault):
                yield one.item
            elif not one.is_warning:
                self._note(one)
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


def visit(message: ManifestMessage, desk: Desk, now: datetime) -> Sequence[Outcome]:
    """Have all that a manifest names imported, or nothing of it if its registration says so and it has a fault.

    Whoever dies on the way leaves the message, and jobs that were submitted by then are not submitted again.

    Raises:
        Retry: It could not be read, or a job not be recorded.
    """
    registration = desk.pipeline.current().registration(message.key)
    where = f"s3://{message.bucket}/{message.key}"
    if registration is None or not message.key.startswith(registration.manifests):
        return [Skipped(where, "pipeline.yaml has no registration any more to which this import manifest belongs")]
    try:
        manifest = desk.manifests.open(message.bucket, message.key)
        return list(_read(message, manifest, registration, desk, now))
    except Skip as trouble:
        return [Skipped(where, trouble.reason)]
    except Reject as trouble:
        desk.jobs.accounts.refuse([_refusal(message, "", trouble.reason)], registration.prefix, now)
        return [Rejected(where, trouble.reason)]


def _read(
    message: ManifestMessage, manifest: Opened, registration: Registration, desk: Desk, now: datetime
) -> Iterator[Outcome]:
    source = Source(message.bucket, message.key, manifest.etag)

    def write(faults: Sequence[Fault]) -> None:
        entries = (list(same) for _, same in groupby(faults, _entry))
        refusals = [_of_entry(message, same, registration) for same in entries]
        desk.jobs.accounts.refuse(refusals, registration.prefix, now, source)

    refused = _Refused(write)

    def items() -> Iterator[Item]:
        allowed = {message.bucket, *registration.buckets}
        return refused.items(checked(_reader(message.key)(manifest.chunks()), allowed=allowed))

    if registration.on_error == "abort":
        deque(items(), maxlen=0)
    if not refused.count:
        for part in split(items(), registration.jobs):
            yield from advancing.enter(part, registration, "", desk.jobs, now, source)[1]
    if refused.first:
        told = f"{refused.count} of its entries are refused, the first: {refused.first.told(message.key)}"
        yield Rejected(f"s3://{message.bucket}/{message.key}", told)


def _reader(key: str) -> Callable[[Iterable[bytes]], Reading]:
    return csv_manifest.read if key.lower().endswith(".csv") else json_manifest.read


def _entry(fault: Fault) -> str:
    """What an entry's faults have in common: `videos[7]`, or `record 7`."""
    return fault.place.path.partition("]" if "]" in fault.place.path else ",")[0]


def _of_entry(message: ManifestMessage, faults: Sequence[Fault], registration: Registration) -> Refusal:
    reason = "; ".join(fault.told(message.key) for fault in faults)
    if registration.on_error == "abort":
        reason = f"{reason}; nothing of this import manifest is registered, for `on_error` is abort"
    return _refusal(message, f"{faults[0].place.line}", reason)


def _refusal(message: ManifestMessage, place: str, reason: str) -> Refusal:
    return Refusal(bucket=message.bucket, key=message.key, verdict="refused", reason=reason, place=place)


def message_of(upload: Upload) -> ManifestMessage:
    """What has an uploaded import manifest read."""
    return ManifestMessage(version=1, bucket=upload.bucket, key=upload.key)
