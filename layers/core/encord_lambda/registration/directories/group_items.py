"""The item that objects become together: a group, a sequence, a series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from encord_lambda.config_registration import Grouping
from encord_lambda.registration.client_metadata import SOURCE
from encord_lambda.registration.directories.instances import Instance
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.items import (
    ClientMetadata,
    DicomFile,
    DicomMetadata,
    DicomSeries,
    GroupImage,
    ImageGroup,
    ImageMetadata,
    MediaMetadata,
)
from encord_lambda.registration.manifests.manifest import object_url


@dataclass(frozen=True, slots=True)
class Part:
    """An object of a directory, by its name one of those that are grouped there, and what was found in it."""

    upload: Upload
    metadata: MediaMetadata | None = None
    instance: Instance | None = None
    """Of a DICOM file whose header could be read."""
    client_metadata: Mapping[str, JsonValue] = field(default_factory=dict)
    trouble: str = ""
    """Why it cannot be part of anything."""


def item(group: Grouping, title: str, parts: Sequence[Part]) -> ImageGroup | DicomSeries:
    """What `parts`, at least one and in their order, become."""
    if group.kind == "dicom_series":
        files = tuple(_file(part) for part in parts)
        return DicomSeries(title=title, dicom_files=files, client_metadata=_agreed(parts))
    images = tuple(_image(part) for part in parts)
    sequence = group.kind == "image_sequence"
    return ImageGroup(title=title, images=images, create_video=sequence, client_metadata=_agreed(parts))


def _image(part: Part) -> GroupImage:
    metadata = part.metadata if isinstance(part.metadata, ImageMetadata) else None
    return GroupImage(url=_url(part.upload), title=part.upload.key, image_metadata=metadata)


def _file(part: Part) -> DicomFile:
    metadata = part.metadata if isinstance(part.metadata, DicomMetadata) else None
    return DicomFile(url=_url(part.upload), title=part.upload.key, dicom_metadata=metadata)


def _url(upload: Upload) -> str:
    return object_url(upload.bucket, upload.region, upload.key)


def _agreed(parts: Sequence[Part]) -> ClientMetadata:
    """What is true of each part is true of the whole, which alone has client metadata (import-formats §1.1)."""
    first = parts[0]
    agreed: ClientMetadata = {
        key: value
        for key, value in first.client_metadata.items()
        if all(key in part.client_metadata and part.client_metadata[key] == value for part in parts)
    }
    directory = first.upload.key[: first.upload.key.rfind("/") + 1]
    return agreed | {SOURCE: {"bucket": first.upload.bucket, "key": directory, "objects": len(parts)}}
