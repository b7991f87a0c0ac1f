"""The rows of a section: cells that are sound one by one (import-formats §9.3)."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from encord_lambda.registration.manifests import addresses
from encord_lambda.registration.manifests.addresses import BadAddress
from encord_lambda.registration.manifests.characters import CONTROL
from encord_lambda.registration.manifests.csv_records import Record
from encord_lambda.registration.manifests.csv_sections import CREATE, SPELT, URL, Section
from encord_lambda.registration.manifests.entries import WARNING, Fault, Place
from encord_lambda.registration.manifests.items import DicomSeries, ImageGroup

LONGEST_TITLE: Final = 300
"""Characters (import-formats §7)."""
_RESIDUE: Final = re.compile(r"=|#(?:REF|N/A|NAME|VALUE|NULL|NUM|DIV/0|SPILL|CALC)[!?]?", re.IGNORECASE)
_TRUE_OR_FALSE: Final = {"true": True, "false": False, "": True}
"""Blank is true in CSV, other than in JSON."""


class Row(NamedTuple):
    """A row as it is; whether it can be taken, `faults` of it say."""

    record: Record
    section: Section

    @property
    def url(self) -> str:
        """As it is written."""
        return self._cell(URL)

    @property
    def title(self) -> str:
        """As it is written; empty if it is blank, or if there is no column for it."""
        title = self._cell(self.section.title)
        return title if title.strip() else ""

    @property
    def name(self) -> str:
        """The title; of a series without one, the name of its file.

        Raises:
            BadAddress: There is no title, and the URL is none.
        """
        if self.title or self.section.kind is not DicomSeries:
            return self.title
        return self.key.rpartition("/")[2]

    @property
    def key(self) -> str:
        """Of its object in the bucket.

        Raises:
            BadAddress: The URL is none.
        """
        return addresses.recognised(self.url).key

    @property
    def creates_video(self) -> bool | None:
        """Whether its group is a sequence; None if the cell is neither true nor false."""
        return _TRUE_OR_FALSE.get(self._cell(CREATE).casefold()) if CREATE in self.section.columns else False

    def place(self, column: str, offset: int = 0) -> Place:
        """Of one of its cells."""
        return self.record.place(self.section.columns.index(column), SPELT[column], offset)

    def _cell(self, column: str) -> str:
        cells = dict(zip(self.section.columns, self.record.cells, strict=False))
        return cells.get(column, "")


def faults(row: Row) -> Iterator[Fault]:
    """What is wrong with the cells of a row, and warnings. After C9, its cells cannot be told apart."""
    cells, width = row.record.cells, len(row.section.columns)
    if len(cells) < width or any(cells[width:]):
        filled = max((number for number, cell in enumerate(cells, 1) if cell), default=0)
        count = max(filled, min(len(cells), width))
        said = f"has {count} {'cell' if count == 1 else 'cells'}, but the header {width}"
        few, many = "write a comma for each empty cell", 'a comma in a title or URL? Put it in quotes: "a, b"'
        yield Fault("C9", row.record.place(), said, few if count < width else many)
        return
    of_url = [*_of_url(row)]
    yield from of_url
    if all(fault.is_warning for fault in of_url):
        yield from _of_title(row)
    yield from _of_create(row)


def _of_url(row: Row) -> Iterator[Fault]:
    if not row.url.strip():
        yield Fault("C10", row.place(URL), "is blank", "write the URL, or empty the whole row")
    elif residue := _RESIDUE.match(row.url):
        said = "is a formula" if residue[0] == "=" else f"is the spreadsheet's error {residue[0]}"
        yield Fault("C22", row.place(URL), said, "export the values, not the formulas")
    else:
        try:
            warnings = addresses.recognised(row.url).warnings
        except BadAddress as bad:
            yield Fault(bad.code, row.place(URL, bad.column - 1), str(bad), bad.hint)
        else:
            yield from (Fault(WARNING, row.place(URL), said, is_warning=True) for said in warnings)


def _of_title(row: Row) -> Iterator[Fault]:
    if row.section.kind is ImageGroup and not row.title:
        said, hint = "is blank, but decides which group the image is in", "give each image the title of its group"
        yield Fault("C11", row.place(row.section.title), said, hint)
    elif len(row.name) > LONGEST_TITLE:
        said = f"has {len(row.name)} characters, Encord allows {LONGEST_TITLE}"
        yield Fault("J18", row.place(row.section.title), said, "use a shorter one")
    elif control := CONTROL.search(row.name):
        said = f"has the control character U+{ord(control[0]):04X} in it"
        yield Fault("J18", row.place(row.section.title, control.start() if row.title else 0), said, "remove it")


def _of_create(row: Row) -> Iterator[Fault]:
    if row.creates_video is None:
        yield Fault("C12", row.place(CREATE), "is neither true nor false", "write true or false")
    elif row.creates_video and row.section.kind is not ImageGroup:
        yield Fault("C14", row.place(CREATE), "must be false where no sequence is made; blank is true", "write false")
