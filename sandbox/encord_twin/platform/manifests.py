"""What an upload job is asked to register, from either of the two shapes the SDK sends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, Field, ValidationError

from .json_values import JsonObject
from .media_facts import Facts, MediaKind
from .refusals import Invalid

# Section names of `externalFiles` (snake_case) and `dataItems` (camelCase), and what their units are called.
SECTIONS = {
    "images": "IMAGE",
    "videos": "VIDEO",
    "audio": "AUDIO",
    "text": "PLAIN_TEXT",
    "pdf": "PDF",
    "pdfs": "PDF",
    "nifti": "NIFTI",
    "scenes": "SCENE",
    "timeSeries": "TIMESERIES",
    "imageGroups": "IMG_GROUP",
    "image_groups": "IMG_GROUP",
    "imageGroupsFromItems": "IMG_GROUP_FROM_ITEMS",
    "dicomSeries": "DICOM",
    "dicom_series": "DICOM",
}
FLAGS = {"skip_duplicate_urls", "skipDuplicateUrls", "upsert_metadata", "upsertMetadata"}


@dataclass(frozen=True)
class Unit:
    """One thing to register. `facts` are the uploader's own and spare the platform from reading the file."""

    kind: str
    urls: tuple[str, ...]
    title: str
    client_metadata: JsonObject = field(default_factory=dict)
    facts: Facts | None = None


@dataclass(frozen=True)
class Manifest:
    """All units of a job, in order, and what to do with URLs the folder has already."""

    units: tuple[Unit, ...]
    skip_duplicate_urls: bool
    upsert_metadata: bool


class ImageMetadata(BaseModel):
    """Facts about an image, as uploaders give them in either spelling."""

    mime_type: str = Field(validation_alias=AliasChoices("mimeType", "mime_type"))
    file_size: int = Field(validation_alias=AliasChoices("fileSize", "file_size"))
    height: int
    width: int


class ImageEntry(BaseModel):
    """An entry of `images`; other keys are left alone, as the platform does."""

    object_url: str = Field(validation_alias="objectUrl")
    title: str | None = None
    client_metadata: JsonObject = Field(default_factory=dict, validation_alias="clientMetadata")
    image_metadata: ImageMetadata | None = Field(default=None, validation_alias="imageMetadata")

    def unit(self) -> Unit:
        """An omitted title becomes the URL's path."""
        title = self.title or urlsplit(self.object_url).path
        facts = Facts(MediaKind.IMAGE, **self.image_metadata.model_dump()) if self.image_metadata else None
        return Unit("IMAGE", (self.object_url,), title, self.client_metadata, facts)


def read(content: Mapping[str, Any]) -> Manifest:
    """Understand a manifest of either shape, or raise `Invalid` naming the place."""
    if unknown := content.keys() - SECTIONS.keys() - FLAGS:
        raise Invalid(f"unknown key {min(unknown)!r} in the upload")
    units = tuple(
        _unit(section, place, entry) for section in SECTIONS for place, entry in enumerate(content.get(section) or [])
    )
    if not units:
        raise Invalid("the upload names no files")
    return Manifest(
        units,
        skip_duplicate_urls=bool(content.get("skipDuplicateUrls") or content.get("skip_duplicate_urls")),
        upsert_metadata=bool(content.get("upsertMetadata") or content.get("upsert_metadata")),
    )


def _unit(section: str, place: int, entry: object) -> Unit:
    try:
        if SECTIONS[section] == "IMAGE":
            return ImageEntry.model_validate(entry).unit()
    except ValidationError as error:
        problem = error.errors()[0]
        raise Invalid(f"{section}[{place}]{_path(problem['loc'])}: {problem['msg']}") from error
    title = entry.get("title") if isinstance(entry, dict) else None
    return Unit(SECTIONS[section], tuple(_urls(entry)), str(title or ""))


def _path(location: tuple[int | str, ...]) -> str:
    return "".join(f".{part}" for part in location)


def _urls(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and (key.startswith("objectUrl") or key in ("url", "uri")):
                yield value
            else:
                yield from _urls(value)
    elif isinstance(node, list):
        for child in node:
            yield from _urls(child)
