"""Which frames of a video an agent looks at, and who fetches them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from encord_lambda.agents.agent import Picture


@dataclass(frozen=True, slots=True)
class Sampling:
    """How often to look: every so many frames or every so many seconds, exactly one of the two."""

    every_frames: int | None = None
    every_seconds: float | None = None
    key_frames_first: bool = False
    """Take the key frame nearest to each sampling point instead of the exact frame: faster, since nothing has to be
    decoded up to it."""

    def __post_init__(self) -> None:
        if (self.every_frames is None) == (self.every_seconds is None):
            raise ValueError("sample every so many frames or every so many seconds: exactly one of the two")


@dataclass(frozen=True, slots=True)
class Frame:
    """One sampled frame; `number` counts every frame of the video from 0, as Encord does."""

    number: int
    picture: Picture | None
    """None for a frame that was due but is damaged: the agent counts it and goes on."""


class Frames(Protocol):
    """Reads videos."""

    def sample(self, url: str, every: Sampling) -> Iterator[Frame]:
        """The sampled frames of the video at a signed URL, in order of their numbers, one in memory at a time.

        Raises:
            Retry: It cannot be reached now.
            Reject: It is no video, or too large.
        """
