"""Open video files, without letting FFmpeg open anything itself.

It reads a file that is already open; no protocol is allowed, and the formats that Encord takes (MP4, MOV, WebM, MKV)
are the only ones, so that no playlist in disguise leads it elsewhere.
"""

from typing import BinaryIO, Final

import av
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from encord_lambda.errors import Reject
from encord_lambda.media.cut_off import is_cut_off

MAX_PIXELS: Final = 10_000_000
"""Of one frame. 4K has 8.8 million; a decoder keeps up to 17 frames, so this is what bounds its memory."""
FORMATS: Final = {"format_whitelist": "mov,matroska", "protocol_whitelist": "none"}
_DECODER: Final = {"max_pixels": str(MAX_PIXELS)}
"""For the decoder too, since frames may change their size on the way."""


def opened(file: BinaryIO) -> tuple[InputContainer, VideoStream]:
    """The video in a file, and its stream, with a decoder that is ready.

    Raises:
        Reject: It is no video, cut off, or too large in pixels.
    """
    if is_cut_off(file):
        raise Reject("the video ends in the middle: upload the whole file")
    file.seek(0)
    try:
        container = av.open(file, "r", options=FORMATS | _DECODER)
    except av.FFmpegError as error:
        raise Reject(f"the media is no readable MP4, MOV, WebM or MKV: {error.strerror}") from None
    try:
        return container, _video_stream(container)
    except Reject:
        container.close()
        raise


def _video_stream(container: InputContainer) -> VideoStream:
    """The first video stream that is no cover picture; the others are not even read."""
    videos = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not videos:
        raise Reject("the media has no video in it")
    _open_decoder(videos[0])
    for stream in container.streams:
        stream.discard = Discard.default if stream is videos[0] else Discard.all
    return videos[0]


def _open_decoder(stream: VideoStream) -> None:
    decoder = stream.codec_context
    if not decoder:
        raise Reject("the video is encoded in a way that FFmpeg cannot decode: convert it to H.264")
    if not 0 < decoder.width * decoder.height <= MAX_PIXELS:  # no size: not even the first frame was small enough
        raise Reject(f"the video's frames have more than {MAX_PIXELS:,} pixels: scale it down to 4K")
    decoder.options = _DECODER
    try:
        decoder.open(strict=False)
    except av.FFmpegError as error:
        raise Reject(f"the video's decoder settings are damaged: {error.strerror}") from None
