"""Describe integrations, folders, datasets and the files that are there from the start."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .platform.json_values import JsonObject
from .platform.media_facts import MediaKind
from .spec import Named, Spec

type Count = Annotated[int, Field(gt=0)]
type Measure = Annotated[float, Field(gt=0)]

DESCRIBES: dict[MediaKind, set[str]] = {
    MediaKind.IMAGE: {"width", "height"},
    MediaKind.VIDEO: {"width", "height", "frames", "fps"},
    MediaKind.NIFTI: {"width", "height", "frames"},
    MediaKind.PDF: {"frames"},
    MediaKind.PLAIN_TEXT: set(),
    MediaKind.AUDIO: {"duration", "audio"},
    MediaKind.IMAGE_GROUP: {"parts"},
    MediaKind.IMAGE_SEQUENCE: {"parts"},
    MediaKind.DICOM_SERIES: {"parts"},
}
BELONGS_TO_ALL = {"url", "title", "kind", "mime_type", "file_size", "client_metadata"}


class IntegrationSpec(Named):
    """A cloud integration; all of them read from the twin's one object source.

    With `client_only` (strict client-only access) no file is ever read and no URL signed: uploads need metadata.
    """

    client_only: bool = False


class AudioSpec(Spec):
    """How a sound was sampled: hertz, bits, the codec's name, channels."""

    sample_rate: Count = 16_000
    bit_depth: Count = 16
    codec: str = "pcm"
    channels: Count = 1


class PartSpec(Spec):
    """An image of a group or a file of a series; each file of a series holds one slice."""

    url: str
    title: str
    width: Count = 640
    height: Count = 480
    file_size: Count = 1


class ItemSpec(Spec):
    """A file registered from the start, taken as described and never read: an image, unless `kind` says otherwise.

    `frames` are a video's frames, a document's pages or a volume's slices; a video lasts `frames / fps` seconds, a
    sound `duration`. Groups, sequences and series have `parts` and no `url`. What a kind does not have is refused.
    """

    url: str | None = None
    title: str
    kind: MediaKind = MediaKind.IMAGE
    width: Count = 640
    height: Count = 480
    frames: Count = 1
    fps: Measure = 25.0
    duration: Measure = 1.0
    audio: AudioSpec = AudioSpec()
    parts: list[PartSpec] = Field(default_factory=list)
    mime_type: str | None = None
    file_size: int = 1
    client_metadata: JsonObject = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind not in DESCRIBES:
            raise ValueError(f"item {self.title!r}: a {self.kind.words} is only ever a part of another item")
        if strange := self.model_fields_set - DESCRIBES[self.kind] - BELONGS_TO_ALL:
            raise ValueError(f"item {self.title!r}: {self.kind.words} items have no {min(strange)}")
        if self.kind.is_composite != (self.url is None) or self.kind.is_composite != bool(self.parts):
            wanted = "parts and no url" if self.kind.is_composite else "a url"
            raise ValueError(f"item {self.title!r}: {self.kind.words} items need {wanted}")
        return self


class FolderSpec(Named):
    """A storage folder; `parent` and `integration` are titles, the folder's and the first one unless given."""

    parent: str | None = None
    integration: str | None = None
    items: list[ItemSpec] = Field(default_factory=list)


class DatasetSpec(Named):
    """A dataset; the items of `folders` are linked to it from the start.

    `members` are e-mail addresses; without them everybody with a key may use it.
    """

    folders: list[str] = Field(default_factory=list)
    members: list[str] | None = None
