"""Frames of a video file by number, decoded from the key frame before and no further than needed."""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import chain, dropwhile, groupby
from typing import BinaryIO, Final

import av
from av.rational import AVRational
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from encord_lambda.errors import Reject
from encord_lambda.media.frame_index import FrameIndex, Packet, Start
from encord_lambda.media.opening import opened

MAX_FRAMES: Final = 1_000_000

type AvPacket = av.Packet[VideoStream]


class Video:
    """An open video file. Not safe to share between threads."""

    def __init__(self, file: BinaryIO) -> None:
        """Open the file and index its frames, decoding none.

        Raises:
            Reject: It is no video, is cut off, or has no frames, too many, or too large ones.
        """
        self._file = file
        self._container, self._stream = opened(file)
        self._at = -1
        """The place of the packet that would be read next, where it is known."""
        self._broken = math.inf
        """The place of the first damaged packet among those decoded since the last start."""
        try:
            self.index = FrameIndex(map(_indexed, self._packets()), _seconds(self._stream.time_base))
            if not len(self.index):
                raise Reject("the video has no frames")
        except Reject:
            self.close()
            raise

    def close(self) -> None:
        """Free the decoder; the file stays open."""
        self._container.close()

    def frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, VideoFrame | None]]:
        """The frames with these numbers, which must ascend; None for one that is damaged.

        Damaged is what does not decode and, up to the next key frame, what is built on it.
        """
        for start, group in groupby(numbers, self.index.start):
            yield from self._group(start, deque(group))

    def _group(self, start: Start, due: deque[int]) -> Iterator[tuple[int, VideoFrame | None]]:
        """Frames that one start leads to; the decoder brings them out in the order they are shown."""
        expected, self._broken = self.index.first(start), math.inf
        for frame in self._decoded(start, max(map(self.index.place, due))):
            if (number := self.index.number(frame.pts, expected)) is None:
                continue
            lost = [*range(expected, number), number] if frame.is_corrupt else range(expected, number)
            self._broken = min([self._broken, *map(self.index.place, lost)])
            expected = number + 1
            while due and due[0] <= number:
                wanted = due.popleft()
                yield wanted, frame if wanted == number and self.index.place(number) < self._broken else None
        yield from ((number, None) for number in due)

    def _decoded(self, start: Start, end: int) -> Iterator[VideoFrame]:
        """What the packets from a start to the place `end` decode to."""
        decoder = self._stream.codec_context
        for place, packet in self._from(start):
            try:
                yield from decoder.decode(packet)
            except av.FFmpegError:
                # What is shown before the start may be built on the group before: it is not due, and no damage.
                if packet.pts is None or packet.pts >= start.pts:
                    self._broken = min(self._broken, place)
            if place == end:
                break
        with suppress(av.FFmpegError):
            yield from decoder.decode(None)  # what it held back to bring frames into order

    def _from(self, start: Start) -> Iterator[tuple[int, AvPacket]]:
        """The packets from a start on with their places, for a decoder that has forgotten what came before."""
        packets = enumerate(self._packets(), start.place) if self._at == start.place else self._sought(start)
        self._stream.codec_context.flush_buffers()
        for place, packet in dropwhile(lambda numbered: numbered[0] < start.place, packets):
            self._at = place + 1
            yield place, packet

    def _sought(self, start: Start) -> Iterator[tuple[int, AvPacket]]:
        """The packets from a start or an earlier place on; seeking saves reading, and nothing relies on it."""
        with suppress(av.FFmpegError):
            self._container.seek(start.seek_time, stream=self._stream)
        packets = self._packets()
        if first := next(packets, None):
            landed = self.index.start_at(first.pts)
            if landed and landed.place <= start.place:
                return enumerate(chain([first], packets), landed.place)
        self.close()
        self._container, self._stream = opened(self._file)
        return enumerate(self._packets())

    def _packets(self) -> Iterator[AvPacket]:
        """The stream's packets from where the container stands; the empty one FFmpeg ends with is left out."""
        try:
            for count, packet in enumerate(self._container.demux(self._stream)):
                if count > MAX_FRAMES:
                    raise Reject(f"the video has more than {MAX_FRAMES:,} frames: cut it into shorter ones")
                if packet.size:
                    yield packet
        except av.FFmpegError as error:
            raise Reject(f"the video is damaged: {error.strerror}") from None


def _seconds(tick: AVRational) -> Fraction:
    return Fraction(tick.numerator, tick.denominator)


def _indexed(packet: AvPacket) -> Packet:
    if packet.pts is None:
        raise Reject("the video does not say when its frames are shown: convert it to MP4")
    # MP4 is searched by the time of decoding, Matroska by that of showing, and it need not know the other.
    in_file = packet.pts if "matroska" in packet.stream.container.format.name or packet.dts is None else packet.dts
    return Packet(packet.pts, in_file, packet.is_keyframe, is_shown=not packet.is_discard)
