"""What Encord can import, one model for each type (import-formats §1.1), whatever file or event it was read from.

Items are whole and valid in themselves. What concerns several of them (a URL named twice, another bucket than the
integration's) is `checked.py`'s to find.
"""

from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

Url = Annotated[str, StringConstraints(min_length=1, max_length=16_384)]
"""An https URL as it goes to Encord, never encoded anew: Encord tells duplicates by the whole of it."""
Title = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Bytes = Annotated[int, Field(gt=0, strict=True)]
Count = Annotated[int, Field(gt=0, strict=True)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)]
ClientMetadata = dict[str, JsonValue]
type Section = Literal[
    "videos",
    "images",
    "image_groups",
    "dicom_series",
    "nifti",
    "audio",
    "text",
    "pdfs",
    "scenes",
    "time_series",
    "image_groups_from_items",
]


class Strict(BaseModel):
    """Keys are spelt as Encord spells them, and a misspelt one is an error, not ignored as on the platform."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )


class ImageMetadata(Strict):
    """Taken for true by Encord, which then does not read the file; so are all of the following. Sizes in pixels."""

    mime_type: Title
    file_size: Bytes
    height: Count
    width: Count


class VideoMetadata(Strict):
    """`fps` in frames a second, `duration` in seconds."""

    fps: Positive
    duration: Positive
    width: Count
    height: Count
    file_size: Bytes
    mime_type: Title


class AudioMetadata(Strict):
    """`duration` in seconds, `sample_rate` in hertz, `bit_depth` in bits."""

    duration: Positive
    file_size: Bytes
    mime_type: Title
    sample_rate: Count
    bit_depth: Count
    codec: Title
    num_channels: Count


class TextMetadata(Strict):
    """Of text in any markup."""

    file_size: Bytes
    mime_type: Title


class PdfMetadata(Strict):
    """Of a PDF."""

    file_size: Bytes
    num_pages: Count


class DicomMetadata(Strict):
    """Tags in the form of pydicom's `to_json_dict()`; all that import-formats §3 lists are keys, values may be null."""

    tags: dict[str, dict[str, JsonValue] | None]


class _Item(Strict):
    section: ClassVar[Section]
    """The list of `manifest.Manifest` that holds it."""

    title: Title | None = None
    """Without one, Encord takes the path of the URL."""
    client_metadata: ClientMetadata | None = None


class _File(_Item):
    object_url: Url

    @property
    def urls(self) -> tuple[str, ...]:
        """The URL of its file."""
        return (self.object_url,)


class Video(_File):
    """A video."""

    section = "videos"
    video_metadata: VideoMetadata | None = None


class Image(_File):
    """A single image."""

    section = "images"
    image_metadata: ImageMetadata | None = None


class Nifti(_File):
    """A NIfTI volume."""

    section = "nifti"


class Audio(_File):
    """A sound."""

    section = "audio"
    audio_metadata: AudioMetadata | None = None


class Text(_File):
    """Text: plain, HTML, JSON and so on."""

    section = "text"
    text_metadata: TextMetadata | None = None


class Pdf(_File):
    """A PDF."""

    section = "pdfs"
    pdf_metadata: PdfMetadata | None = None


class GroupImage(Strict):
    """An image of a group or sequence."""

    url: Url
    title: Title | None = None
    image_metadata: ImageMetadata | None = None


class ImageGroup(_Item):
    """A group of images, or with `create_video` a sequence of them."""

    section = "image_groups"
    title: Title
    images: tuple[GroupImage, ...] = Field(min_length=1)
    create_video: Annotated[bool, Field(strict=True)] = False

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs of its images, in their order."""
        return tuple(image.url for image in self.images)


class DicomFile(Strict):
    """A file of a series."""

    url: Url
    title: Title | None = None
    dicom_metadata: DicomMetadata | None = None


class DicomSeries(_Item):
    """A DICOM series; patient data comes from the files."""

    section = "dicom_series"
    title: Title
    dicom_files: tuple[DicomFile, ...] = Field(min_length=1)

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs of its files, in their order."""
        return tuple(file.url for file in self.dicom_files)


class Scene(_Item):
    """A scene of point clouds; what is in `scene` is for Encord to judge."""

    section = "scenes"
    title: Title
    scene: dict[str, JsonValue]

    @property
    def urls(self) -> tuple[str, ...]:
        """None: its URIs are not followed."""
        return ()


class Channel(Strict):
    """How a column of a time series is drawn, as a line or as points; widths and radii in pixels."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=1024)] | None = None
    color: Annotated[str, StringConstraints(pattern=r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\z")] | None = (
        None
    )
    hidden: Annotated[bool, Field(strict=True)] = False
    style: Literal["line", "points"] = "line"
    line_width: Annotated[float, Field(ge=0.5, le=6, strict=True)] | None = None
    point_radius: Annotated[float, Field(ge=1, le=8, strict=True)] | None = None

    @model_validator(mode="after")
    def _of_its_style(self) -> Self:
        if (self.point_radius if self.style == "line" else self.line_width) is not None:
            raise ValueError("lines have a line_width, points have a point_radius")
        return self


class TimeSeriesSettings(Strict):
    """Channels by the headings of their columns."""

    channels: dict[str, Channel] = Field(max_length=100)


class TimeSeries(_File):
    """A table over time."""

    section = "time_series"
    settings: TimeSeriesSettings | None = None


class ItemGroup(_Item):
    """A group, or with `create_video` a sequence, of images that are items in Encord already."""

    section = "image_groups_from_items"
    title: Title
    image_items: tuple[UUID, ...] = Field(min_length=1)
    create_video: Annotated[bool, Field(strict=True)]
    video_url_prefix: Url | None = None
    """Where Encord puts the video of a sequence."""

    @property
    def urls(self) -> tuple[str, ...]:
        """None: its images are known by their items."""
        return ()


type Item = Video | Image | ImageGroup | DicomSeries | Nifti | Audio | Text | Pdf | Scene | TimeSeries | ItemGroup
type MediaMetadata = ImageMetadata | VideoMetadata | AudioMetadata | TextMetadata | PdfMetadata | DicomMetadata
