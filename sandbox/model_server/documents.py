"""A stand-in for reading: a PDF's pages are looked at, and words are searched for the animals' names.

No language is understood. A text speaks of each kind as often as it names it; half a time is added to each kind, a
whole to anything else, and the shares of these are the probabilities.
"""

import base64
import binascii
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdf
from PIL import Image
from pypdf.errors import PyPdfError

from sandbox.artwork import KINDS
from sandbox.model_server.animals import Sight
from sandbox.model_server.refusals import RequestError

MOST_PAGES = 20  # the rest is not looked at
_HEAD = "data:application/pdf;base64,"
BLANK = Image.new("RGB", (64, 64), "white")


@dataclass(frozen=True, slots=True)
class Paper:
    """What a PDF has to look at and to read."""

    pictures: tuple[Image.Image, ...]
    words: str


def open_pdf(url: str) -> Paper:
    """The PDF in a data: URL; raises `RequestError` if it is none."""
    try:
        if not url.startswith(_HEAD):
            raise _bad(f"expected {_HEAD}…")
        pages = pypdf.PdfReader(io.BytesIO(base64.b64decode(url.removeprefix(_HEAD), validate=True))).pages
        shown = pages[: min(len(pages), MOST_PAGES)]
        pictures = tuple(image for page in shown for image in _pictures(page))
        return Paper(pictures, "\n".join(page.extract_text() for page in shown))
    # Besides its own errors, pypdf lets these through on damaged input.
    except (PyPdfError, binascii.Error, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise _bad("not a PDF we can read") from error


def read(words: str) -> Sight:
    """What a text is about, by the animals' names in it; one that names none is about something else."""
    named = {kind: len(re.findall(rf"\b{kind}s?\b", words, re.IGNORECASE)) + 0.5 for kind in KINDS}
    weights = named | {"Other": 1.0}
    return Sight({kind: weight / sum(weights.values()) for kind, weight in weights.items()}, ())


def _pictures(page: pypdf.PageObject) -> Iterator[Image.Image]:
    for found in page.images:
        if found.image is not None:
            yield found.image.convert("RGB")


def _bad(reason: str) -> RequestError:
    return RequestError(400, f"Invalid file: {reason}.", code="invalid_file", param="file")
