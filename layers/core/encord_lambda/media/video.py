"""Frames of videos from signed URLs, as pictures a model can take.

A video is kept in a file without a name while it is read: ranged requests instead would fetch most of it anyway, for
the frames' numbers are only known from all packets. What a crash leaves behind is nothing.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from encord_lambda.agents.agent import Picture
from encord_lambda.agents.sampling import Frame, Sampling
from encord_lambda.agents.turns import Turns
from encord_lambda.errors import Reject, Retry
from encord_lambda.media.download import Downloads

if TYPE_CHECKING:
    from encord_lambda.media.decoding import Video

MAX_BYTES: Final = 1_000_000_000
AT_ONCE: Final = 2
"""Videos on disk and in decoders at once. template.yaml gives `/tmp` room for as many of the largest size."""


class SignedVideos:
    """Reads frames of videos; safe to share between threads: who comes while two are being read waits."""

    def __init__(self, downloads: Downloads) -> None:
        self._downloads = downloads
        self._turns = Turns(AT_ONCE)

    def sample(self, url: str, every: Sampling, time_left: Callable[[], float]) -> Iterator[Frame]:
        """The sampled frames of the video at a signed URL, in order of their numbers, one in memory at a time.

        Damaged frames come without a picture. Until the last frame is taken, or the iterator closed, the video
        stays on disk and keeps its place.

        Raises:
            Retry: It cannot be reached now, there is no room on the disk, or no seconds are left before it is read.
            Reject: It is no whole MP4, MOV, WebM or MKV, above 1 GB, 4K or a million frames, or no frame decodes;
                or more than `every.most` would be looked at.
        """
        intact = False
        with self._opened(url, time_left) as video:
            for frame in _pictures(video, video.index.due(every)):
                intact = intact or frame.picture is not None
                yield frame
        if not intact:
            raise Reject("not one frame of the video can be decoded")

    def read(self, url: str, number: int, time_left: Callable[[], float]) -> Picture:
        """The frame with this number, counted from 0.

        Raises:
            Retry: As `sample`.
            Reject: As `sample`; or the video has no such frame, or it is damaged.
        """
        with self._opened(url, time_left) as video:
            if not 0 <= number < len(video.index):
                raise Reject(f"the video has no frame {number}: its last is {len(video.index) - 1}")
            (frame,) = _pictures(video, [number])
        if frame.picture is None:
            raise Reject(f"frame {number} of the video is damaged")
        return frame.picture

    @contextmanager
    def _opened(self, url: str, time_left: Callable[[], float]) -> "Iterator[Video]":
        from encord_lambda.media.decoding import Video

        with self._turns.taken(time_left, f"{AT_ONCE} other videos were being read"), tempfile.TemporaryFile() as file:
            self._fetch(url, _Clocked(file, time_left))
            with closing(Video(file)) as video:
                yield video

    def _fetch(self, url: str, target: "_Clocked") -> None:
        try:
            self._downloads.write(url, target, MAX_BYTES)
        except OSError as error:
            raise Retry(f"no room for a video: {error.strerror}; give the function more EphemeralStorage") from None


@dataclass(frozen=True, slots=True)
class _Clocked:
    """A file that takes no more once the time has run out, so that a slow download gives its place back."""

    file: BinaryIO
    time_left: Callable[[], float]

    def write(self, chunk: bytes) -> int:
        if self.time_left() <= 0:
            raise Retry("the function's time ran out before the video was fetched")
        return self.file.write(chunk)


def _pictures(video: "Video", numbers: list[int]) -> Iterator[Frame]:
    from encord_lambda.media.stills import still

    for number, frame in video.frames(numbers):
        yield Frame(number, None if frame is None else still(frame), len(numbers))
