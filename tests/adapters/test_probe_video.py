"""Videos are described from parts of them as a full decode would."""

import io
import struct

import av
import pytest

from tests.adapters.clips import Kind, clip, even, remuxed
from tests.adapters.probed import LARGE, decoded_video, noise, probe, refusal, told_video, written
from tests.adapters.sounds import sound

BASE = clip(shown=even(50, 25))
CLIPS = {
    "mp4": BASE,
    "mov": remuxed(BASE, "mov"),
    "3gp": written("3gp", "h263", size=(176, 144)),
    "3g2": written("3g2", "mpeg4", 15, 15),
    "mj2": written("mov", "jpeg2000", 9, 10, muxing={"brand": "mjp2"}),
    "webm": clip(Kind("webm", "libvpx-vp9"), even(40)),
    "mkv": written("matroska", "libx264", 31, 30),
    "avi": written("avi", "mpeg4", 33, 24),
}
FAST = {"movflags": "faststart"}
FAMILY = {
    "index at the start": ("mp4", remuxed(BASE, "mp4", options=FAST)),
    "variable rate": ("mp4", clip(shown=[0, 20, 60, 61, 90, 200, 300])),
    "first frame later": ("mp4", remuxed(BASE, "mp4", shift=9000)),
    "MPEG-4 Part 2": ("mp4", written("mp4", "mpeg4", 30, 30)),
    "HEVC": ("mp4", written("mp4", "libx265", 12, 30)),
    "AV1": ("webm", written("webm", "libsvtav1", 12, 30)),
    "fragments": ("mp4", remuxed(BASE, "mp4", options={"movflags": "frag_keyframe+empty_moov"})),
    "fragments behind frames": ("mp4", remuxed(BASE, "mp4", options={"movflags": "frag_keyframe"})),
    "DASH": ("mp4", remuxed(BASE, "mp4", options={"movflags": "dash+frag_keyframe"})),
    "motion JPEG": ("avi", written("avi", "mjpeg", 20, 10, pixels="yuvj420p")),
    "NTSC": ("mp4", written("mp4", "libx264", 29, 30)),
}


@pytest.mark.parametrize("first", [300, 1024, 64 * 1024])
@pytest.mark.parametrize("extension", CLIPS)
def test_every_container_is_told_as_a_full_decode_tells_it(extension: str, first: int) -> None:
    body = CLIPS[extension]
    found = probe(f"clip.{extension}", body, first).found

    assert told_video(found) == decoded_video(body)
    assert found.file_size == len(body)


@pytest.mark.parametrize("name", FAMILY)
def test_whatever_is_in_it_it_is_told_as_a_full_decode_tells_it(name: str) -> None:
    extension, body = FAMILY[name]

    assert told_video(probe(f"clip.{extension}", body).found) == decoded_video(body)


def test_the_mime_type_is_that_of_the_name() -> None:
    assert probe("clip.mov", CLIPS["mov"]).found.mime_type == "video/quicktime"


@pytest.fixture(scope="module")
def large() -> bytes:
    return written("mp4", "mpeg4", 60, picture=noise((640, 480)), size=(640, 480))


def test_an_index_at_the_end_takes_two_requests(large: bytes) -> None:
    assert len(large) > LARGE[1]

    found = probe("clip.mp4", large)

    assert told_video(found.found).frames == 60
    assert (found.requests, found.total < 10_000) == (2, True)


def test_an_index_at_the_start_takes_two_requests(large: bytes) -> None:
    found = probe("clip.mp4", remuxed(large, "mp4", options=FAST))

    assert told_video(found.found).frames == 60
    assert (found.requests, found.total < 10_000) == (2, True)


def test_an_index_at_the_start_that_is_in_the_first_bytes_takes_none(large: bytes) -> None:
    assert probe("clip.mp4", remuxed(large, "mp4", options=FAST), 8192).requests == 1


def test_a_large_avi_is_told_by_its_index() -> None:
    body = written("avi", "mjpeg", 60, pixels="yuvj420p", picture=noise((640, 480)), size=(640, 480))
    assert len(body) > LARGE[1]

    found = probe("clip.avi", body)

    assert told_video(found.found) == decoded_video(body)
    assert (found.requests, found.total < 20_000) == (3, True)


def large_matroska(statistics: dict[str, str]) -> bytes:
    return written(
        *("matroska", "mjpeg", 60), pixels="yuvj420p", picture=noise((640, 480)), size=(640, 480), metadata=statistics
    )


def test_a_large_matroska_is_told_by_its_statistics() -> None:
    body = large_matroska({"NUMBER_OF_FRAMES": "60"})

    found = probe("clip.mkv", body)

    assert told_video(found.found) == decoded_video(body)
    assert found.total <= LARGE[1]


@pytest.mark.parametrize("statistics", [{}, {"NUMBER_OF_FRAMES": "600"}, {"NUMBER_OF_FRAMES": "²"}])
def test_a_large_matroska_without_believable_statistics_is_refused(statistics: dict[str, str]) -> None:
    assert "it does not list its frames" in refusal("clip.mkv", large_matroska(statistics))


def test_large_fragments_are_refused_with_a_remedy(large: bytes) -> None:
    body = remuxed(large, "mp4", options={"movflags": "frag_keyframe+empty_moov"})

    assert "-movflags +faststart" in refusal("clip.mp4", body)


@pytest.mark.parametrize("at", [0.3, 0.9, 0.99])
@pytest.mark.parametrize("extension", CLIPS)
def test_a_video_that_is_cut_off_is_not_taken_for_a_shorter_one(extension: str, at: float) -> None:
    body = CLIPS[extension]

    reason = refusal(f"clip.{extension}", body[: int(len(body) * at)])
    assert "cut off" in reason


def test_a_fast_start_that_is_cut_off_is_refused(large: bytes) -> None:
    body = remuxed(large, "mp4", options=FAST)

    assert "it is cut off" in refusal("clip.mp4", body[:-1000])


def test_a_video_that_begins_in_the_middle_of_a_group_is_refused() -> None:
    assert "key frame" in refusal("clip.mp4", remuxed(BASE, "mp4", skip=3))


def test_a_movie_without_pictures_is_refused() -> None:
    assert "it has no video in it" in refusal("clip.mp4", sound("ipod", "aac"))


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


FTYP = box(b"ftyp", b"isom", bytes(4))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (FTYP + struct.pack(">I4sQ", 1, b"mdat", 2**63) + bytes(64), "it is cut off: it has"),
        (FTYP + struct.pack(">I4s", 4, b"mdat") + bytes(64), "smaller than a box can be"),
        (FTYP + struct.pack(">I4sQ", 1, b"mdat", 3) + bytes(64), "smaller than a box can be"),
        (FTYP + box(b"free") * 100, "it has no index"),
        (FTYP + (box(b"free", bytes(600_000))) * 9 + box(b"moov"), "let Encord read it"),
        (FTYP + struct.pack(">I4s", 3_000_000, b"moov") + bytes(3_000_000 - 8), "as far as its first 2 MB tell"),
        (FTYP + box(b"moov", struct.pack(">I4s", 999, b"trak"), bytes(8)), "larger than the box around it"),
        (bytes(4096), "no index"),
    ],
)
def test_boxes_without_end_or_beginning_are_refused(body: bytes, reason: str) -> None:
    assert reason in refusal("clip.mp4", body)


@pytest.mark.parametrize(
    ("kind", "at", "value"),
    [(b"stsz", 8, 2**31), (b"stsz", 8, 2**32 - 1), (b"stts", 4, 2**31), (b"stts", 8, 2**31), (b"elst", 4, 2**30)],
)
def test_counts_that_would_fill_the_memory_are_refused_before(kind: bytes, at: int, value: int) -> None:
    body = bytearray(BASE)
    place = body.index(kind) + 4 + at
    body[place : place + 4] = struct.pack(">I", value)
    if kind == b"stsz":
        body[place - 4 : place] = struct.pack(">I", 1)  # all of one size: no table that would have to be there

    assert refusal("clip.mp4", bytes(body))


def test_counts_of_fragments_that_would_fill_the_memory_are_refused_before() -> None:
    body = bytearray(FAMILY["fragments"][1])
    place = body.index(b"trun") + 4
    body[place + 4 : place + 8] = struct.pack(">I", 2**31)

    assert "samples" in refusal("clip.mp4", bytes(body))


def test_tables_hidden_where_they_do_not_belong_are_counted_as_well() -> None:
    hidden = box(b"stsz", bytes(4), struct.pack(">II", 1, 2**31))
    body = bytearray(BASE)
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1"):
        at = body.index(kind) - 4
        size = int.from_bytes(body[at : at + 4])
        body[at : at + 4] = struct.pack(">I", size + len(hidden))
    at = body.index(b"avcC") - 4

    assert "more than 1,000,000 samples" in refusal("clip.mp4", bytes(body[:at] + hidden + body[at:]))


def test_what_a_camera_writes_behind_the_index_is_no_matter() -> None:
    body = BASE + b"\x7f\xff\xff\xfftrailer of a camera"

    assert told_video(probe("clip.mp4", body).found) == decoded_video(BASE)


def test_frames_that_an_edit_list_cuts_away_are_not_counted() -> None:
    body = bytearray(BASE)
    place = body.index(b"elst") + 4 + 8
    length, start = struct.unpack_from(">Ii", body, place)
    struct.pack_into(">Ii", body, place, length // 2, start + 5 * 768)  # five frames less at the beginning

    told = told_video(probe("clip.mp4", bytes(body)).found)

    assert told == decoded_video(bytes(body))
    assert told.frames < 30


def test_hidden_frames_of_vp8_are_not_counted() -> None:
    plain, file = clip(Kind("webm", "libvpx"), even(40)), io.BytesIO()
    with av.open(io.BytesIO(plain), "r") as source, av.open(file, "w", "webm") as target:
        copied = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if not packet.size:
                continue
            assert packet.pts is not None
            hidden = av.Packet(bytes([bytes(packet)[0] & ~0x10]) + bytes(packet)[1:])
            hidden.pts = hidden.dts = packet.pts + 1
            hidden.time_base = packet.time_base
            for one in (packet, hidden):
                one.stream = copied
                target.mux(one)

    assert told_video(probe("clip.webm", file.getvalue()).found).frames == decoded_video(file.getvalue()).frames == 40


def test_an_avi_that_repeats_frames_is_refused() -> None:
    assert "its index lists 50 of 1,196 frames" in refusal("clip.avi", clip(Kind("avi", "mpeg4"), even(50, 25)))
