"""Groups and series in both shapes: nested lists in `dataItems`, numbered URLs in `externalFiles`."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from ..media.dicom import described
from ..media.undecodable import Undecodable
from ..media_facts import MediaKind
from ..refusals import Invalid
from .entries import Entry, Given, group_kind, titled
from .metadata import ImageMetadata
from .units import File, Unit

NUMBERED = re.compile(r"objectUrl_(0|[1-9][0-9]*)")


class Member(BaseModel):
    """A file in a group or series."""

    model_config = ConfigDict(alias_generator=to_camel)

    url: Given
    title: str | None = None


class Image(Member):
    """A frame of a group or sequence."""

    image_metadata: ImageMetadata | None = None


class DicomMetadata(BaseModel):
    """Tags in pydicom's `to_json_dict()` form."""

    tags: dict[str, dict[str, Any] | None]


class DicomFile(Member):
    """A file of a series."""

    dicom_metadata: DicomMetadata | None = None


class NestedGroup(Entry):
    """A group or sequence of `dataItems`."""

    title: Given
    images: list[Image] = Field(min_length=1)
    create_video: bool = False


class NestedSeries(Entry):
    """A series of `dataItems`."""

    title: Given
    dicom_files: list[DicomFile] = Field(min_length=1)


class NumberedGroup(Entry):
    """A group or series of `externalFiles`; its URLs are read aside."""

    title: Given
    create_video: bool = False


def nested_group(entry: object) -> Unit:
    """A group or sequence with metadata per image."""
    group = NestedGroup.model_validate(entry)
    files = tuple(
        File(
            image.url,
            titled(image.title, image.url),
            MediaKind.IMAGE,
            image.image_metadata.facts() if image.image_metadata else None,
        )
        for image in group.images
    )
    kind = group_kind(group.create_video)
    return Unit("IMG_GROUP", group.title, kind, files, client_metadata=group.client_metadata)


def nested_series(entry: object) -> Unit:
    """A series with tags per file; tags that are none fail the unit, not the job."""
    series = NestedSeries.model_validate(entry)
    kind, extra = MediaKind.DICOM_SERIES, series.client_metadata
    try:
        files = tuple(_dicom_file(file) for file in series.dicom_files)
    except Undecodable as error:
        bare = tuple(File(file.url, "", MediaKind.DICOM_FILE) for file in series.dicom_files)
        return Unit("DICOM", series.title, kind, bare, client_metadata=extra, refusal=str(error))
    return Unit("DICOM", series.title, kind, files, client_metadata=extra)


def numbered_group(entry: object) -> Unit:
    """A group or sequence whose images are `objectUrl_0`, `objectUrl_1`, ..."""
    group = NumberedGroup.model_validate(entry)
    files = _numbered(entry, MediaKind.IMAGE)
    return Unit("IMG_GROUP", group.title, group_kind(group.create_video), files, client_metadata=group.client_metadata)


def numbered_series(entry: object) -> Unit:
    """A series whose files are `objectUrl_0`, `objectUrl_1`, ..."""
    series = NumberedGroup.model_validate(entry)
    files = _numbered(entry, MediaKind.DICOM_FILE)
    return Unit("DICOM", series.title, MediaKind.DICOM_SERIES, files, client_metadata=series.client_metadata)


def _dicom_file(file: DicomFile) -> File:
    facts = described(file.dicom_metadata.tags) if file.dicom_metadata else None
    return File(file.url, titled(file.title, file.url), MediaKind.DICOM_FILE, facts)


def _numbered(entry: object, kind: MediaKind) -> tuple[File, ...]:
    """The files in the order of their numbers, which start at 0 and leave none out."""
    assert isinstance(entry, dict), "checked by the model before"
    urls = {int(match[1]): value for key, value in entry.items() if (match := NUMBERED.fullmatch(key))}
    for number in range(max(len(urls), 1)):
        if number not in urls:
            raise Invalid(f".objectUrl_{number}: the numbers must start at 0 and leave none out")
    given = TypeAdapter(list[Given]).validate_python([urls[number] for number in sorted(urls)])
    return tuple(File(url, titled(None, url), kind) for url in given)
