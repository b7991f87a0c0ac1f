"""Frame exactness: the number Encord would give a frame is the number that is drawn in it."""

import io
import os
import random
from fractions import Fraction
from functools import cache

import pytest
from av.video.frame import VideoFrame

from encord_lambda.agents.sampling import Sampling
from encord_lambda.media import decoding
from encord_lambda.media.decoding import Video
from encord_lambda.media.frame_index import Packet
from encord_lambda.media.stills import still
from tests.adapters.clips import H264, TICK, Kind, clip, even, read, remuxed

COUNT = 50
KINDS = {
    "h264": H264,
    "h264 in Matroska": Kind("matroska"),
    "h264 in QuickTime": Kind("mov"),
    "h264, open groups": Kind(options={"x264-params": "open-gop=1:bframes=3:b-adapt=0:scenecut=0"}),
    "h264, one group": Kind(options={"x264-params": "keyint=infinite:scenecut=0"}),
    "h265": Kind(codec="libx265", options={"x265-params": "log-level=none"}),
    "mpeg4": Kind(codec="mpeg4", options={"bf": "2"}),
    "av1": Kind(codec="libsvtav1", options={"preset": "12"}),
    "vp8": Kind("webm", "libvpx", {"deadline": "realtime"}),
    "vp9": Kind("webm", "libvpx-vp9", {"deadline": "realtime", "cpu-used": "8"}),
    "all key frames, 10 bits": Kind("mov", "prores_ks", pixels="yuv422p10le"),
}


def uneven(first: int = 0) -> list[int]:
    """A variable rate: between two frames pass 1/30 to 1/4 of a second."""
    steps = random.Random(4).choices([20, 21, 45, 150], k=COUNT - 1)  # noqa: S311
    return [first + sum(steps[:number]) for number in range(COUNT)]


SHOWN = {"constant": even(COUNT), "variable": uneven(), "late start": uneven(first=777)}
SAMPLINGS = {
    "all": Sampling(every_frames=1),
    "7 frames": Sampling(every_frames=7),
    "0.7 s": Sampling(every_seconds=0.7),
    "6 parts": Sampling(spread=6),
    "key frames": Sampling(every_frames=5, key_frames_first=True),
}

made = cache(lambda kind, shown: clip(KINDS[kind], SHOWN[shown]))


def sampled(content: bytes, every: Sampling) -> list[tuple[int, int | None]]:
    """Each frame's number beside the one that is drawn in it."""
    video = Video(io.BytesIO(content))
    numbers = video.index.due(every)
    return [(number, seen(frame)) for number, frame in video.frames(numbers)]


def seen(frame: VideoFrame | None) -> int | None:
    return None if frame is None else read(still(frame))


def exact(numbers: list[int]) -> list[tuple[int, int | None]]:
    return [(number, number) for number in numbers]


@pytest.mark.parametrize("every", SAMPLINGS.values(), ids=SAMPLINGS)
@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("kind", KINDS)
def test_a_frames_number_is_the_one_drawn_in_it(kind: str, shown: str, every: Sampling) -> None:
    content = made(kind, shown)
    numbers = Video(io.BytesIO(content)).index.due(every)

    assert sampled(content, every) == exact(numbers)
    assert numbers[0] == (4 if every.spread else 0)


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_is_counted(kind: str, shown: str) -> None:
    assert len(Video(io.BytesIO(made(kind, shown))).index) == COUNT


REMUXED = {
    "fragments": ("mp4", {"movflags": "frag_keyframe+empty_moov"}),
    "index first": ("mp4", {"movflags": "faststart"}),
    "live": ("matroska", {"live": "1"}),
}


@pytest.mark.parametrize("every", SAMPLINGS.values(), ids=SAMPLINGS)
@pytest.mark.parametrize(("container", "options"), REMUXED.values(), ids=REMUXED)
def test_no_container_needs_an_index_of_its_own(container: str, options: dict[str, str], every: Sampling) -> None:
    found = sampled(remuxed(made("h264", "variable"), container, options=options), every)

    assert found == exact([number for number, _ in found])


@pytest.mark.parametrize("every", SAMPLINGS.values(), ids=SAMPLINGS)
def test_frames_an_edit_list_cuts_away_are_not_counted(every: Sampling) -> None:
    """FFmpeg decodes them and shows none; a browser does the same."""
    whole = clip(shown=even(COUNT))
    cut = remuxed(whole, "mp4", shift=-10 * _ticks_per_frame(whole))

    found = sampled(cut, every)

    assert len(Video(io.BytesIO(cut)).index) == COUNT - 10
    assert [drawn for _, drawn in found] == [number + 10 for number, _ in found]


def _ticks_per_frame(content: bytes) -> int:
    index = Video(io.BytesIO(content)).index
    return int(index._shown[1] - index._shown[0])


@pytest.mark.parametrize(
    ("step", "expected"), [(0.1, range(0, 50, 3)), (0.5, range(0, 50, 15)), (1.0, range(0, 50, 30))]
)
def test_a_time_step_that_falls_on_frames_takes_these(step: float, expected: range) -> None:
    """A tenth of a second is three frames of thirty a second, whatever a float makes of it."""
    assert sampled(made("h264", "constant"), Sampling(every_seconds=step)) == exact(list(expected))


@pytest.mark.parametrize("step", [0.05, 0.3, 1.0])
def test_by_time_the_first_frame_at_or_after_each_step_is_taken(step: float) -> None:
    shown = SHOWN["late start"]
    ticks = Fraction(str(step)) / TICK
    steps = range(int((shown[-1] - shown[0]) // ticks) + 1)
    due = {next(n for n, pts in enumerate(shown) if pts - shown[0] >= step * ticks) for step in steps}

    assert sampled(made("h264", "late start"), Sampling(every_seconds=step)) == exact(sorted(due))


def test_key_frames_are_those_nearest_to_the_frames_that_were_due() -> None:
    """A group is 12 frames; 5, 10, 15 … are due."""
    found = sampled(made("vp9", "constant"), Sampling(every_frames=5, key_frames_first=True))

    assert found == exact([0, 12, 24, 36, 48])


@pytest.mark.parametrize("kind", ["h264", "vp9"])
@pytest.mark.parametrize("lie", [10**6, -(10**6)])
def test_a_seek_may_land_anywhere(kind: str, lie: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken indexes exist; then reading starts over from the first packet."""
    honest = decoding._indexed

    def misleading(packet: decoding.AvPacket) -> Packet:
        found = honest(packet)
        return found._replace(seek_time=found.seek_time + lie)

    monkeypatch.setattr(decoding, "_indexed", misleading)

    assert sampled(made(kind, "constant"), Sampling(every_frames=15)) == exact([0, 15, 30, 45])


def test_frames_may_be_asked_for_again_and_backwards() -> None:
    video = Video(io.BytesIO(made("h264", "variable")))

    for number in (49, 3, 3, 20, 0):
        [(found, frame)] = video.frames([number])
        assert (found, seen(frame)) == (number, number)


def test_an_iterator_that_is_dropped_leaves_no_trace() -> None:
    video = Video(io.BytesIO(made("h264", "constant")))
    next(video.frames([5, 6, 30]))

    assert [(number, seen(frame)) for number, frame in video.frames([7, 31])] == exact([7, 31])


@pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="this system has no scheduling policies")
def test_no_encoder_leaves_the_tests_in_real_time() -> None:
    clip(KINDS["av1"], even(2))

    assert os.sched_getscheduler(0) == os.SCHED_OTHER
