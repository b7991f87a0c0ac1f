"""PDFs and texts from signed URLs: what is no document, or too much of one, never reaches a model."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from encord_lambda.agents.agent import Document
from encord_lambda.errors import Reject, Retry
from encord_lambda.media.documents import MOST_PAGES, MOST_PDF_BYTES, MOST_TEXT_BYTES, SignedDocuments
from encord_lambda.media.download import Downloads
from sandbox.artwork import papers

PDF = papers.document(["Cat", "Dog"], 3)


class Site:
    """One file on the loopback interface."""

    def __init__(self, url: str) -> None:
        self.url, self.content, self.status = url, b"", 200


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(found.status)
            self.end_headers()
            self.wfile.write(found.content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Site(f"http://127.0.0.1:{server.server_port}/a?signature")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def documents() -> SignedDocuments:
    return SignedDocuments(Downloads(allow_private=True))


def test_a_pdf_is_taken_whole_with_its_pages(site: Site, documents: SignedDocuments) -> None:
    site.content = PDF

    assert documents.pdf(site.url, 2) == Document(PDF, "application/pdf", 2)


@pytest.mark.parametrize("before", [b"\n", b"\0" * 1000])
def test_a_header_that_is_a_little_late_is_one(site: Site, documents: SignedDocuments, before: bytes) -> None:
    site.content = before + PDF

    assert documents.pdf(site.url, 2).content == site.content


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%pdf-1.7", b"\0" * 1024 + PDF])
def test_what_has_no_header_is_no_pdf(site: Site, documents: SignedDocuments, content: bytes) -> None:
    site.content = content

    with pytest.raises(Reject, match="the media is no PDF: it lacks the header"):
        documents.pdf(site.url, 1)


def test_too_many_pages_are_refused_before_anything_is_read(documents: SignedDocuments) -> None:
    with pytest.raises(Reject, match="the PDF has 101 pages; models are shown up to 100: split it"):
        documents.pdf("http://127.0.0.1:9/", MOST_PAGES + 1)


def test_too_large_a_pdf_is_refused(site: Site, documents: SignedDocuments) -> None:
    site.content = b"%PDF-" + bytes(MOST_PDF_BYTES - 4)

    with pytest.raises(Reject, match="is larger than 20,000,000 bytes"):
        documents.pdf(site.url, 1)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Größe: 3 🐈\n".encode(), "Größe: 3 🐈\n"),
        (b"\xef\xbb\xbfA cat.", "A cat."),
        (b"a" * MOST_TEXT_BYTES, "a" * MOST_TEXT_BYTES),
    ],
)
def test_a_text_is_taken_without_its_byte_order_mark(
    site: Site, documents: SignedDocuments, content: bytes, text: str
) -> None:
    site.content = content

    assert documents.text(site.url) == Document(text.encode(), "text/plain")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the text is empty"),
        (b" \n\t", "the text is empty"),
        (b"\xef\xbb\xbf", "the text is empty"),
        ("Größe".encode("latin-1"), "the text is no UTF-8: byte 0xf6 at 2"),
        ("A cat.".encode("utf-16"), "the text is no UTF-8: byte 0xff at 0"),
        (b"\xf0\x9f\x90", "the text is no UTF-8: byte 0xf0 at 0"),
        (b"a" * (MOST_TEXT_BYTES + 1), "is larger than 200,000 bytes"),
    ],
)
def test_what_is_no_text_or_too_much_is_refused(
    site: Site, documents: SignedDocuments, content: bytes, reason: str
) -> None:
    site.content = content

    with pytest.raises(Reject) as trouble:
        documents.text(site.url)
    assert reason in trouble.value.reason
    assert "signature" not in trouble.value.reason


def test_an_expired_signature_is_tried_again(site: Site, documents: SignedDocuments) -> None:
    site.status = 403

    with pytest.raises(Retry):
        documents.text(site.url)


def test_private_addresses_are_not_read_outside_the_sandbox(site: Site) -> None:
    with pytest.raises(Reject, match="private address"):
        SignedDocuments(Downloads(allow_private=False)).text(site.url)
