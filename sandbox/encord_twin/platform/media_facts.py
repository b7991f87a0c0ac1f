"""What is known about a file, whoever found it out."""

import math
from dataclasses import dataclass
from enum import StrEnum


class MediaKind(StrEnum):
    """The platform's item types, by their names on the wire."""

    IMAGE = "image"
    VIDEO = "video"
    IMAGE_GROUP = "imageGroup"
    IMAGE_SEQUENCE = "imageSequence"
    DICOM_FILE = "dicomFile"
    DICOM_SERIES = "dicomSeries"
    AUDIO = "audio"
    PLAIN_TEXT = "plainText"
    PDF = "pdf"
    NIFTI = "nifti"

    @property
    def words(self) -> str:
        """The kind as a person says it, in lower case."""
        return self.name.lower().replace("_", " ")

    @property
    def data_type(self) -> str | None:
        """The SDK's `DataType` of a data row of this kind; None if only a part of other items.

        An image sequence is an `img_group` too, told apart by `is_optimised_image_group`
        (`DataRow.is_image_sequence` in the SDK).
        """
        return DATA_TYPES.get(self)

    @property
    def is_composite(self) -> bool:
        """Whether items of this kind are made of other items, their parts, and have no file of their own.

        The platform makes a video for an image sequence; the twin makes none.
        """
        return self in (MediaKind.IMAGE_GROUP, MediaKind.IMAGE_SEQUENCE, MediaKind.DICOM_SERIES)


DATA_TYPES = {
    MediaKind.IMAGE: "image",
    MediaKind.VIDEO: "video",
    MediaKind.IMAGE_GROUP: "img_group",
    MediaKind.IMAGE_SEQUENCE: "img_group",
    MediaKind.DICOM_SERIES: "dicom",
    MediaKind.AUDIO: "audio",
    MediaKind.PLAIN_TEXT: "plain_text",
    MediaKind.PDF: "pdf",
    MediaKind.NIFTI: "nifti",
}


@dataclass(frozen=True)
class AudioFacts:
    """How a sound was sampled; `sample_rate` in Hz, `bit_depth` in bits."""

    sample_rate: int
    bit_depth: int
    codec: str
    channels: int


@dataclass(frozen=True)
class DicomFacts:
    """Which slice of which series of which study of whom; a series as a whole has no `instance`."""

    instance: str | None
    study: str
    series: str
    patient: str | None = None


@dataclass(frozen=True)
class Facts:
    """The true type whatever the name says; sizes in pixels and bytes, `duration` in seconds.

    `frames` counts what a label can sit on: frames of a video, images of a group, slices, pages; else 1.
    """

    kind: MediaKind
    mime_type: str
    file_size: int
    width: int | None = None
    height: int | None = None
    frames: int = 1
    fps: float | None = None
    duration: float | None = None
    audio: AudioFacts | None = None
    dicom: DicomFacts | None = None

    @property
    def label_frames(self) -> int:
        """How many frames a label row has. Sound is counted in samples, as the SDK does for rows of its own."""
        if self.audio is None or self.duration is None:
            return self.frames
        return math.ceil(self.duration * self.audio.sample_rate)

    @property
    def label_fps(self) -> float | None:
        """Frames per second of a label row: a sound's are its samples."""
        return self.fps if self.audio is None else float(self.audio.sample_rate)
