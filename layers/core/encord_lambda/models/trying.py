"""Whether a model is there, without asking it anything that costs; for `encord-lambda doctor`."""

import io
from difflib import get_close_matches

from openai import NotFoundError, OpenAI
from PIL import Image

from encord_lambda.agents.agent import Picture
from encord_lambda.errors import Misconfigured
from encord_lambda.models.openai_trouble import translated

_ALIKE = 5
"""Models that are named in place of one that there is not."""
_SIDE = 64
"""Pixels of the grey picture that detectors are shown."""


def look_up(name: str, api_key: str, base_url: str, timeout: float) -> str:
    """What the endpoint says of a model, in words. OpenAI's does so for nothing.

    Raises:
        Misconfigured: The key is refused, there is no such model, or the endpoint says nothing of its models.
        Retry: It cannot be reached.
    """
    if not api_key.isascii():
        raise Misconfigured(f"{name} cannot be asked: the OpenAI key has characters that no key has")
    with OpenAI(api_key=api_key, base_url=base_url, max_retries=0, timeout=timeout) as client, translated(name):
        try:
            client.models.retrieve(name.removeprefix("openai:"))
        except NotFoundError:
            raise Misconfigured(_unknown(name, base_url, client)) from None
    return f"{base_url} has it"


def grey_picture() -> Picture:
    """Nothing is to be seen in it."""
    written = io.BytesIO()
    Image.new("RGB", (_SIDE, _SIDE), "grey").save(written, "JPEG")
    return Picture(written.getvalue(), "image/jpeg", _SIDE, _SIDE)


def _unknown(name: str, base_url: str, client: OpenAI) -> str:
    """Whether the model is not there, or the endpoint is none."""
    try:
        known = [one.id for one in client.models.list()]
    except NotFoundError:
        return f"{name}: {base_url} tells of no models; is OpenAiBaseUrl right?"
    alike = get_close_matches(name.removeprefix("openai:"), known, _ALIKE)
    return f"{name}: {base_url} has no such model; it has {len(known):,}, alike are: {', '.join(alike) or 'none'}"
