"""Videos from signed URLs: fetched once, read frame by frame, two at a time."""

import errno
import io
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

import pytest
from PIL import Image

from encord_lambda.agents.agent import Picture
from encord_lambda.agents.sampling import Frame, Sampling
from encord_lambda.errors import Reject, Retry, Trouble
from encord_lambda.media.download import Downloads, Target
from encord_lambda.media.video import AT_ONCE, MAX_BYTES, SignedVideos
from tests.adapters.clips import H264, clip, even, read
from tests.adapters.test_video_bad_input import damaged
from tests.adapters.test_video_frames import made

URL = "https://b.s3.amazonaws.com/clip.mp4"


class Handed(Downloads):
    """Hands out one content, or fails, and keeps what was asked for."""

    def __init__(self, content: bytes | Exception, parts: int = 1) -> None:
        super().__init__(allow_private=False)
        self.content, self.parts = content, parts
        self.asked: list[tuple[str, int]] = []

    def write(self, url: str, target: Target, ceiling: int) -> None:
        self.asked.append((url, ceiling))
        if isinstance(self.content, Exception):
            raise self.content
        for part in range(self.parts):
            target.write(self.content[part :: self.parts])


def videos(kind: str = "h264") -> SignedVideos:
    return SignedVideos(Handed(made(kind, "variable")))


def in_time() -> float:
    return 60.0


def all_of(source: SignedVideos, every: Sampling, time_left: Callable[[], float] = in_time) -> list[Frame]:
    return list(source.sample(URL, every, time_left))


def one_of(source: SignedVideos, number: int = 0, time_left: Callable[[], float] = in_time) -> Picture:
    return source.read(URL, number, time_left)


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


def test_what_reads_no_video_does_not_load_ffmpeg() -> None:
    """Loading its libraries takes longer than all else at a cold start."""
    script = "import sys, encord_lambda.media.video; print('av' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout == b"False\n"


def test_a_sample_is_frames_with_pictures_in_order() -> None:
    frames = all_of(videos(), Sampling(every_frames=20))

    assert [(frame.number, read(frame.picture)) for frame in frames] == [(0, 0), (20, 20), (40, 40)]
    assert {frame.picture.mime_type for frame in frames if frame.picture} == {"image/jpeg"}


@pytest.mark.parametrize("number", [0, 7, 31, 49])
@pytest.mark.parametrize("kind", ["h264", "vp9", "mpeg4"])
def test_a_single_frame_is_read_by_its_number(kind: str, number: int) -> None:
    assert read(one_of(videos(kind), number)) == number


@pytest.mark.parametrize("number", [-1, 50])
def test_a_frame_the_video_does_not_have_is_refused(number: int) -> None:
    with pytest.raises(Reject, match=f"^the video has no frame {number}: its last is 49$"):
        one_of(videos(), number)


def test_a_single_frame_that_is_damaged_is_refused() -> None:
    with pytest.raises(Reject, match=r"^frame 12 of the video is damaged$"):
        one_of(SignedVideos(Handed(damaged(made("vp9", "constant"), 12))), 12)


def test_a_damaged_frame_of_a_sample_comes_without_a_picture() -> None:
    frames = all_of(SignedVideos(Handed(damaged(made("vp9", "constant"), 12))), Sampling(every_frames=12))

    assert [read(frame.picture) for frame in frames] == [0, None, 24, 36, 48]


def test_a_video_of_which_nothing_decodes_is_refused() -> None:
    source = SignedVideos(Handed(damaged(made("h264, one group", "constant"), 0)))
    frames = source.sample(URL, Sampling(every_frames=9), in_time)

    assert next(frames) == Frame(0, None, of=6)
    with pytest.raises(Reject, match=r"^not one frame of the video can be decoded$"):
        list(frames)


def test_a_video_is_fetched_once_and_never_beyond_the_ceiling() -> None:
    downloads = Handed(made("h264", "constant"))

    all_of(SignedVideos(downloads), Sampling(every_seconds=0.1))

    assert downloads.asked == [(URL, MAX_BYTES)]


def test_what_the_download_says_is_passed_on() -> None:
    with pytest.raises(Reject, match="larger"):
        one_of(SignedVideos(Handed(Reject("larger than it may be"))))


def test_a_full_disk_may_be_free_later() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Retry, match=r"^no room for a video: No space left on device; give the function more Ephemeral"):
        one_of(SignedVideos(Handed(full)))


def test_a_large_frame_is_scaled_to_what_models_see() -> None:
    wide = one_of(SignedVideos(Handed(clip(H264, [0], size=(2560, 320)))))

    assert opened(wide).size == (2048, 256)


TURNED = {  # a, b, c, d of the matrix [a b; c d] in an MP4's track header, for pictures turned by so many degrees
    90: (0, 1, -1, 0),  # clockwise: what a phone held upright writes
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}


def turned(degrees: int) -> bytes:
    content = clip(H264, even(2))
    header = content.index(b"tkhd")
    at = content.index(_matrix(1, 0, 0, 1), header)
    return content[:at] + _matrix(*TURNED[degrees]) + content[at + 20 :]


def _matrix(a: int, b: int, c: int, d: int) -> bytes:
    return b"".join((number << 16).to_bytes(4, signed=True) for number in (a, b, 0, c, d))


@pytest.mark.parametrize("degrees", TURNED)
def test_a_video_recorded_upright_is_seen_upright(degrees: int) -> None:
    """Frame 1 has one white bar, at its left; clockwise it goes to the top, the right, the bottom."""
    image = opened(one_of(SignedVideos(Handed(turned(degrees))), 1)).convert("L")
    middle = (image.width // 2, image.height // 2)
    bars = {90: (middle[0], 5), 180: (image.width - 5, middle[1]), 270: (middle[0], image.height - 5)}

    assert image.size == ((128, 64) if degrees == 180 else (64, 128))
    assert [at for at, spot in bars.items() if image.getpixel(spot) > 127] == [degrees]  # type: ignore[operator]


@pytest.fixture
def busy() -> Iterator[tuple[SignedVideos, list[Iterator[Frame]]]]:
    """As many videos being read as there is room for, each at its first frame."""
    source = videos()
    reading = [source.sample(URL, Sampling(every_frames=10), in_time) for _ in range(AT_ONCE)]
    for frames in reading:
        next(frames)
    yield source, reading
    for frames in reading:
        closed(frames)


def closed(frames: Iterator[Frame]) -> None:
    assert isinstance(frames, Generator)
    frames.close()


type Busy = tuple[SignedVideos, list[Iterator[Frame]]]


def test_who_comes_while_there_is_no_room_waits_for_it(busy: Busy) -> None:
    source, reading = busy
    asked, third = threading.Event(), list[Picture]()

    def patient() -> float:
        asked.set()
        return 60.0

    waiting = threading.Thread(target=lambda: third.append(one_of(source, 3, patient)))
    waiting.start()
    assert asked.wait(30)
    assert third == []

    closed(reading[0])
    waiting.join(timeout=30)

    assert [read(picture) for picture in third] == [3]


def test_who_comes_while_there_is_no_room_waits_no_longer_than_it_may(busy: Busy) -> None:
    source, _ = busy

    with pytest.raises(Retry, match=r"^2 other videos were being read until the function's time ran out$"):
        one_of(source, time_left=lambda: 0.0)


def test_a_video_gives_its_room_back_however_its_reading_ends(busy: Busy) -> None:
    """Read to the end, left in the middle, refused: each time there is room for one more."""
    source, reading = busy
    assert isinstance(source._downloads, Handed)

    list(reading[0])
    for content in (b"no video", Retry("busy"), Reject("too large"), OSError(errno.ENOSPC, "full")):
        source._downloads.content = content
        with pytest.raises(Trouble):
            one_of(source)
    source._downloads.content = made("h264", "constant")
    next(left := source.sample(URL, Sampling(spread=3), in_time))
    closed(left)

    assert read(one_of(source, 3)) == 3


def test_a_download_that_takes_too_long_gives_up() -> None:
    times = iter([1.0, 0.0])

    with pytest.raises(Retry, match=r"^the function's time ran out before the video was fetched$"):
        one_of(SignedVideos(Handed(made("h264", "constant"), parts=2)), time_left=lambda: next(times))


@pytest.mark.parametrize(
    ("every", "count"),
    [
        (Sampling(every_frames=7, most=7), 8),
        (Sampling(every_seconds=0.5, most=3), 4),
        (Sampling(spread=20, most=19), 20),
        (Sampling(every_frames=1, key_frames_first=True, most=4), 5),
    ],
    ids=["frames", "seconds", "spread", "key frames"],
)
def test_a_video_of_which_more_frames_are_due_than_may_be_looked_at_is_refused(every: Sampling, count: int) -> None:
    """Fifty frames, thirty a second, in groups of twelve."""
    source = SignedVideos(Handed(made("vp9", "constant")))
    with pytest.raises(Reject) as refused:
        all_of(source, every)

    assert refused.value.reason == (
        f"{count} frames of the video would be looked at, but `frames: most` is {every.most}: "
        "in pipeline.yaml sample it less often, or raise `most`"
    )
    assert len(all_of(source, replace(every, most=count))) == count
