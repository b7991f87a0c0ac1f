"""Videos from signed URLs: fetched once, read frame by frame, two at a time."""

import errno
import io
import subprocess
import sys
import threading
from typing import BinaryIO

import pytest
from PIL import Image

from encord_lambda.agents.agent import Picture
from encord_lambda.agents.sampling import Frame, Sampling
from encord_lambda.errors import Reject, Retry
from encord_lambda.media.download import Downloads
from encord_lambda.media.video import AT_ONCE, MAX_BYTES, SignedVideos
from tests.adapters.clips import H264, clip, even, read
from tests.adapters.test_video_bad_input import damaged
from tests.adapters.test_video_frames import made

URL = "https://b.s3.amazonaws.com/clip.mp4"


class Handed(Downloads):
    """Hands out one content, or fails, and keeps what was asked for."""

    def __init__(self, content: bytes | Exception) -> None:
        super().__init__(allow_private=False)
        self.content = content
        self.asked: list[tuple[str, int]] = []

    def write(self, url: str, target: BinaryIO, ceiling: int) -> None:
        self.asked.append((url, ceiling))
        if isinstance(self.content, Exception):
            raise self.content
        target.write(self.content)


def videos(kind: str = "h264") -> SignedVideos:
    return SignedVideos(Handed(made(kind, "variable")))


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


def test_what_reads_no_video_does_not_load_ffmpeg() -> None:
    """Loading its libraries takes longer than all else at a cold start."""
    script = "import sys, encord_lambda.media.video; print('av' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout == b"False\n"


def test_a_sample_is_frames_with_pictures_in_order() -> None:
    frames = list(videos().sample(URL, Sampling(every_frames=20)))

    assert [(frame.number, read(frame.picture)) for frame in frames] == [(0, 0), (20, 20), (40, 40)]
    assert {frame.picture.mime_type for frame in frames if frame.picture} == {"image/jpeg"}


@pytest.mark.parametrize("number", [0, 7, 31, 49])
@pytest.mark.parametrize("kind", ["h264", "vp9", "mpeg4"])
def test_a_single_frame_is_read_by_its_number(kind: str, number: int) -> None:
    assert read(videos(kind).read(URL, number)) == number


@pytest.mark.parametrize("number", [-1, 50])
def test_a_frame_the_video_does_not_have_is_refused(number: int) -> None:
    with pytest.raises(Reject, match=f"^the video has no frame {number}: its last is 49$"):
        videos().read(URL, number)


def test_a_single_frame_that_is_damaged_is_refused() -> None:
    with pytest.raises(Reject, match=r"^frame 12 of the video is damaged$"):
        SignedVideos(Handed(damaged(made("vp9", "constant"), 12))).read(URL, 12)


def test_a_damaged_frame_of_a_sample_comes_without_a_picture() -> None:
    frames = SignedVideos(Handed(damaged(made("vp9", "constant"), 12))).sample(URL, Sampling(every_frames=12))

    assert [read(frame.picture) for frame in frames] == [0, None, 24, 36, 48]


def test_a_video_of_which_nothing_decodes_is_refused() -> None:
    frames = SignedVideos(Handed(damaged(made("h264, one group", "constant"), 0))).sample(URL, Sampling(every_frames=9))

    assert next(frames) == Frame(0, None)
    with pytest.raises(Reject, match=r"^not one frame of the video can be decoded$"):
        list(frames)


def test_a_video_is_fetched_once_and_never_beyond_the_ceiling() -> None:
    downloads = Handed(made("h264", "constant"))

    list(SignedVideos(downloads).sample(URL, Sampling(every_seconds=0.1)))

    assert downloads.asked == [(URL, MAX_BYTES)]


def test_what_the_download_says_is_passed_on() -> None:
    with pytest.raises(Reject, match="larger"):
        SignedVideos(Handed(Reject("larger than it may be"))).read(URL, 0)


def test_a_full_disk_may_be_free_later() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Retry, match=r"^no room for a video: No space left on device; give the function more Ephemeral"):
        SignedVideos(Handed(full)).read(URL, 0)


def test_a_large_frame_is_scaled_to_what_models_see() -> None:
    wide = SignedVideos(Handed(clip(H264, [0], size=(2560, 320)))).read(URL, 0)

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
    image = opened(SignedVideos(Handed(turned(degrees))).read(URL, 1)).convert("L")
    middle = (image.width // 2, image.height // 2)
    bars = {90: (middle[0], 5), 180: (image.width - 5, middle[1]), 270: (middle[0], image.height - 5)}

    assert image.size == ((128, 64) if degrees == 180 else (64, 128))
    assert [at for at, spot in bars.items() if image.getpixel(spot) > 127] == [degrees]  # type: ignore[operator]


def test_no_more_videos_are_read_at_once_than_have_room() -> None:
    """The first two hold a place each until they are read to the end, or dropped."""
    source = videos()
    reading = [source.sample(URL, Sampling(every_frames=10)) for _ in range(AT_ONCE)]
    for frames in reading:
        next(frames)
    third: list[Picture] = []
    waiting = threading.Thread(target=lambda: third.append(source.read(URL, 3)))
    waiting.start()
    assert not source._turn.acquire(blocking=False)
    assert third == []

    del frames
    reading.pop()
    waiting.join(timeout=30)

    assert [read(picture) for picture in third] == [3]
