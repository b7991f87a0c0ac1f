"""Entries of an upload's sections, and the units they stand for. Keys the twin does not use are left alone."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from ..json_values import JsonObject
from ..media_facts import MediaKind
from .metadata import AudioMetadata, ImageMetadata, Metadata, PdfMetadata, TextMetadata, VideoMetadata
from .units import File, Unit

type Given = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
type Extra = Annotated[JsonObject, BeforeValidator(lambda value: {} if value is None else value)]


class Entry(BaseModel):
    """What every entry has."""

    model_config = ConfigDict(alias_generator=to_camel)

    title: str | None = None
    client_metadata: Extra = Field(default_factory=dict)


class FileEntry(Entry):
    """An entry that is one file; each section has its own metadata key."""

    object_url: Given
    image_metadata: ImageMetadata | None = None
    video_metadata: VideoMetadata | None = None
    audio_metadata: AudioMetadata | None = None
    text_metadata: TextMetadata | None = None
    pdf_metadata: PdfMetadata | None = None

    def unit(self, name: str, kind: MediaKind) -> Unit:
        """The metadata of another kind counts for nothing."""
        metadata: dict[MediaKind, Metadata | None] = {
            MediaKind.IMAGE: self.image_metadata,
            MediaKind.VIDEO: self.video_metadata,
            MediaKind.AUDIO: self.audio_metadata,
            MediaKind.PLAIN_TEXT: self.text_metadata,
            MediaKind.PDF: self.pdf_metadata,
        }
        given = metadata.get(kind)
        title = titled(self.title, self.object_url)
        file = File(self.object_url, title, kind, given.facts() if given else None)
        return Unit(name, title, kind, (file,), client_metadata=self.client_metadata)


class GroupFromItems(Entry):
    """A group or sequence of images that are items already."""

    title: Given
    image_items: list[UUID] = Field(min_length=1)
    create_video: bool

    def unit(self) -> Unit:
        """Their URLs are not named again."""
        kind = group_kind(self.create_video)
        items = tuple(self.image_items)
        return Unit("IMG_GROUP_FROM_ITEMS", self.title, kind, items=items, client_metadata=self.client_metadata)


def file_unit(name: str, kind: MediaKind, entry: object) -> Unit:
    """A unit of one file, the same in both shapes."""
    return FileEntry.model_validate(entry).unit(name, kind)


def unrendered(name: str, what: str, entry: object) -> Unit:
    """A unit the twin never registers, whatever is in it."""
    content: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
    title = str(content.get("title") or "")
    url = content.get("objectUrl")
    files = (File(url, title, MediaKind.PLAIN_TEXT),) if isinstance(url, str) else ()
    return Unit(name, title, None, files, refusal=f"the twin does not render {what}")


def titled(title: str | None, url: str) -> str:
    """An omitted title becomes the URL's path."""
    return title or urlsplit(url).path


def group_kind(create_video: bool) -> MediaKind:
    """With a video, a group is a sequence."""
    return MediaKind.IMAGE_SEQUENCE if create_video else MediaKind.IMAGE_GROUP
