"""One track of a movie as a whole little movie of its own, for FFmpeg to understand.

FFmpeg alone knows which frames an edit list leaves. Of the tables it gets what says when frames are shown; where
samples are in the file is most of an index, and nobody is going to read them.
"""

from typing import Final

from encord_lambda.errors import Reject
from encord_lambda.media.probing import counts
from encord_lambda.media.probing.boxes import made
from encord_lambda.media.probing.movies import Movie, Track, rows

_TABLES: Final = (b"mdia", b"minf", b"stbl")
_NOWHERE: Final = (0x7FFFFFFF).to_bytes(4)
"""Behind the end of the little movie: to read a sample is to find the end."""


def with_frames(movie: Movie, track: Track) -> bytes:
    """A movie with all samples of a video track, none of which can be read.

    Raises:
        Reject: There are none, as `counts.check`, or the index is not known as far as it says when they are shown.
    """
    count, sizes = _sizes(track)
    if not count:
        raise Reject("it has no frames")
    keys = rows(track.of_samples(b"stss") or bytes(8), ">I")
    if next(keys, (1,)) != (1,):
        raise Reject("it does not begin with a key frame, so that its first frames are lost: cut it anew")
    timing = [track.copied(*_TABLES, kind) for kind in (b"stts", b"ctts", b"stss")]
    return _movie(movie, track, track.copied(b"edts"), [*timing, *_places(count), sizes])


def picture_size(track: Track) -> tuple[int, int]:
    """Width and height of a video track's pictures by its first sample description (ISO 14496-12, 12.1.3)."""
    description = track.of_samples(b"stsd")
    return int.from_bytes(description[40:42]), int.from_bytes(description[42:44])


def with_nothing(movie: Movie, track: Track) -> bytes:
    """A movie that says how a sound track is coded and holds one sample, which cannot be read."""
    one = (1).to_bytes(4)
    timing = made(b"stts", bytes(4), one, one, one)
    return _movie(movie, track, b"", [timing, *_places(1), made(b"stsz", bytes(4), one, one)])


def _movie(movie: Movie, track: Track, edits: bytes, tables: list[bytes]) -> bytes:
    samples = made(b"stbl", track.copied(*_TABLES, b"stsd"), *tables)
    header = [track.copied(b"mdia", kind) for kind in (b"mdhd", b"hdlr")]
    media = made(b"mdia", *header, made(b"minf", samples))
    whole = Track(movie.index, movie.root, movie.budget)
    content = made(b"moov", whole.copied(b"mvhd"), made(b"trak", track.copied(b"tkhd"), edits, media))
    counts.check(content)
    return movie.file_type + content


def _sizes(track: Track) -> tuple[int, bytes]:
    """How many samples there are, and a table with their sizes: the true ones if they are known, for some may be 0."""
    table = track.known(*_TABLES, b"stsz") or track.known(*_TABLES, b"stz2")
    count = int.from_bytes(table[8:12])
    if track.known(*_TABLES, b"stsz") and len(table) >= 12 + 4 * count:
        return count, made(b"stsz", table)
    return count, made(b"stsz", bytes(4), (1).to_bytes(4), count.to_bytes(4))


def _places(count: int) -> tuple[bytes, bytes]:
    one = (1).to_bytes(4)
    return made(b"stsc", bytes(4), one, one, count.to_bytes(4), one), made(b"stco", bytes(4), one, _NOWHERE)
