"""PDF and text."""

import io
import mimetypes
from urllib.parse import urlsplit

import pypdf
from pypdf.errors import PyPdfError

from ..media_facts import Facts, MediaKind
from .undecodable import Undecodable


def inspect_pdf(body: bytes) -> Facts:
    """Read every page's entry; strictly, for a lenient reader repairs what is cut off."""
    try:
        pages = len(pypdf.PdfReader(io.BytesIO(body), strict=True).pages)
    # Besides its own errors, pypdf lets these through on damaged input.
    except (PyPdfError, ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise Undecodable(f"the file is not a readable PDF: {error}") from error
    if not pages:
        raise Undecodable("the file is not a readable PDF: it has no pages")
    return Facts(MediaKind.PDF, "application/pdf", len(body), frames=pages)


def inspect_text(body: bytes, url: str) -> Facts:
    """Decode it as UTF-8; the MIME type is what the name says, or plain."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Undecodable(f"the file is not UTF-8 text: {error.reason} at byte {error.start}") from error
    if "\0" in text:
        raise Undecodable("the file is not text: it has a NUL character")
    guess = mimetypes.guess_type(urlsplit(url).path)[0] or "text/plain"
    return Facts(MediaKind.PLAIN_TEXT, guess, len(body))
