"""PDFs and texts from signed URLs, checked to be what they claim before a model is paid to read them."""

import io
from typing import Final

from encord_lambda.agents.agent import Document
from encord_lambda.errors import Reject
from encord_lambda.media.download import Downloads

MOST_PDF_BYTES: Final = 20_000_000
"""OpenAI takes 50 MB a request (its guide, "File inputs"); in base64 this is 27 MB."""
MOST_PAGES: Final = 100
MOST_TEXT_BYTES: Final = 200_000
"""Some 50,000 tokens: a model that takes 128,000 has room for the questions."""
_HEADER: Final = b"%PDF-"
_HEADER_WITHIN: Final = 1024
"""Readers look for the header in so many bytes (ISO 32000-1, annex H.3)."""


class SignedDocuments:
    """Reads documents; safe to share between threads."""

    def __init__(self, downloads: Downloads) -> None:
        self._downloads = downloads

    def pdf(self, url: str, pages: int) -> Document:
        """The PDF at `url`, whole.

        Raises:
            Retry: It cannot be reached now.
            Reject: It is no PDF, above 20 MB or 100 pages, or at an address that may not be read.
        """
        if pages > MOST_PAGES:
            raise Reject(f"the PDF has {pages:,} pages; models are shown up to {MOST_PAGES}: split it")
        content = self._read(url, MOST_PDF_BYTES)
        if _HEADER not in content[:_HEADER_WITHIN]:
            raise Reject("the media is no PDF: it lacks the header")
        return Document(content, "application/pdf", pages)

    def text(self, url: str) -> Document:
        """The text at `url`, whole.

        Raises:
            Retry: It cannot be reached now.
            Reject: It is no UTF-8, empty, above 200 kB, or at an address that may not be read.
        """
        content = self._read(url, MOST_TEXT_BYTES)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Reject(f"the text is no UTF-8: byte 0x{content[error.start]:02x} at {error.start:,}") from None
        if not text.strip():
            raise Reject("the text is empty")
        return Document(text.encode(), "text/plain")

    def _read(self, url: str, ceiling: int) -> bytes:
        content = io.BytesIO()
        self._downloads.write(url, content, ceiling)
        return content.getvalue()
