"""Number of a PDF's pages."""

import re
from typing import Final

import pypdf
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import DictionaryObject, NumberObject

from encord_lambda.errors import Reject
from encord_lambda.media.probing.ranged_file import SMALL, Fetch, RangedFile
from encord_lambda.registration.manifests.items import PdfMetadata

MOST_PAGES: Final = 100_000
_MOST_INFLATED: Final = 10_000_000
_MOST_ENTRIES: Final = 200_000
_LINEARIZED: Final = re.compile(rb"<<[^>]*/Linearized\b[^>]*>>")
_NUMBER: Final = rb"/%b\s+(\d{1,12})\b"
_ERRORS: Final = (
    PyPdfError,
    DependencyError,
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    RecursionError,
    OverflowError,
    AssertionError,
    NotImplementedError,
)
"""Besides its own errors, pypdf lets these through on damaged files."""


def pdf_metadata(size: int, fetch: Fetch, first: bytes) -> PdfMetadata:
    """The number of pages: of those in the page tree if all of the file is small, else the one its root tells.

    Raises:
        Reject: It is no readable PDF, or what tells its pages is not at its end; its beginning is only looked at where
            it is "linearised" (ISO 32000-1, annex F), which says it there.
    """
    file = RangedFile(size, fetch, first, SMALL)
    pages = _linearized(file.known(0), size) or _in_tree(file)
    if not 0 < pages <= MOST_PAGES:
        raise Reject(f"it is a PDF of {pages:,} pages; from 1 to {MOST_PAGES:,} are read: let Encord read it")
    return PdfMetadata(file_size=size, num_pages=pages)


def _linearized(head: bytes, size: int) -> int:
    """The pages of a file that was linearised and not changed since; 0 if it is none."""
    found = _LINEARIZED.search(head[:1024])
    length, pages = (_number(found[0], name) if found else 0 for name in (b"L", b"N"))
    return pages if length == size else 0


def _number(dictionary: bytes, name: bytes) -> int:
    found = re.search(_NUMBER % name, dictionary)
    return int(found[1]) if found else 0


def _in_tree(file: RangedFile) -> int:
    is_small = file.size <= file.budget.total
    file.load(0 if is_small else file.size - file.left, file.size)
    bounded = pypdf.apply_configuration(
        zlib_maximum_output_length=_MOST_INFLATED, stream_decoding_work_maximum_length=_MOST_INFLATED
    )
    with file.parsed("PDF", *_ERRORS), bounded:
        # Strictly: a lenient reader looks for every object all over the file, and mends what is cut off.
        reader = pypdf.PdfReader(file.binary(), strict=True, xref_stream_maximum_entries=_MOST_ENTRIES)
        return len(reader.pages) if is_small else _told(reader)


def _told(reader: pypdf.PdfReader) -> int:
    root = reader.root_object["/Pages"].get_object()
    count = root["/Count"] if isinstance(root, DictionaryObject) else None
    if not isinstance(count, NumberObject):
        raise ValueError("its page tree has no count")
    return int(count)
