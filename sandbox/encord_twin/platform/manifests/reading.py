"""Read an upload of either shape section by section."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pydantic import ValidationError

from ..json_values import JsonObject
from ..media_facts import MediaKind
from ..refusals import Invalid
from . import composites
from .entries import GroupFromItems, file_unit, unrendered
from .units import Manifest, Unit

type Reader = Callable[[object], Unit]

IN_BOTH: dict[str, Reader] = {
    "images": partial(file_unit, "IMAGE", MediaKind.IMAGE),
    "videos": partial(file_unit, "VIDEO", MediaKind.VIDEO),
    "audio": partial(file_unit, "AUDIO", MediaKind.AUDIO),
    "text": partial(file_unit, "PLAIN_TEXT", MediaKind.PLAIN_TEXT),
    "nifti": partial(file_unit, "NIFTI", MediaKind.NIFTI),
    "scenes": partial(unrendered, "SCENE", "scenes"),
}
PDF = partial(file_unit, "PDF", MediaKind.PDF)
TIME_SERIES = partial(unrendered, "TIMESERIES", "time series")
ITEM_SECTIONS: dict[str, Reader] = {
    **IN_BOTH,
    "pdf": PDF,
    "timeSeries": TIME_SERIES,
    "imageGroups": composites.nested_group,
    "imageGroupsFromItems": lambda entry: GroupFromItems.model_validate(entry).unit(),
    "dicomSeries": composites.nested_series,
}
FILE_SECTIONS: dict[str, Reader] = {
    **IN_BOTH,
    "pdfs": PDF,
    "time_series": TIME_SERIES,
    "image_groups": composites.numbered_group,
    "dicom_series": composites.numbered_series,
}


def from_items(content: JsonObject) -> Manifest:
    """Understand `dataItems`, or raise `Invalid` naming the place."""
    return _read(content, ITEM_SECTIONS, "skipDuplicateUrls", "upsertMetadata")


def from_file(content: JsonObject) -> Manifest:
    """Understand `externalFiles`, or raise `Invalid` naming the place."""
    return _read(content, FILE_SECTIONS, "skip_duplicate_urls", "upsert_metadata")


def _read(content: JsonObject, sections: Mapping[str, Reader], skip: str, upsert: str) -> Manifest:
    if unknown := content.keys() - sections.keys() - {skip, upsert}:
        raise Invalid(f"unknown key {min(unknown)!r} in the upload")
    units = [
        _unit(section, place, entry, reader)
        for section, reader in sections.items()
        for place, entry in enumerate(_entries(content, section))
    ]
    if not units:
        raise Invalid("the upload names no files")
    return Manifest(tuple(units), _flag(content, skip), _flag(content, upsert))


def _entries(content: JsonObject, section: str) -> list[Any]:
    entries = content.get(section) or []
    if not isinstance(entries, list):
        raise Invalid(f"{section}: Input should be a list")
    return entries


def _unit(section: str, place: int, entry: object, reader: Reader) -> Unit:
    try:
        return reader(entry)
    except ValidationError as error:
        problem = error.errors()[0]
        path = "".join(f".{part}" for part in problem["loc"])
        raise Invalid(f"{section}[{place}]{path}: {problem['msg']}") from error
    except Invalid as error:
        raise Invalid(f"{section}[{place}]{error}") from error


def _flag(content: JsonObject, name: str) -> bool:
    value = content.get(name, False)
    if not isinstance(value, bool):
        raise Invalid(f"{name}: Input should be true or false")
    return value
