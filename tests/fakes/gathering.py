"""A bucket whose directories are gathered, and all around it, in memory: time passes, workers die, steps meet."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import md5
from uuid import UUID

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Grouping, Registration
from encord_lambda.dispatch.messages import Message
from encord_lambda.errors import Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Outcome
from encord_lambda.registration.client_metadata import Beside
from encord_lambda.registration.describing import Describer, Fetch
from encord_lambda.registration.directories import completing, gathering
from encord_lambda.registration.directories.groups import Group, GroupKey, GroupMessage
from encord_lambda.registration.directories.instances import Instance
from encord_lambda.registration.directories.planning import Eyes, Listed
from encord_lambda.registration.directories.plans import Plan
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.manifests.items import DicomSeries, ImageGroup, ImageMetadata, Item, MediaMetadata
from encord_lambda.registration.media_types import MediaType
from encord_lambda.registration.sorting import Marker, Member, sort
from encord_lambda.registration.upload_jobs.receipts import Refusal
from tests.fakes.registrations import FakeRecords

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BUCKET = "media"
REGION = "eu-west-1"
JPEG = b"\xff\xd8\xff" + b"\0" * 40


class Crash(BaseException):
    """The worker dies; nothing catches it."""


def scan(study: str = "1", series: str = "1.1", uid: str = "1.1.1", number: int | None = None) -> bytes:
    """What `World` takes for a DICOM file."""
    return b"\0" * 128 + b"DICM" + json.dumps([study, series, uid, number]).encode()


def picture(width: int, height: int) -> bytes:
    """What `World` takes for a JPEG of this size."""
    return JPEG + f"{width}x{height}".encode()


@dataclass
class FakeGroups:
    """`registration.directories.groups.Groups`."""

    kept: dict[GroupKey, Group] = field(default_factory=dict)

    def read(self, key: GroupKey) -> Group | None:
        return self.kept.get(key)

    def swap(self, group: Group) -> bool:
        standing = self.kept.get(group.key)
        if (standing.token if standing else 0) != group.token - 1:
            return False
        self.kept[group.key] = group
        return True


@dataclass(frozen=True)
class Due:
    """A message on the queue, and when SQS hands it out."""

    message: GroupMessage
    at: datetime


class World:
    """Each request of a step goes through `_request`, where something else may happen first, or the worker die."""

    def __init__(self, group: Grouping, registration: Mapping[str, object] | None = None) -> None:
        self.registration = Registration.model_validate(
            {"prefix": "runs/", "integration": "aws", "folder": UUID(int=1), "group": group, **(registration or {})}
        )
        self.pipeline = PipelineConfig(version=1, registrations=[self.registration])
        self.now = NOON
        self.bucket: dict[str, tuple[bytes, datetime]] = {}
        self.events: list[Upload] = []
        self.messages: list[Due] = []
        self.groups, self.records = FakeGroups(), FakeRecords()
        self.submitted: dict[str, Sequence[Item]] = {}
        """By cause, as jobs are: the same twice is one."""
        self.calls = self.uploads = 0
        self.refused: dict[tuple[str, str], list[str]] = {}
        """Reasons by key and etag."""
        self.fetched: list[tuple[str, int, int]] = []
        self.outcomes: list[Outcome] = []
        self.before: dict[int, Callable[[], None]] = {}
        """What happens before a request, by its number from now on."""
        self.desk = gathering.Desk(
            pipeline=self,
            groups=_Groups(self),
            directories=self,
            eyes=Eyes(self.heads, Describer(_NothingBeside(), _Ranges(self), _Sizes()), _instance),
            records=_Records(self),
            queue=self,
            refuse=self._refuse,
            submit=self._submit,
        )

    def put(self, key: str, body: bytes = JPEG) -> Upload:
        """Upload an object, and let S3 tell of it."""
        self.bucket[key] = (body, self.now)
        self.uploads += 1
        upload = Upload(BUCKET, REGION, key, len(body), etag=etag(body), sequencer=f"{self.uploads:08X}")
        self.events.append(upload)
        return upload

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def tell(self, *uploads: Upload) -> Mapping[Upload, Trouble]:
        """Have events processed as `register_uploads` does, which stay if there is a Retry, or if the worker dies."""
        verdicts = sort(uploads, self.pipeline, self.heads)
        grouped = {upload: found for upload, found in verdicts.items() if isinstance(found, Member | Marker)}
        troubles = {
            **{upload: found for upload, found in verdicts.items() if isinstance(found, Trouble)},
            **gathering.touch(grouped, self.desk, self.now),
        }
        for upload, trouble in troubles.items():
            if isinstance(trouble, Reject):
                self._note(upload.key, upload.etag or "", trouble.reason)
        for upload in uploads:
            if upload in self.events and not isinstance(troubles.get(upload), Retry):
                self.events.remove(upload)
        return troubles

    def tell_all(self) -> Mapping[Upload, Trouble]:
        """Have all events processed, in one batch."""
        return self.tell(*dict.fromkeys(self.events)) if self.events else {}

    def visit(self, due: Due) -> Sequence[Outcome]:
        """Have a message processed as `track_registrations` does; it stays if there is trouble."""
        outcomes = completing.visit(due.message, self.desk, self.now)
        self.outcomes += outcomes
        if due in self.messages:
            self.messages.remove(due)
        return outcomes

    def run(self, hours: float = 2) -> Sequence[Outcome]:
        """Let so much time pass; each message is handed out when it is due."""
        end, seen = self.now + timedelta(hours=hours), len(self.outcomes)
        while self.messages and (first := min(self.messages, key=lambda due: due.at)).at <= end:
            self.now = max(self.now, first.at)
            self.visit(first)
        self.now = end
        return self.outcomes[seen:]

    def plan(self, directory: str) -> Plan | None:
        """The plan of a directory, if there is one."""
        group = self.groups.read(GroupKey(BUCKET, directory))
        return Plan.model_validate_json(self.records.read(group.plan)) if group and group.plan else None

    def parts(self) -> list[list[str]]:
        """Keys of the parts of each item that was submitted."""
        return [
            [part.title or "" for part in (item.images if isinstance(item, ImageGroup) else item.dicom_files)]
            for items in self.submitted.values()
            for item in items
            if isinstance(item, ImageGroup | DicomSeries)
        ]

    def request(self) -> None:
        """One request of a worker to the far side."""
        self.calls += 1
        if action := self.before.pop(self.calls, None):
            action()

    def current(self) -> PipelineConfig:
        return self.pipeline

    def heads(self, uploads: Sequence[Upload], length: int) -> Sequence[Head | Trouble]:
        return [self._head(upload, length) for upload in uploads]

    def _head(self, upload: Upload, length: int) -> Head | Trouble:
        if upload.key not in self.bucket:
            return Skip("deleted before it was registered")
        body, _ = self.bucket[upload.key]
        return Head(body[:length], len(body), etag=etag(body))

    def fetch(self, key: str, start: int, end: int) -> bytes:
        """Part of an object."""
        self.fetched.append((key, start, end))
        return self.bucket[key][0][start:end]

    def listed(self, key: GroupKey, region: str, limit: int) -> Sequence[Listed]:
        self.request()
        here = [name for name in sorted(self.bucket) if name.rpartition("/")[0] + "/" == key.directory]
        found = [(name, *self.bucket[name]) for name in here[:limit]]
        return [
            Listed(Upload(BUCKET, region, name, len(body), etag=etag(body)), modified) for name, body, modified in found
        ]

    def send(self, messages: Sequence[Message], *, delay: int = 0) -> None:
        self.request()
        assert 0 <= delay <= 900
        for message in messages:
            sent = GroupMessage.model_validate_json(message.model_dump_json())
            self.messages.append(Due(sent, self.now + timedelta(seconds=delay)))

    def _refuse(self, refusals: Iterable[Refusal], prefix: str | None, at: datetime) -> None:
        self.request()
        assert prefix == self.registration.prefix
        assert at <= self.now
        [directory] = {refusal.key.rpartition("/")[0] + "/" for refusal in refusals}
        plan = self.plan(directory)
        assert plan
        for key, (tag, reason) in plan.refused.items():
            self._note(key, tag, reason)

    def _note(self, key: str, tag: str, reason: str) -> None:
        reasons = self.refused.setdefault((key, tag), [])
        if reason not in reasons:
            reasons.append(reason)

    def _submit(self, items: Sequence[Item], registration: Registration, cause: str, at: datetime) -> Sequence[Outcome]:
        self.request()
        assert (registration, at) == (self.registration, min(at, self.now))
        assert self.submitted.setdefault(cause, items) == items
        return []


class _Groups:
    def __init__(self, world: World) -> None:
        self._world = world

    def read(self, key: GroupKey) -> Group | None:
        self._world.request()
        return self._world.groups.read(key)

    def swap(self, group: Group) -> bool:
        self._world.request()
        return self._world.groups.swap(group)


class _Records:
    def __init__(self, world: World) -> None:
        self._world = world

    def read(self, key: str) -> bytes:
        self._world.request()
        return self._world.records.read(key)

    def write(self, key: str, body: bytes) -> None:
        self._world.request()
        self._world.records.write(key, body)


class _NothingBeside:
    def found(self, uploads: Sequence[Upload], sources: Collection[str]) -> Sequence[Beside | Trouble]:
        return [Beside(tags={"site": "north", "of": upload.key} if sources else {}) for upload in uploads]


class _Ranges:
    def __init__(self, world: World) -> None:
        self._world = world

    def of(self, upload: Upload) -> Fetch:
        return lambda start, end: self._world.fetch(upload.key, start, end)


class _Sizes:
    def probed(self, kind: MediaType, size: int, fetch: Fetch, first: bytes) -> MediaMetadata | None:
        assert fetch(0, len(first)) == first
        width, _, height = fetch(0, size).removeprefix(JPEG).decode().partition("x")
        if not height:
            raise Reject("its size cannot be told")
        return ImageMetadata(mime_type=kind.mime_type, file_size=size, width=int(width), height=int(height))


def etag(body: bytes) -> str:
    """As S3 makes it of an object uploaded in one part."""
    return md5(body, usedforsecurity=False).hexdigest()


def _instance(fetch: Fetch, size: int, first: bytes) -> Instance:
    assert fetch(0, len(first)) == first
    try:
        return Instance(*json.loads(fetch(0, size)[132:]))
    except ValueError:
        raise Reject("its DICOM header is damaged") from None
