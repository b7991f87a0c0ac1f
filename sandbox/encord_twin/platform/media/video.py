"""Moving pictures."""

import io

import av

from ..media_facts import Facts, MediaKind
from .containers import check_length
from .undecodable import Undecodable

# By container. FFmpeg would also play single pictures, and PDFs with pictures in them: those are no videos here.
MIME_TYPES = {
    "mov,mp4,m4a,3gp,3g2,mj2": "video/mp4",
    "matroska,webm": "video/webm",
    "avi": "video/x-msvideo",
    "mpeg": "video/mpeg",
    "mpegts": "video/mp2t",
}


def inspect(body: bytes) -> Facts:
    """Decode every frame: `frames` is how many there are, not how many the header promises.

    `duration` is the frames' at the average rate, so that both always agree.
    """
    check_length(body)
    try:
        with av.open(io.BytesIO(body), mode="r") as container:
            mime_type = MIME_TYPES.get(container.format.name)
            if not container.streams.video or mime_type is None:
                raise Undecodable("the file is not a readable video: it has no video track")
            stream = container.streams.video[0]
            promised, rate = stream.frames, stream.average_rate
            frames = sum(1 for _ in container.decode(stream))
            width, height = stream.width, stream.height
    except (av.FFmpegError, ValueError) as error:
        raise Undecodable(f"the file is not a readable video: {error}") from error
    if not frames or not rate:
        raise Undecodable("the file is not a readable video: it has no frames")
    if frames < promised:
        raise Undecodable(f"the file is not a readable video: it ends after {frames} of {promised} frames")
    fps = float(rate)
    return Facts(MediaKind.VIDEO, mime_type, len(body), width, height, frames, fps, frames / fps)
