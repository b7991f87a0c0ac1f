"""Facts about files, as uploaders give them: all fields or none, in camelCase or snake_case."""

import math

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from ..media_facts import AudioFacts, Facts, MediaKind


class Metadata(BaseModel):
    """Facts the platform takes as true without looking at the file."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    def facts(self) -> Facts:
        """The same, as the platform keeps it."""
        raise NotImplementedError


class ImageMetadata(Metadata):
    """Of an image, alone or in a group."""

    mime_type: str
    file_size: int
    height: int
    width: int

    def facts(self) -> Facts:
        """An image's facts."""
        return Facts(MediaKind.IMAGE, self.mime_type, self.file_size, self.width, self.height)


class VideoMetadata(Metadata):
    """Of a video; `duration` in seconds."""

    fps: float
    duration: float
    width: int
    height: int
    file_size: int
    mime_type: str

    def facts(self) -> Facts:
        """The frames are counted as the SDK does for rows of its own; a millionth of one is rounding."""
        frames = math.ceil(round(self.fps * self.duration, 6))
        size = (self.width, self.height)
        return Facts(MediaKind.VIDEO, self.mime_type, self.file_size, *size, frames, self.fps, self.duration)


class AudioMetadata(Metadata):
    """Of a sound; `duration` in seconds, `sample_rate` in hertz."""

    duration: float
    file_size: int
    mime_type: str
    sample_rate: int
    bit_depth: int
    codec: str
    num_channels: int

    def facts(self) -> Facts:
        """A sound's facts."""
        audio = AudioFacts(self.sample_rate, self.bit_depth, self.codec, self.num_channels)
        return Facts(MediaKind.AUDIO, self.mime_type, self.file_size, duration=self.duration, audio=audio)


class TextMetadata(Metadata):
    """Of a text."""

    file_size: int
    mime_type: str

    def facts(self) -> Facts:
        """A text's facts."""
        return Facts(MediaKind.PLAIN_TEXT, self.mime_type, self.file_size)


class PdfMetadata(Metadata):
    """Of a PDF."""

    file_size: int
    num_pages: int

    def facts(self) -> Facts:
        """A PDF's facts; each page is a frame."""
        return Facts(MediaKind.PDF, "application/pdf", self.file_size, frames=self.num_pages)
