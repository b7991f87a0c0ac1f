"""What S3 tells about an object, in either of the two shapes it has for that."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote_plus

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from encord_lambda.dispatch.messages import first_fault
from encord_lambda.errors import Reject


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


class _Bucket(BaseModel):
    name: str


class _Object(BaseModel):
    key: str = Field(min_length=1)
    size: int | None = None


class _EventBridgeObject(_Object):
    etag: str | None = None
    version: str | None = Field(default=None, alias="version-id")


class _Detail(BaseModel):
    bucket: _Bucket
    object: _EventBridgeObject


class _EventBridge(BaseModel):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html; keys come as they are."""

    source: Literal["aws.s3"]
    kind: Literal["Object Created", "Object Deleted"] = Field(alias="detail-type")
    region: str
    detail: _Detail

    def upload(self) -> Upload:
        found = self.detail.object
        deleted = self.kind == "Object Deleted"
        size = _size(found, deleted)
        return Upload(self.detail.bucket.name, self.region, found.key, size, deleted, found.etag, found.version)


class _NotificationObject(_Object):
    etag: str | None = Field(default=None, alias="eTag")
    version: str | None = Field(default=None, alias="versionId")


class _Entity(BaseModel):
    bucket: _Bucket
    object: _NotificationObject


class _Record(BaseModel):
    region: str = Field(alias="awsRegion")
    name: str = Field(alias="eventName", pattern=r"^(ObjectCreated|ObjectRemoved|LifecycleExpiration):")
    s3: _Entity

    def upload(self) -> Upload:
        found = self.s3.object
        deleted = not self.name.startswith("ObjectCreated:")
        size = _size(found, deleted)
        return Upload(self.s3.bucket.name, self.region, _decoded(found.key), size, deleted, found.etag, found.version)


class _Notification(BaseModel):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html; keys come encoded."""

    records: list[_Record] = Field(alias="Records", min_length=1)


_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def read(body: str) -> list[Upload]:
    """The uploads a message of UploadsQueue speaks of; none for the `s3:TestEvent` of a freshly wired bucket.

    Raises:
        Reject: It is neither shape; says what is wrong.
    """
    try:
        return list(_uploads(_JSON.validate_json(body)))
    except ValidationError as error:
        raise Reject(f"not an event of S3: {first_fault(error)}") from None


def _uploads(event: JsonValue) -> Iterator[Upload]:
    if not isinstance(event, dict):
        raise Reject("not an event of S3: expected a JSON object")
    if event.get("Event") == "s3:TestEvent":
        return
    if "Records" in event:
        yield from (record.upload() for record in _Notification.model_validate(event).records)
    elif "detail-type" in event:
        yield _EventBridge.model_validate(event).upload()
    else:
        raise Reject("not an event of S3: it has neither `detail-type` (EventBridge) nor `Records` (S3 notification)")


def _size(found: _Object, deleted: bool) -> int:
    if found.size is None and not deleted:
        raise Reject(f"not an event of S3: the size of the created object {found.key} is missing")
    return found.size or 0


def _decoded(key: str) -> str:
    try:
        return unquote_plus(key, errors="strict")
    except UnicodeDecodeError:
        raise Reject(f"not an event of S3: the key {key} is not URL-encoded UTF-8") from None
