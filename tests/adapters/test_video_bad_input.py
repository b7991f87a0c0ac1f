"""Videos that are none, not whole, too large or damaged: each is refused for its reason, or loses frames."""

import io
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import reduce
from pathlib import Path
from typing import Any

import av
import pytest
from av.stream import Disposition
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.agents.sampling import Sampling
from encord_lambda.errors import Reject
from encord_lambda.media import decoding, opening
from encord_lambda.media.decoding import Video
from tests.adapters.clips import SIZE, Kind, clip, drawn, remuxed
from tests.adapters.test_video_frames import KINDS, exact, made, sampled

ALL = Sampling(every_frames=1)
FORMATS = "the media is no readable MP4, MOV, WebM or MKV"
CUT = "the video ends in the middle: upload the whole file"


def refused(content: bytes) -> str:
    with pytest.raises(Reject) as raised:
        Video(io.BytesIO(content))
    return raised.value.reason


def sound() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mov") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
        frame.sample_rate, frame.pts, frame.time_base = 8000, 0, Fraction(1, 8000)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def headers_only() -> bytes:
    """A fragmented MP4 before its first fragment."""
    whole = remuxed(made("h264", "constant"), "mp4", options={"movflags": "frag_keyframe+empty_moov"})
    return whole[: whole.index(b"moof") - 4]


@pytest.mark.parametrize("content", [b"", b"no video at all" * 50, b"\0" * 5000, b"\x1a\x45\xdf\xa3", b"....ftypisom"])
def test_what_is_no_video_is_refused(content: bytes) -> None:
    assert refused(content).startswith(FORMATS)


def test_another_format_is_refused_before_it_is_read() -> None:
    assert refused(clip(Kind("avi", "mpeg4"))).startswith(FORMATS)


@pytest.mark.parametrize(
    "playlist",
    [
        "ffconcat version 1.0\nfile {url}\n",
        "ffconcat version 1.0\nfile {path}\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{path}\n#EXT-X-ENDLIST\n",
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{url}</BaseURL></MPD>',
        "[playlist]\nFile1={path}\n",
    ],
)
def test_a_playlist_in_disguise_opens_nothing(playlist: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names a clip that exists, in a file and at an address."""
    (tmp_path / "other.mp4").write_bytes(made("h264", "constant"))
    monkeypatch.chdir(tmp_path)

    content = playlist.format(path="other.mp4", url=f"file://{tmp_path}/other.mp4").encode()

    assert refused(content).startswith(FORMATS)


def test_ffmpeg_may_not_even_open_a_file_by_name(tmp_path: Path) -> None:
    """A gate that never closes is none: what is refused here is a clip that can be read."""
    (tmp_path / "clip.mp4").write_bytes(made("h264", "constant"))

    with pytest.raises(av.FFmpegError):
        av.open(str(tmp_path / "clip.mp4"), "r", options=opening.FORMATS)


def test_an_unknown_codec_is_refused() -> None:
    reason = "the video is encoded in a way that FFmpeg cannot decode: convert it to H.264"

    assert refused(made("vp9", "constant").replace(b"V_VP9", b"V_VPX")) == reason


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["h264", "vp9", "h265"]), st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=9)))
)
def test_whatever_is_damaged_it_is_a_refusal_or_frames(kind: str, scribbles: list[tuple[float, bytes]]) -> None:
    """Nothing else may come out: an error of FFmpeg's would take the whole batch of tasks with it."""
    content = bytearray(made(kind, "variable"))
    for where, scribble in scribbles:
        at = int(where * (len(content) - len(scribble)))
        content[at : at + len(scribble)] = scribble

    with suppress(Reject):
        numbers = [number for number, _ in sampled(bytes(content), Sampling(every_frames=4))]
        assert numbers == list(range(0, numbers[-1] + 1, 4))


def test_sound_alone_is_refused() -> None:
    assert refused(sound()) == "the media has no video in it"


def test_a_cover_picture_is_no_video() -> None:
    """To FFmpeg a song's cover is a video stream of one frame."""
    cover, file = io.BytesIO(), io.BytesIO()
    drawn(7).save(cover, "PNG")
    cover.seek(0)
    with av.open(cover, "r") as source, av.open(file, "w", format="mp4") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        stream.disposition = Disposition.attached_pic
        packet = next(source.demux(video=0))
        packet.stream = stream
        target.mux(packet)

    assert refused(file.getvalue()) == "the media has no video in it"


def test_a_video_without_frames_is_refused() -> None:
    assert refused(headers_only()) == "the video has no frames"


FAST = {"movflags": "faststart"}
WHOLE: dict[str, Callable[[], bytes]] = {
    "MP4": lambda: made("h264", "constant"),
    "MP4, index first": lambda: remuxed(made("h264", "constant"), "mp4", options=FAST),
    "Matroska": lambda: made("h264 in Matroska", "constant"),
    "WebM": lambda: made("vp9", "constant"),
}


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
def test_a_video_cut_in_the_middle_is_refused(whole: Callable[[], bytes], share: float) -> None:
    """FFmpeg would read it as a shorter one, and frames would go without labels unnoticed."""
    content = whole()

    assert refused(content[: int(len(content) * share)]) == CUT


def test_junk_behind_the_last_box_is_forgiven() -> None:
    assert sampled(made("h264", "constant") + b"\0\0\xff\xffcamerajunk", ALL) == exact(list(range(50)))


@pytest.mark.parametrize("codec", ["mpeg4", "libx264"])
def test_a_large_frame_is_refused_before_it_is_decoded(codec: str) -> None:
    huge = clip(Kind(codec=codec), [0], size=(4096, 2448))

    assert refused(huge) == "the video's frames have more than 10,000,000 pixels: scale it down to 4K"


def test_frames_beyond_the_ceiling_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_FRAMES", 49)

    assert refused(made("h264", "constant")) == "the video has more than 49 frames: cut it into shorter ones"


def test_as_many_frames_as_the_ceiling_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_FRAMES", 50)

    assert len(Video(io.BytesIO(made("h264", "constant"))).index) == 50


def damaged(content: bytes, place: int) -> bytes:
    """The video with the packet at a place overwritten."""
    with av.open(io.BytesIO(content), "r") as container:
        packet: Any = next(p for count, p in enumerate(container.demux(video=0)) if count == place)
        lost = bytes(packet)
        at = content.index(lost, packet.pos)
    return content[:at] + b"\0" * len(lost) + content[at + len(lost) :]


@pytest.mark.parametrize("kind", ["vp8", "vp9", "av1"])
def test_a_damaged_key_frame_takes_with_it_what_is_built_on_it(kind: str) -> None:
    found = sampled(damaged(made(kind, "constant"), 12), ALL)

    assert found == [(number, None if 12 <= number < 24 else number) for number in range(50)]


@pytest.mark.parametrize("places", [[0], [5], [15], [49], [0, 1, 2]], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_frame_is_told_and_the_others_are_right(kind: str, places: list[int]) -> None:
    found = sampled(reduce(damaged, places, made(kind, "variable")), ALL)

    assert [number for number, _ in found] == list(range(50))
    assert 1 <= [drawn for _, drawn in found].count(None) < 50 or kind == "h264, one group"
    assert all(drawn in (number, None) for number, drawn in found)


@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("kind", ["h264", "h264 in QuickTime"])
def test_what_comes_before_the_first_key_frame_is_damaged_and_counted(kind: str, count: int) -> None:
    """A clip cut out of a stream begins in the middle of a group; here the next group begins with 12."""
    whole = Video(io.BytesIO(made(kind, "variable"))).index
    kept = sorted(number for number in range(50) if whole.place(number) >= count)

    found = sampled(remuxed(made(kind, "variable"), KINDS[kind].container, skip=count), ALL)

    assert [number for number, _ in found] == list(range(50 - count))
    assert all(drawn in (kept[number], None) for number, drawn in found)
    assert found[0] == (0, None)
    assert [drawn for _, drawn in found if drawn is not None and drawn >= 12] == list(range(12, 50))


def test_a_damaged_frame_that_is_not_due_does_no_harm() -> None:
    content = damaged(made("vp9", "constant"), 12)

    assert sampled(content, Sampling(every_seconds=0.8)) == exact([0, 24, 48])


def test_frames_that_grow_on_the_way_are_damaged() -> None:
    """The header promises small pictures, and the first one is; the second is above the ceiling."""
    kind, file = KINDS["vp8"], io.BytesIO()
    with av.open(file, "w", format="webm") as target:
        copied: av.VideoStream | None = None
        for number, size in enumerate([SIZE, (4096, 2448)]):
            with av.open(io.BytesIO(clip(kind, [0], size=size)), "r") as source:
                copied = copied or target.add_stream_from_template(source.streams.video[0])
                packet = next(source.demux(video=0))
                packet.pts = packet.dts = number * 100
                packet.stream = copied
                target.mux(packet)

    assert sampled(file.getvalue(), ALL) == [(0, 0), (1, None)]
