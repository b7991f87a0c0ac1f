"""PDFs are described from their ends as reading them whole would."""

import io
import re
import zlib
from functools import cache

import pypdf
import pytest

from sandbox.artwork.papers import document
from tests.adapters.probed import SMALL, probe, refusal


def written(pages: int, padding: int = 0, behind: int = 0) -> bytes:
    """A PDF with classic cross-references; its pages are written first, their tree and the catalogue last.

    There are so many bytes before its pages, and behind the first.
    """
    objects = [b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>" % (pages + 1)] * pages
    kids = b" ".join(b"%d 0 R" % number for number in range(1, pages + 1))
    objects += [b"<</Type/Pages/Count %d/Kids[%b]>>" % (pages, kids), b"<</Type/Catalog/Pages %d 0 R>>" % (pages + 1)]
    body, places = b"%PDF-1.4\n%" + b"x" * padding + b"\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n%%%b\n" % (number, content, b"x" * behind)
        behind = 0
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return body + table + rows + trailer % (len(objects) + 1, len(objects), len(body))


def compressed(pages: int, padding: int = 0) -> bytes:
    """A PDF 1.5: its objects are in a compressed stream, and so are its cross-references."""
    objects = [b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>" % (pages + 1)] * pages
    kids = b" ".join(b"%d 0 R" % number for number in range(1, pages + 1))
    objects += [b"<</Type/Pages/Count %d/Kids[%b]>>" % (pages, kids), b"<</Type/Catalog/Pages %d 0 R>>" % (pages + 1)]
    holder, table = len(objects) + 1, len(objects) + 2
    places, packed = [], b""
    for number, content in enumerate(objects, 1):
        places.append(b"%d %d" % (number, len(packed)))
        packed += content + b"\n"
    head = b" ".join(places) + b"\n"
    stream = zlib.compress(head + packed)
    body = b"%PDF-1.5\n%" + b"x" * padding + b"\n"
    at_holder = len(body)
    body += b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n" % (
        *(holder, len(objects), len(head), len(stream), stream),
    )
    rows = b"\0\0\0\0\0\xff\xff"
    rows += b"".join(b"\2" + holder.to_bytes(4) + index.to_bytes(2) for index in range(len(objects)))
    rows += b"\1" + at_holder.to_bytes(4) + bytes(2) + b"\1" + len(body).to_bytes(4) + bytes(2)
    entries = zlib.compress(rows)
    at = len(body)
    body += (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\n"
        % (*(table, table + 1, holder - 1, len(entries), entries),)
    )
    return body + b"endobj\nstartxref\n%d\n%%%%EOF\n" % at


def linearized(pages: int, padding: int = 0) -> bytes:
    """A PDF that tells its pages at once; only this much of being linearised is in it."""
    plain = written(pages, padding + 100)
    told = b"9999 0 obj <</Linearized 1/L %d/O 3/N %d/H[1 2]/E 5/T 6>> endobj\n" % (len(plain), pages)
    return plain[:9] + told + b"%" + plain[9 + len(told) + 1 :]


@cache
def counted(body: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(body), strict=True).pages)


PDFS = {
    "classic": written(3),
    "compressed": compressed(3),
    "linearised": linearized(3),
    "many pages": written(300),
    "many pages, compressed": compressed(300),
    "of pictures": document(["Cat", "Dog"], 1),
    "classic, large": written(7, 2_000_000),
    "compressed, large": compressed(7, 2_000_000),
    "linearised, large": linearized(7, 2_000_000),
    "pages all over the file": written(7, 1_000_000, 1_000_000),
}


@pytest.mark.parametrize("first", [300, 1024, 64 * 1024])
@pytest.mark.parametrize("name", PDFS)
def test_pages_are_counted_as_in_the_whole_file(name: str, first: int) -> None:
    body = PDFS[name]
    found = probe("paper.pdf", body, first)

    assert found.found.num_pages == counted(body)
    assert found.found.file_size == len(body)
    assert (found.requests, found.total <= SMALL[1]) == (min(2, found.requests), True)


def test_a_linearised_file_takes_no_request() -> None:
    assert probe("paper.pdf", PDFS["linearised, large"]).requests == 1


def test_a_linearised_file_that_was_added_to_is_not_believed() -> None:
    body = PDFS["linearised, large"]
    size = len(body)
    at = written(9)
    body += re.sub(rb"\d+ 00000 n", lambda row: b"%010d 00000 n" % (int(row[0][:10]) + size), at)
    body = body.replace(
        b"startxref\n%d\n%%%%EOF\n" % at.index(b"xref\n"), b"startxref\n%d\n%%%%EOF\n" % (size + at.index(b"xref\n"))
    )

    assert probe("paper.pdf", body).found.num_pages == 9


def test_a_page_tree_in_the_middle_is_refused() -> None:
    body = written(2)
    at = body.index(b"xref\n")
    padded = body[:at] + b"%" + b"x" * 600_000 + b"\n" + body[at:]
    moved = padded.replace(b"startxref\n%d\n" % at, b"startxref\n%d\n" % (at + 600_002))
    assert counted(moved) == 2

    assert "spread over more than 256 KB" in refusal("paper.pdf", moved, 50)


def test_a_bomb_in_a_stream_is_refused() -> None:
    bomb = zlib.compress(bytes(60_000_000), 9)
    body = b"%PDF-1.5\n"
    body += b"1 0 obj\n<</Type/XRef/Size 9/W[1 4 2]/Root 2 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(bomb)
    body += bomb + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"

    assert "no readable PDF" in refusal("paper.pdf", body)


@pytest.mark.parametrize("at", [0.2, 0.5, 0.95])
@pytest.mark.parametrize("name", ["classic", "compressed", "classic, large"])
def test_a_pdf_that_is_cut_off_is_refused(name: str, at: float) -> None:
    body = PDFS[name]

    assert "cannot be described" in refusal("paper.pdf", body[: int(len(body) * at)])


@pytest.mark.parametrize("count", [b"-3", b"0", b"999999999", b"/No", b"[1]"])
def test_a_count_that_cannot_be_is_refused(count: bytes) -> None:
    body = written(7, 2_000_000).replace(b"/Count 7", b"/Count " + count)
    shift = len(count) - 1
    at = written(7, 2_000_000).rindex(b"xref\n0")
    body = body.replace(b"startxref\n%d" % at, b"startxref\n%d" % (at + shift))

    assert "cannot be described" in refusal("paper.pdf", body)
