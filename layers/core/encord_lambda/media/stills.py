"""A decoded video frame as a picture."""

from typing import Final

import av
from av.video.frame import VideoFrame
from PIL import Image

from encord_lambda.agents.agent import Picture
from encord_lambda.media.images import LONGEST_SIDE, as_jpeg

_TURNS: Final = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    -180: Image.Transpose.ROTATE_180,
    -90: Image.Transpose.ROTATE_270,
}
"""Degrees counterclockwise, in FFmpeg's and in Pillow's terms; a phone held upright writes -90."""


def still(frame: VideoFrame) -> Picture | None:
    """The frame as it is shown: turned as the file says, at most 2,048 pixels on its longest side.

    None if its pixels are of a kind that FFmpeg cannot convert.
    """
    scale = min(LONGEST_SIDE / max(frame.width, frame.height), 1.0)
    width, height = (max(round(side * scale), 1) for side in (frame.width, frame.height))
    try:
        image: Image.Image = frame.to_image(width=width, height=height, interpolation="AREA")  # type: ignore[no-untyped-call]
    except av.FFmpegError:
        return None
    turn = _TURNS.get(frame.rotation)
    return as_jpeg(image if turn is None else image.transpose(turn))
