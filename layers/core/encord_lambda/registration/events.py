"""What S3 tells about an object, in either of the two shapes it has for that."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import unquote_plus

from pydantic import AwareDatetime, BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from encord_lambda.dispatch.messages import first_fault
from encord_lambda.errors import Malformed


@dataclass(frozen=True, slots=True)
class Upload:
    """An object that was created or deleted. `key` is the true key, not URL-encoded."""

    bucket: str
    region: str
    key: str
    size: int
    """Bytes; 0 for a deleted object."""
    deleted: bool = False
    etag: str | None = None
    version: str | None = None
    sequencer: str | None = None
    """Tells the later of two events of one object, by `latest`; hexadecimal, of no fixed length."""
    at: datetime | None = field(default=None, compare=False)
    """When it happened. The same event has another time in each of the two shapes."""


@dataclass(frozen=True, slots=True)
class Head:
    """An object as it was when it was looked at, which may be later than the event that spoke of it."""

    first: bytes
    """Its first bytes, `signatures.FIRST_BYTES` of them unless there are fewer."""
    size: int
    """Bytes of the whole object."""
    content_type: str = ""
    user_metadata: Mapping[str, str] = field(default_factory=dict)
    """Decoded; the keys are lower-case, for S3 keeps them so."""
    etag: str | None = None
    version: str | None = None
    """None in a bucket without versions."""


class _Bucket(BaseModel):
    name: str


class _Object(BaseModel):
    key: str = Field(min_length=1)
    size: int | None = None
    etag: str | None = None
    version: str | None = None
    sequencer: str | None = None


class _EventBridgeObject(_Object):
    version: str | None = Field(default=None, alias="version-id")


class _Detail(BaseModel):
    bucket: _Bucket
    object: _EventBridgeObject


class _EventBridge(BaseModel):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html; keys come as they are."""

    source: Literal["aws.s3"]
    kind: Literal["Object Created", "Object Deleted"] = Field(alias="detail-type")
    region: str
    time: AwareDatetime | None = None
    detail: _Detail

    def upload(self) -> Upload:
        found = self.detail.object
        deleted = self.kind == "Object Deleted"
        return _upload((self.detail.bucket.name, self.region, found.key), found, deleted, self.time)


class _NotificationObject(_Object):
    etag: str | None = Field(default=None, alias="eTag")
    version: str | None = Field(default=None, alias="versionId")


class _Entity(BaseModel):
    bucket: _Bucket
    object: _NotificationObject


class _Record(BaseModel):
    region: str = Field(alias="awsRegion")
    name: str = Field(alias="eventName", pattern=r"^(ObjectCreated|ObjectRemoved|LifecycleExpiration):")
    time: AwareDatetime | None = Field(default=None, alias="eventTime")
    s3: _Entity

    def upload(self) -> Upload:
        found = self.s3.object
        deleted = not self.name.startswith("ObjectCreated:")
        return _upload((self.s3.bucket.name, self.region, _decoded(found.key)), found, deleted, self.time)


class _Notification(BaseModel):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html; keys come encoded."""

    records: list[_Record] = Field(alias="Records", min_length=1)


_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def read(body: str) -> list[Upload]:
    """The uploads a message of UploadsQueue speaks of; none for the `s3:TestEvent` of a freshly wired bucket.

    Raises:
        Malformed: It is neither shape; says what is wrong.
    """
    try:
        return list(_uploads(_JSON.validate_json(body)))
    except ValidationError as error:
        raise Malformed(f"not an event of S3: {first_fault(error)}") from None


def _uploads(event: JsonValue) -> Iterator[Upload]:
    if not isinstance(event, dict):
        raise Malformed("not an event of S3: expected a JSON object")
    if event.get("Event") == "s3:TestEvent":
        return
    if "Records" in event:
        yield from (record.upload() for record in _Notification.model_validate(event).records)
    elif "detail-type" in event:
        yield _EventBridge.model_validate(event).upload()
    else:
        raise Malformed(
            "not an event of S3: it has neither `detail-type` (EventBridge) nor `Records` (S3 notification)"
        )


def latest(uploads: Iterable[Upload]) -> set[Upload]:
    """Of the events of each object the one that happened last: events come in any order.

    Sequencers tell, else times, else the order of `uploads`. S3 compares sequencers with the shorter one filled up
    with zeros on its right:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    objects: defaultdict[tuple[str, str], list[Upload]] = defaultdict(list)
    for upload in uploads:
        objects[upload.bucket, upload.key].append(upload)
    return {_last(events) for events in objects.values()}


def _last(events: Sequence[Upload]) -> Upload:
    latest_first = events[::-1]  # of equals, max takes the first
    if all(event.sequencer for event in events):
        # Without their last zeros they compare as if filled up with zeros to any length.
        return max(latest_first, key=lambda event: (event.sequencer or "").upper().rstrip("0"))
    times = [event.at for event in latest_first if event.at]
    return latest_first[times.index(max(times))] if len(times) == len(events) else events[-1]


def _upload(place: tuple[str, str, str], found: _Object, deleted: bool, at: datetime | None) -> Upload:
    bucket, region, key = place
    if found.size is None and not deleted:
        raise Malformed(f"not an event of S3: the size of the created object {found.key} is missing")
    size = found.size or 0
    return Upload(bucket, region, key, size, deleted, found.etag, found.version, found.sequencer, at)


def _decoded(key: str) -> str:
    try:
        return unquote_plus(key, errors="strict")
    except UnicodeDecodeError:
        raise Malformed(f"not an event of S3: the key {key} is not URL-encoded UTF-8") from None
