"""A manifest as an upload file (shape A of import-formats §1): lossless, or refused."""

import json
from collections.abc import Iterator
from typing import Final

from pydantic import JsonValue
from pydantic.alias_generators import to_camel

from encord_lambda.errors import Reject
from encord_lambda.registration.manifests.items import DicomSeries, ImageGroup, Item, Strict
from encord_lambda.registration.manifests.manifest import SECTIONS, Manifest

_ELSEWHERE: Final = "only DataUploadItems (shape B) can carry it"
_NONE_IN_FILES: Final = frozenset({"time_series", "image_groups_from_items"})


def content(manifest: Manifest) -> dict[str, JsonValue]:
    """The upload file, as it goes into `json.dumps` or to the SDK.

    Raises:
        Reject: Something in it has no place in an upload file; says what.
    """
    lists: dict[str, JsonValue] = {
        section: [_entry(item) for item in getattr(manifest, section)] for section in SECTIONS
    }
    flags = {"skip_duplicate_urls": manifest.skip_duplicate_urls, "upsert_metadata": manifest.upsert_metadata}
    return {**{section: entries for section, entries in lists.items() if entries}, **flags}


def json_bytes(manifest: Manifest) -> bytes:
    """The upload file itself, in UTF-8.

    Raises:
        Reject: As `content`.
    """
    return json.dumps(content(manifest), ensure_ascii=False, separators=(",", ":")).encode()


def _entry(item: Item) -> JsonValue:
    if item.section in _NONE_IN_FILES:
        raise Reject(f"{_named(item)}: an upload file has no list for `{item.section}`; {_ELSEWHERE}")
    if isinstance(item, ImageGroup | DicomSeries):
        return _numbered(item)
    entry: dict[str, JsonValue] = item.model_dump(mode="json", by_alias=True, exclude_none=True)
    # Keys of items are camelCase, but those inside of media metadata are snake_case (import-formats §3).
    for name, value in item:
        if isinstance(value, Strict):
            entry[to_camel(name)] = value.model_dump(mode="json")
    return entry


def _numbered(item: ImageGroup | DicomSeries) -> dict[str, JsonValue]:
    if lost := next(_lost(item), None):
        raise Reject(f"{_named(item)}: an upload file cannot carry the {lost} of single files; {_ELSEWHERE}")
    entry: dict[str, JsonValue] = {"title": item.title}
    if isinstance(item, ImageGroup):
        entry["createVideo"] = item.create_video
    if item.client_metadata is not None:
        entry["clientMetadata"] = item.client_metadata
    return entry | {f"objectUrl_{number}": url for number, url in enumerate(item.urls)}


def _lost(item: ImageGroup | DicomSeries) -> Iterator[str]:
    for file in item.images if isinstance(item, ImageGroup) else item.dicom_files:
        if file.title is not None:
            yield "title"
        if getattr(file, "image_metadata", None) or getattr(file, "dicom_metadata", None):
            yield "metadata"


def _named(item: Item) -> str:
    return f"{item.section}, {item.title or 'without a title'}"
