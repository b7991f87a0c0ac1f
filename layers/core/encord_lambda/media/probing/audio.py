"""Length and coding of a sound from its headers."""

import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from encord_lambda.errors import Reject
from encord_lambda.media.probing import riff, single_track
from encord_lambda.media.probing.lengths import seconds
from encord_lambda.media.probing.movies import SOUND, Movie, Track, rows
from encord_lambda.media.probing.ranged_file import SMALL, Fetch, RangedFile
from encord_lambda.registration.manifests.items import AudioMetadata

_OPTIONS: Final = {"protocol_whitelist": "none", "probesize": "32768", "analyzeduration": "0"}
_FLAC_HEADER: Final = 42
"""The mark, and the first block with its own header: it says all, and is always there (RFC 9639, 8.2)."""
_MP3_HEAD: Final = 512
"""In so many bytes an MP3 says how long it is, if it does: after what its first frame may need before."""
_LENGTHS: Final = (b"Xing", b"Info", b"VBRI")
"""Names of headers that say how many frames follow, in the place of the first frame."""
_LAST_BLOCK: Final = b"\x80"
_ENOUGH_FRAMES: Final = 20
_PADDING: Final = 2
"""Bytes that a frame may have more than others of its bit rate."""
_IMPRECISION: Final = 1e-4


class _Sound(NamedTuple):
    samples: int
    rate: int
    bits: int
    codec: str
    channels: int


def audio_metadata(size: int, fetch: Fetch, first: bytes, mime_type: str) -> AudioMetadata:
    """A sound's facts as a full decode by FFmpeg has them, and Encord's twin (`audio.inspect`).

    So `bit_depth` is that of decoded samples, 32 for 24-bit and for lossy sound, and `codec` is plainly `pcm` for
    anything uncompressed. `duration` is exact to the sample where the file says how many there are; for MP3 and E-AC-3
    without a word of it, it is reckoned from a constant bit rate, and may be a frame wrong.

    Raises:
        Reject: It is no readable sound, or does not say how long it is.
    """
    file = RangedFile(size, fetch, first, SMALL)
    sound = _reader(file.at(0, 12))(file)
    if sound.samples <= 0 or sound.rate <= 0 or not sound.channels:
        raise Reject("it has no samples, or does not say how many: let Encord read it")
    return AudioMetadata(
        duration=seconds(sound.samples, sound.rate),
        file_size=size,
        mime_type=mime_type,
        sample_rate=sound.rate,
        bit_depth=sound.bits,
        codec=sound.codec,
        num_channels=sound.channels,
    )


def _reader(head: bytes) -> Callable[[RangedFile], _Sound]:
    if head[:4] == b"RIFF":
        return _wav
    if head[4:8] == b"ftyp":
        return _m4a
    return {b"fL": _flac, b"\x0b\x77": _eac3}.get(head[:2], _mp3)


def _wav(file: RangedFile) -> _Sound:
    """FFmpeg is shown the format and the length of the data; what else is in the file, it need not skip."""
    kept = b""
    for chunk in riff.chunks(file):
        if chunk.kind in (b"fmt ", b"fact"):
            kept += _chunk(chunk.kind, file.at(chunk.body, chunk.end - chunk.body))
        if chunk.kind == b"data":
            length = chunk.end - chunk.body
            length = file.size - chunk.body if length in riff.STREAMED else length
            if chunk.body + length > file.size:
                raise Reject(f"it is cut off: it has {file.size:,} of {chunk.end:,} bytes")
            header = b"RIFF" + bytes(4) + b"WAVE" + kept + b"data" + struct.pack("<I", length)
            with _opened(header, "wav") as (_, stream):
                sound = _described(stream, stream.duration or 0)
            return sound._replace(samples=length // _block(kept)) if sound.codec == "pcm" else sound
    raise Reject("it is no readable sound: it has no data")


def _block(header: bytes) -> int:
    """Bytes of one sample of all channels, from the chunk `fmt `."""
    at = header.index(b"fmt ") + 20
    return int.from_bytes(header[at : at + 2], "little") or 1


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content


def _flac(file: RangedFile) -> _Sound:
    """FFmpeg is shown the first block as if it were the last before the sound: pictures may come between."""
    head = file.at(0, _FLAC_HEADER)
    with _opened(head[:4] + _LAST_BLOCK + head[5:], "flac") as (_, stream):
        return _described(stream, stream.duration or 0)


def _m4a(file: RangedFile) -> _Sound:
    movie = Movie.of(file)
    if movie.is_fragmented:
        raise Reject("it is fragmented: what it says of its length is all over the file. Let Encord read it")
    track = movie.track(SOUND)
    with _opened(single_track.with_nothing(movie, track), "mov") as (_, stream):
        return _described(stream, 0)._replace(samples=round(_seconds(movie, track) * stream.rate))


def _seconds(movie: Movie, track: Track) -> float:
    """How long a track lasts when its edit list is obeyed, which cuts away what the coder had to put before."""
    ticks = sum(count * length for count, length in rows(track.of_samples(b"stts"), ">II"))
    table = track.content(b"edts", b"elst")
    if not table:
        return ticks / track.timescale
    form = ">QqI" if table[:1] == b"\1" else ">IiI"
    return sum(
        min(length / movie.timescale or float("inf"), (ticks - start) / track.timescale)
        for length, start, _ in rows(table, form)
        if 0 <= start <= ticks
    )


def _mp3(file: RangedFile) -> _Sound:
    start = _behind_tags(file.at(0, 10))
    if any(name in file.at(start, _MP3_HEAD) for name in _LENGTHS):
        with _opened(file.known(start), "mp3") as (_, stream):
            return _described(stream, stream.duration or 0)
    return _counted(file, start, "mp3")


def _behind_tags(head: bytes) -> int:
    """Where sound begins: behind an ID3v2 tag, whose length has 7 bits a byte (id3.org, ID3v2.4 structure, 3.1)."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    length = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(head[6:10])))
    return 10 + length + (10 if head[5] & 0x10 else 0)


def _eac3(file: RangedFile) -> _Sound:
    return _counted(file, 0, "eac3")


def _counted(file: RangedFile, start: int, container: str) -> _Sound:
    """By counting frames if the file is small, else by its bit rate if that is constant.

    It is taken for constant if frames at the beginning and those at the end are alike but for the byte that keeps the
    rate.

    Raises:
        Reject: It varies.
    """
    file.load(file.size - file.left if file.size > file.budget.total else 0, file.size)
    head = file.known(start)
    sound, frames = _frames(head, container)
    if start + len(head) == file.size:
        return sound
    tail = file.known(file.size - file.budget.total // 2)
    middle = _frames(tail, container)[1][1:-1] if tail else []
    alike = {size for size, _ in frames[:-1] + middle}
    if len(middle) < _ENOUGH_FRAMES or len(frames) < 2 or max(alike) - min(alike) > _PADDING:
        raise Reject(
            "it does not say how long it is, and its bit rate may vary: let Encord read it, "
            "or run `ffmpeg -i FILE -c copy COPY`, which writes it down"
        )
    each = middle[0][1]
    return sound._replace(samples=round((file.size - start) / _mean(middle, sound.rate)) * each)


def _mean(frames: list[tuple[int, int]], rate: int) -> float:
    """The mean length of frames in bytes, as precisely as a bit rate of whole kilobits makes it."""
    each = frames[0][1]
    mean = sum(size for size, _ in frames) / len(frames)
    kilobits = round(mean * 8 * rate / each / 1000)
    exact = kilobits * 1000 * each / 8 / rate
    return exact if abs(exact - mean) < mean * _IMPRECISION else mean


def _frames(data: bytes, container: str) -> tuple[_Sound, list[tuple[int, int]]]:
    """What a piece of a sound is, and the bytes and samples of each frame in it."""
    with _opened(data, container) as (opened, stream):
        tick = stream.time_base
        frames = [
            (packet.size, round((packet.duration or 0) * tick.numerator * stream.rate / tick.denominator))
            for packet in opened.demux(stream)
            if packet.size
        ]
        return _described(stream, 0)._replace(samples=sum(samples for _, samples in frames)), frames


def _described(stream: AudioStream, ticks: int) -> _Sound:
    samples = round(ticks * stream.time_base.numerator * stream.rate / stream.time_base.denominator)
    if not stream.format:
        raise Reject("it is no readable sound: it does not say how its samples are coded")
    name = stream.codec_context.name
    codec = "pcm" if name.startswith("pcm_") else name.removesuffix("float")
    return _Sound(samples, stream.rate, stream.format.bits, codec, stream.channels)


@contextmanager
def _opened(content: bytes, container: str) -> Iterator[tuple[InputContainer, AudioStream]]:
    try:
        with av.open(io.BytesIO(content), "r", format=container, options=_OPTIONS) as opened:
            if not opened.streams.audio or not opened.streams.audio[0].codec_context:
                raise Reject("it has no sound in it, or is coded in a way that FFmpeg does not know")
            yield opened, opened.streams.audio[0]
    except (av.FFmpegError, ValueError) as error:
        raise Reject(f"it is no readable sound: {error}") from None
