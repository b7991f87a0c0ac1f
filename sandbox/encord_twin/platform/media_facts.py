"""What is known about a file, whoever found it out."""

from dataclasses import dataclass
from enum import StrEnum


class MediaKind(StrEnum):
    """The platform's item types, by their names on the wire."""

    IMAGE = "image"
    VIDEO = "video"
    IMAGE_GROUP = "image_group"
    IMAGE_SEQUENCE = "image_sequence"
    DICOM_FILE = "dicom_file"
    DICOM_SERIES = "dicom_series"
    AUDIO = "audio"
    PLAIN_TEXT = "plain_text"
    PDF = "pdf"
    NIFTI = "nifti"


@dataclass(frozen=True)
class AudioFacts:
    """How a sound was sampled; `sample_rate` in Hz, `bit_depth` in bits."""

    sample_rate: int
    bit_depth: int
    codec: str
    channels: int


@dataclass(frozen=True)
class DicomFacts:
    """Which slice of which series of which study."""

    instance: str
    study: str
    series: str


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
