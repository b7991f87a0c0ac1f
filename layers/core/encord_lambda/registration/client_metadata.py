"""Client metadata of an uploaded object: gathered from where pipeline.yaml says, typed, and checked."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue, TypeAdapter, ValidationError

from encord_lambda.config_registration import Metadata
from encord_lambda.dispatch.messages import first_fault
from encord_lambda.errors import Reject
from encord_lambda.registration import media
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.manifests import client_rules
from encord_lambda.registration.manifests.items import ClientMetadata
from encord_lambda.registration.media_types import MediaType

SOURCE: Final = "encord_lambda.source"
"""The key under which an item's own bucket, key, version and etag are kept."""
LONGEST: Final = 100_000
"""Bytes of all client metadata of an item, as JSON."""
LONGEST_SIDECAR: Final = 1_000_000
"""Bytes of a sidecar."""

_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept beside an object's bytes and comes by requests of its own."""

    tags: Mapping[str, str] = field(default_factory=dict)
    sidecar: bytes | None = None
    """None if there is none, or nobody asked for it."""


def collected(upload: Upload, kind: MediaType, head: Head, beside: Beside, metadata: Metadata) -> ClientMetadata:
    """The client metadata of an object, with `SOURCE` always among it.

    Of a key in several sources the one counts that is named last in pipeline.yaml.

    Raises:
        Reject: A value is not of its type, a sidecar is no JSON object, a key is reserved, or all of it is too much.
    """
    merged: ClientMetadata = {}
    for source in metadata.sources:
        if source == "sidecar":
            merged |= _of_sidecar(upload, beside.sidecar)
        else:
            values = head.user_metadata if source == "user_metadata" else beside.tags
            merged |= _typed(upload, source, values, metadata.types)
    merged[SOURCE] = provenance(upload, head)
    _check(upload, kind, merged)
    return merged


def provenance(upload: Upload, head: Head) -> dict[str, JsonValue]:
    """Where an item comes from: the object as it was when it was looked at."""
    found = {"bucket": upload.bucket, "key": upload.key, "version": head.version, "etag": head.etag}
    return {name: value for name, value in found.items() if value is not None}


def _typed(upload: Upload, source: str, values: Mapping[str, str], types: Mapping[str, str]) -> ClientMetadata:
    # S3 keeps keys of user metadata in lower case, however pipeline.yaml and the uploader spell them.
    lower = {key.lower(): kind for key, kind in types.items()} if source == "user_metadata" else {}
    found: ClientMetadata = {}
    for key, value in values.items():
        kind = types.get(key) or lower.get(key, "text")
        try:
            found[key] = _READERS[kind](value.strip())
        except ValueError:
            expected = f"{kind} ({_EXAMPLES[kind]}), as `metadata.types` says"
            what = "tag" if source == "tags" else "user metadata"
            raise Reject(
                f"the {what} '{key}' of {_address(upload)} is no {expected}; correct it and upload again"
            ) from None
    return found


def _number(text: str) -> JsonValue:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return float(text) if set(text) & set(".eE") else int(text)


def _boolean(text: str) -> JsonValue:
    if text.lower() not in ("true", "false"):
        raise ValueError
    return text.lower() == "true"


def _moment(text: str) -> JsonValue:
    return datetime.fromisoformat(text).isoformat()


def _uuid(text: str) -> JsonValue:
    return str(UUID(text))


_READERS: Final[Mapping[str, Callable[[str], JsonValue]]] = {
    "text": str,
    "number": _number,
    "boolean": _boolean,
    "datetime": _moment,
    "uuid": _uuid,
}
_EXAMPLES: Final = {
    "number": "such as 0.5",
    "boolean": "true or false",
    "datetime": "ISO 8601, such as 2031-02-03T04:05:06Z",
    "uuid": "such as 0b7c2c1e-6a55-4c0e-9b53-8f0f3a1d2e44",
}


def _of_sidecar(upload: Upload, body: bytes | None) -> ClientMetadata:
    if body is None:
        return {}
    try:
        return _OBJECT.validate_json(body)
    except ValidationError as error:
        where = f"the sidecar {_address(upload)}{media.SIDECAR}"
        raise Reject(f"{where} is no JSON object: {first_fault(error)}: correct it and upload it again") from None


def _check(upload: Upload, kind: MediaType, metadata: ClientMetadata) -> None:
    for breach in client_rules.faults(metadata, is_video=kind.section == "videos"):
        place = ".".join(map(str, breach.path))
        hint = f": {breach.hint}" if breach.hint else ""
        raise Reject(f"client metadata of {_address(upload)}: {place}: {breach.said}{hint}")
    size = len(json.dumps(metadata, ensure_ascii=False).encode())
    if size > LONGEST:
        raise Reject(f"client metadata of {_address(upload)} has {size} bytes, {LONGEST} are allowed: leave some out")


def _address(upload: Upload) -> str:
    return f"s3://{upload.bucket}/{upload.key}"
