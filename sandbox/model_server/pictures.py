"""Get pictures safely: from base64, a data: URL, or a file served on this very machine."""

import base64
import binascii
import io
from urllib.parse import urlsplit

import httpx
from PIL import Image

from sandbox.model_server.refusals import RequestError

MOST_PIXELS = 40_000_000
MOST_BYTES = 30_000_000
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


async def fetch(url: str) -> Image.Image:
    """Decode the picture behind a data: URL or this machine's http URL; raises `RequestError` otherwise."""
    if url.startswith("data:"):
        head, _, payload = url.partition(",")
        if not head.endswith(";base64"):
            raise _bad("a data: URL must be base64-encoded")
        return from_base64(payload)
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise _bad("only data: URLs and http URLs of this machine are fetched")
    return decode(await _download(url))


def from_base64(text: str) -> Image.Image:
    """Decode a picture from base64 text; raises `RequestError` if it is none."""
    try:
        return decode(base64.b64decode(text, validate=True))
    except binascii.Error as error:
        raise _bad("not valid base64") from error


def decode(data: bytes) -> Image.Image:
    """Decode a PNG, JPEG, WebP or GIF (its first frame) to RGB; the size is checked before any pixel is."""
    if len(data) > MOST_BYTES:
        raise _bad(f"more than {MOST_BYTES} bytes")
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "GIF"))
        if image.width * image.height > MOST_PIXELS:
            raise _bad(f"{image.width} x {image.height} is more than {MOST_PIXELS} pixels")
        return image.convert("RGB")
    # Pillow's decoders raise all of these on damaged files.
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _bad("not a picture we can read") from error


async def _download(url: str) -> bytes:
    try:
        # No proxies, no redirects: both could lead off this machine.
        async with (
            httpx.AsyncClient(trust_env=False, timeout=10) as client,
            client.stream("GET", url) as reply,
        ):
            if reply.status_code != 200:
                raise _bad(f"the URL answered {reply.status_code}")
            data = bytearray()
            async for chunk in reply.aiter_bytes():
                data += chunk
                if len(data) > MOST_BYTES:
                    raise _bad(f"more than {MOST_BYTES} bytes")
            return bytes(data)
    except httpx.HTTPError as error:
        raise _bad("the URL could not be fetched") from error


def _bad(reason: str) -> RequestError:
    return RequestError(400, f"Invalid image: {reason}.", code="invalid_image", param="image")
