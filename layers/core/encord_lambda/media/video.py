"""Frames of videos from signed URLs, as pictures a model can take.

A video is kept in a file without a name while it is read: ranged requests instead would fetch most of it anyway, for
the frames' numbers are only known from all packets. What a crash leaves behind is nothing.
"""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from encord_lambda.agents.agent import Picture
from encord_lambda.agents.sampling import Frame, Sampling
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
        self._turn = threading.BoundedSemaphore(AT_ONCE)

    def sample(self, url: str, every: Sampling) -> Iterator[Frame]:
        """The sampled frames of the video at a signed URL, in order of their numbers, one in memory at a time.

        Damaged frames come without a picture. Until the last frame is taken, or the iterator dropped, the video
        stays on disk.

        Raises:
            Retry: It cannot be reached now, or there is no room on the disk.
            Reject: It is no whole MP4, MOV, WebM or MKV, above 1 GB, 4K or a million frames, or no frame decodes.
        """
        intact = False
        with self._opened(url) as video:
            for frame in _pictures(video, video.index.due(every)):
                intact = intact or frame.picture is not None
                yield frame
        if not intact:
            raise Reject("not one frame of the video can be decoded")

    def read(self, url: str, number: int) -> Picture:
        """The frame with this number, counted from 0.

        Raises:
            Retry: As `sample`.
            Reject: As `sample`; or the video has no such frame, or it is damaged.
        """
        with self._opened(url) as video:
            if not 0 <= number < len(video.index):
                raise Reject(f"the video has no frame {number}: its last is {len(video.index) - 1}")
            (frame,) = _pictures(video, [number])
        if frame.picture is None:
            raise Reject(f"frame {number} of the video is damaged")
        return frame.picture

    @contextmanager
    def _opened(self, url: str) -> "Iterator[Video]":
        from encord_lambda.media.decoding import Video

        with self._turn, tempfile.TemporaryFile() as file:
            self._fetch(url, file)
            with closing(Video(file)) as video:
                yield video

    def _fetch(self, url: str, file: BinaryIO) -> None:
        try:
            self._downloads.write(url, file, MAX_BYTES)
        except OSError as error:
            raise Retry(f"no room for a video: {error.strerror}; give the function more EphemeralStorage") from None


def _pictures(video: "Video", numbers: list[int]) -> Iterator[Frame]:
    from encord_lambda.media.stills import still

    for number, frame in video.frames(numbers):
        yield Frame(number, None if frame is None else still(frame))
