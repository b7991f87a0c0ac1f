"""Frames, rate and size of a video from its index."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO, Final

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from encord_lambda.errors import Reject
from encord_lambda.media.cut_off import is_cut_off
from encord_lambda.media.opening import MAX_PIXELS
from encord_lambda.media.probing import fragments, riff, single_track
from encord_lambda.media.probing.lengths import seconds
from encord_lambda.media.probing.movies import VIDEO, Movie
from encord_lambda.media.probing.ranged_file import LARGE, Fetch, RangedFile
from encord_lambda.registration.manifests.items import VideoMetadata

AHEAD: Final = 512 * 1024
"""How much is fetched where the next box of a file is not known: often that is the whole index at its end."""
_OPTIONS: Final = {"protocol_whitelist": "none", "max_pixels": str(MAX_PIXELS)}
_UNREAD: Final = _OPTIONS | {"probesize": "32", "analyzeduration": "0"}
"""For files whose frames are not there: FFmpeg would look for them."""
_MATROSKA: Final = b"\x1a\x45\xdf\xa3"
_MATROSKA_HEAD: Final = 256 * 1024
_STATISTIC: Final = "NUMBER_OF_FRAMES"
_ROUNDING: Final = 2
"""Frames by which a duration in milliseconds may differ from their number."""
_VP8_SHOWN: Final = 0x10


@dataclass(frozen=True, slots=True)
class _Frames:
    """How many frames a full decode gives, and what the container says of them."""

    count: int
    fps: Fraction
    width: int
    height: int


def video_metadata(size: int, fetch: Fetch, first: bytes, mime_type: str) -> VideoMetadata:
    """Frames and rate as a full decode has them, so that `ceil(fps * duration)` is their number.

    Width and height are as stored, as in Encord's twin (`video.inspect`): a rotation is not applied. So is the rate,
    the average that the container tells; where it tells a wrong one, the duration is wrong with it, and the number of
    frames is right.

    Raises:
        Reject: It is no readable video, or its frames are not listed where they can be read.
    """
    file = RangedFile(size, fetch, first, LARGE, AHEAD)
    head = file.at(0, 12)
    if head[:4] == _MATROSKA:
        found = _matroska(file)
    elif head[:4] == b"RIFF":
        found = _avi(file)
    else:
        found = _movie(file)
    if not found.count or not found.fps:
        raise Reject("it has no frames, or does not say how many there are in a second")
    fps = float(found.fps)
    return VideoMetadata(
        fps=fps,
        duration=seconds(found.count, fps),
        width=found.width,
        height=found.height,
        file_size=size,
        mime_type=mime_type,
    )


def _movie(file: RangedFile) -> _Frames:
    movie = Movie.of(file)
    if movie.is_fragmented:
        fragments.check(file)
        return _counted(file, "mov")
    track = movie.track(VIDEO)
    content = single_track.with_frames(movie, track)
    with _opened(io.BytesIO(content), "mov", _UNREAD) as (_, stream):
        # Of MPEG-4 Part 2 and H.263, FFmpeg believes only what the frames themselves say.
        size = (stream.width, stream.height) if stream.width else single_track.picture_size(track)
        return _frames(stream, _listed(stream), size)


def _avi(file: RangedFile) -> _Frames:
    """By its index, which is at the end; a video whose frames are partly repeated has fewer than it says."""
    riff.load_index(file)
    with _opened(file.fetched(), "avi", _UNREAD) as (_, stream):
        count = _listed(stream)
        if count != stream.frames:
            raise Reject(f"its index lists {count:,} of {stream.frames:,} frames: let Encord read it")
        return _frames(stream, count)


def _matroska(file: RangedFile) -> _Frames:
    """By its statistics, if it has any: there is no list of all frames, and the rate it tells may be a wish."""
    file.load(0, file.size if file.size <= file.budget.total else _MATROSKA_HEAD)
    if is_cut_off(file.fetched()):
        raise Reject("it is cut off: it ends in the middle")
    if file.size <= file.budget.total:
        return _counted(file, "matroska")
    file.load(file.size - file.left, file.size)
    with _opened(file.fetched(), "matroska", _UNREAD) as (container, stream):
        count = next((int(text) for key, text in stream.metadata.items() if _is_statistic(key, text)), 0)
        found = _frames(stream, count)
        told = (container.duration or 0) / av.time_base * found.fps
        if not count or abs(count - told) > _ROUNDING:
            raise Reject(
                "it does not list its frames, so that they can only be counted by reading all of it: "
                "let Encord read it, or convert it to MP4"
            )
        return found


def _is_statistic(key: str, text: str) -> bool:
    return key.startswith(_STATISTIC) and text.isdecimal() and len(text) < 10


def _counted(file: RangedFile, container: str) -> _Frames:
    """By going through all of a file that is small enough."""
    with _opened(io.BytesIO(file.whole()), container, _OPTIONS) as (opened, stream):
        is_shown = _vp8_shown if stream.codec_context.name == "vp8" else bool
        packets = (packet for packet in opened.demux(stream) if packet.size and not packet.is_discard)
        return _frames(stream, sum(1 for packet in packets if is_shown(packet)))


def _vp8_shown(packet: "av.Packet[VideoStream]") -> bool:
    """Whether a frame of VP8 is for the eye, and not only for others to be built on (RFC 6386, 9.1)."""
    return bool(bytes(packet)[0] & _VP8_SHOWN)


def _listed(stream: VideoStream) -> int:
    return sum(1 for entry in stream.index_entries if entry.size and not entry.is_discard)


def _frames(stream: VideoStream, count: int, size: tuple[int, int] | None = None) -> _Frames:
    width, height = size or (stream.width, stream.height)
    if not 0 < width * height <= MAX_PIXELS:
        raise Reject(f"its frames have {width} x {height} pixels; the ceiling is {MAX_PIXELS:,}")
    rate = stream.average_rate
    fps = Fraction(rate.numerator, rate.denominator) if rate and rate.denominator else Fraction(0)
    return _Frames(count, fps, width, height)


@contextmanager
def _opened(file: BinaryIO, container: str, options: dict[str, str]) -> Iterator[tuple[InputContainer, VideoStream]]:
    try:
        with av.open(file, "r", format=container, options=options) as opened:
            streams = [one for one in opened.streams.video if not one.disposition & Disposition.attached_pic]
            if not streams or not streams[0].codec_context:
                raise Reject("it has no video in it, or is coded in a way that FFmpeg does not know")
            yield opened, streams[0]
    except (av.FFmpegError, ValueError) as error:
        raise Reject(f"it is no readable video: {error}") from None
