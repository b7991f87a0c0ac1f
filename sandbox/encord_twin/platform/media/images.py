"""Pictures."""

import io
import struct
import zlib

from PIL import Image

from ..media_facts import Facts, MediaKind
from .undecodable import Undecodable


def inspect(body: bytes) -> Facts:
    """Decode the whole image, so that a truncated one is refused."""
    try:
        with Image.open(io.BytesIO(body)) as image:
            image.verify()
        with Image.open(io.BytesIO(body)) as image:  # verify() leaves an image that cannot be loaded
            image.load()
            kind = Image.MIME.get(image.format or "", "application/octet-stream")
            return Facts(MediaKind.IMAGE, kind, len(body), image.width, image.height)
    # Pillow's plugins raise all of these on damaged input.
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:
        raise Undecodable(f"the file is not a readable image: {error}") from error
    except Image.DecompressionBombError as error:
        raise Undecodable(f"the image is too large: {error}") from error
