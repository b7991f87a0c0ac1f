"""Which frames of a video an agent looks at, and who fetches them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from encord_lambda.agents.agent import Picture
from encord_lambda.config_prelabel import MOST_FRAMES


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which frames to look at: exactly one of the first three says."""

    every_frames: int | None = None
    """Every so many frames."""
    every_seconds: float | None = None
    """Every so many seconds."""
    spread: int | None = None
    """So many frames, evenly spread; all, if the video has no more."""
    key_frames_first: bool = False
    """Take the key frame nearest to each of these instead, each once: faster, since nothing has to be decoded up to
    it."""
    most: int = MOST_FRAMES
    """Of how many frames it may be; a video of which more would be looked at is rejected."""

    def __post_init__(self) -> None:
        if sum(way is not None for way in (self.every_frames, self.every_seconds, self.spread)) != 1:
            raise ValueError("sample every so many frames, every so many seconds or so many frames: exactly one")


@dataclass(frozen=True, slots=True)
class Frame:
    """One sampled frame; `number` counts every frame of the video from 0, as Encord does."""

    number: int
    picture: Picture | None
    """None for a frame that was due but is damaged: the agent counts it and goes on."""
    of: int = 1
    """How many frames of the data unit are looked at in all."""


class Frames(Protocol):
    """Reads videos."""

    def sample(self, url: str, every: Sampling, time_left: Callable[[], float]) -> Iterator[Frame]:
        """The sampled frames of the video at a signed URL, in order of their numbers, one in memory at a time.

        Whoever does not take them all must close the iterator: the video is held until then.

        Raises:
            Retry: It cannot be reached now, or not before no seconds are left.
            Reject: It is no video, too large, or more than `every.most` frames of it would be looked at.
        """
        ...

    def read(self, url: str, number: int, time_left: Callable[[], float]) -> Picture:
        """The frame with this number of the video at a signed URL.

        Raises:
            Retry: As `sample`.
            Reject: As `sample`; or there is no such frame, or it is damaged.
        """
