"""One batch of UploadsQueue: objects become upload jobs, or parts of a group; the rest is refused with a reason.

Nothing is lost: an event leaves its queue once what it speaks of is part of a recorded job, noted by its group, in
another message, or refused on record.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.dispatch.messages import SqsRecord
from encord_lambda.errors import Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Outcome, Postponed, Rejected, Result, Skipped
from encord_lambda.registration import events, instructions, removals
from encord_lambda.registration.describing import Describer
from encord_lambda.registration.directories import gathering
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.splitting import split
from encord_lambda.registration.removal_records import Removal, Removals
from encord_lambda.registration.sidecars import Objects, objects_of
from encord_lambda.registration.sorting import Instruction, Marker, Member, Removed, Sidecar, Single, Verdict, sort
from encord_lambda.registration.upload_jobs import advancing, entering
from encord_lambda.registration.upload_jobs.receipts import Refusal

REMOVED_AT_ONCE: Final = 8
"""Deletions that are carried out at once: each takes half a dozen requests to Encord, one after the other."""


class Pipeline(Protocol):
    """pipeline.yaml."""

    def current(self) -> PipelineConfig:
        """The pipeline as it stands now."""


class Uploads(Protocol):
    """The uploaded objects."""

    def heads(self, uploads: Sequence[Upload], length: int) -> Sequence[Head | Trouble]:
        """Each as it is now, with its first bytes, or why it cannot be had; Skip when the object is gone."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that registering works with."""

    pipeline: Pipeline
    uploads: Uploads
    describer: Describer
    jobs: advancing.Desk
    groups: gathering.Desk
    removals: removals.Desk


def register(batch: Sequence[SqsRecord], desk: Callable[[], Desk], now: datetime) -> Result:
    """Register a batch; the desk is not set up for an empty one.

    Raises:
        Misconfigured: pipeline.yaml, the key or a setting is wrong: the whole batch waits.
    """
    return _Batch(desk(), now).run(batch) if batch else Result()


class _Batch:
    """One run. A message stays on its queue as long as one of its objects does."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self._desk, self._now, self._pipeline = desk, now, desk.pipeline.current()
        self._outcomes: list[Outcome] = []
        self._senders: defaultdict[Upload, list[str]] = defaultdict(list)
        self._keep: dict[str, None] = {}

    def run(self, batch: Sequence[SqsRecord]) -> Result:
        """Sort, and have each kind of upload dealt with."""
        for record in batch:
            self._read(record)
        verdicts = sort(list(self._senders), self._pipeline, self._desk.uploads.heads)
        singles = _of(verdicts, Single)
        updated = self._update(_of(verdicts, Sidecar), singles)
        troubles = {
            **_of(verdicts, Trouble),
            **updated.troubles,
            **self._register({upload: one for upload, one in singles.items() if upload not in updated.singles}),
            **self._register(updated.singles, upsert_metadata=True),
            **gathering.touch({**_of(verdicts, Member), **_of(verdicts, Marker)}, self._desk.groups, self._now),
            **self._instruct(_of(verdicts, Instruction)),
            **self._remove(_of(verdicts, Removed)),
        }
        for upload, trouble in troubles.items():
            if isinstance(trouble, Retry):
                self._postpone([upload], trouble)
        self._refuse({upload: one for upload, one in troubles.items() if isinstance(one, Reject | Skip)})
        return Result(self._outcomes, list(self._keep))

    def _read(self, record: SqsRecord) -> None:
        try:
            for upload in events.read(record.body):
                self._senders[upload].append(record.messageId)
        except Reject as trouble:  # kept for the dead-letter queue: only a person can tell what was meant
            self._outcomes.append(Rejected(f"message {record.messageId}", trouble.reason, trouble.cause))
            self._keep[record.messageId] = None

    def _register(self, singles: Mapping[Upload, Single], *, upsert_metadata: bool = False) -> dict[Upload, Trouble]:
        described = dict(self._desk.describer.described(singles))
        for registration in self._pipeline.registrations:
            items = {
                upload: item
                for upload, item in described.items()
                if singles[upload].registration == registration and not isinstance(item, Trouble)
            }
            self._submit(registration, items, upsert_metadata)
        return {upload: trouble for upload, trouble in described.items() if isinstance(trouble, Trouble)}

    def _submit(self, registration: Registration, items: Mapping[Upload, Item], upsert_metadata: bool) -> None:
        """In the order of the URLs, so that the same uploads in another order are the same job."""
        uploads = {item.urls: upload for upload, item in items.items()}
        ordered = sorted(items.values(), key=lambda item: item.urls)
        for part in split(ordered, registration.jobs):
            senders = [uploads[item.urls] for item in part.items]
            manifest = part.model_copy(update={"upsert_metadata": upsert_metadata})
            try:
                cause = "\n".join(sorted(upload.sequencer or upload.etag or "" for upload in senders))
                self._outcomes += entering.submit(manifest, registration, cause, self._desk.jobs, self._now)
            except Retry as trouble:
                self._postpone(senders, trouble)

    def _update(self, sidecars: Mapping[Upload, Sidecar], here: Mapping[Upload, Single]) -> Objects:
        """What sidecars are about; whatever keeps the event of such an object keeps the sidecar's, too."""
        found = objects_of(sidecars, here, lambda uploads: sort(uploads, self._pipeline, self._desk.uploads.heads))
        for media, sidecar in found.sidecars.items():
            self._senders[media] += self._senders[sidecar]
        return found

    def _instruct(self, manifests: Mapping[Upload, Instruction]) -> dict[Upload, Trouble]:
        try:
            self._desk.jobs.queue.send([instructions.message_of(upload) for upload in manifests])
        except Retry as trouble:
            return dict.fromkeys(manifests, trouble)
        return {}

    def _remove(self, deleted: Mapping[Upload, Removed]) -> dict[Upload, Trouble]:
        troubles: dict[Upload, Trouble] = {}
        done: defaultdict[str, dict[Upload, Removal]] = defaultdict(dict)
        with ThreadPoolExecutor(REMOVED_AT_ONCE) as pool:
            for upload, removal in zip(deleted, pool.map(self._removal, deleted.items()), strict=True):
                if isinstance(removal, Retry):
                    troubles[upload] = removal
                else:
                    done[deleted[upload].registration.prefix][upload] = removal
        for prefix, found in done.items():
            record = Removals.of(found.values(), prefix, self._now)
            try:
                self._desk.jobs.records.write(record.key, record.model_dump_json(indent=2).encode())
                self._outcomes += [removal.outcome for removal in found.values()]
            except Retry as trouble:
                troubles |= dict.fromkeys(found, trouble)
        return troubles

    def _removal(self, deleted: tuple[Upload, Removed]) -> Removal | Retry:
        upload, registration = deleted[0], deleted[1].registration
        try:
            return removals.remove(upload, registration, self._desk.removals)
        except Retry as trouble:
            return trouble
        except Reject as trouble:  # no refusal: nothing was submitted
            reason = f"the object is gone; its item stands unchanged, for {trouble.reason}"
            return Removal.of(upload, registration.folder, "reported", reason)

    def _refuse(self, refused: Mapping[Upload, Reject | Skip]) -> None:
        """Write down why these are not registered; only then their messages may go."""
        of_one: defaultdict[str | None, dict[Upload, Reject | Skip]] = defaultdict(dict)
        for upload, trouble in refused.items():
            registration = self._pipeline.registration(upload.key)
            of_one[registration.prefix if registration else None][upload] = trouble
        for prefix, troubles in of_one.items():
            refusals = [Refusal.of(upload, trouble) for upload, trouble in troubles.items()]
            try:
                self._desk.jobs.accounts.refuse(refusals, prefix, self._now)
                self._outcomes += [_outcome(upload, trouble) for upload, trouble in troubles.items()]
            except Retry as trouble:
                self._postpone(troubles, trouble)

    def _postpone(self, uploads: Iterable[Upload], trouble: Trouble) -> None:
        kept = list(uploads)
        subject = kept[0].key if len(kept) == 1 else f"{len(kept)} uploads, {kept[0].key} and others"
        self._outcomes.append(Postponed(subject, trouble.reason))
        self._keep |= dict.fromkeys(message for upload in kept for message in self._senders[upload])


def _of[V: Verdict](verdicts: Mapping[Upload, Verdict], kind: type[V]) -> dict[Upload, V]:
    return {upload: verdict for upload, verdict in verdicts.items() if isinstance(verdict, kind)}


def _outcome(upload: Upload, trouble: Reject | Skip) -> Rejected | Skipped:
    return (Rejected if isinstance(trouble, Reject) else Skipped)(upload.key, trouble.reason)
