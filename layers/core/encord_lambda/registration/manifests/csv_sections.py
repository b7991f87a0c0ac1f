"""The headers of a CSV file: what the rows below them are (import-formats §2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from encord_lambda.registration.manifests.csv_records import Record
from encord_lambda.registration.manifests.entries import Fault
from encord_lambda.registration.manifests.items import DicomSeries, Image, ImageGroup, Video

type Kind = type[Video | Image | ImageGroup | DicomSeries]

URL: Final = "objecturl"
CREATE: Final = "create video"
TITLES: Final[dict[str, Kind]] = {
    "video title": Video,
    "image title": Image,
    "image group title": ImageGroup,
    "dicom title": DicomSeries,
    "series title": DicomSeries,
}
SPELT: Final = {URL: "ObjectURL", CREATE: "Create video"} | {title: title.capitalize() for title in TITLES}
"""Headings as the vendor writes them."""
_EXPECTED: Final = "a header is such as: ObjectURL,Image title"
_OF_TITLES: Final = f"the headings of titles are {', '.join(SPELT[title] for title in TITLES)}"
_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Section:
    """What a header says of the rows below it. `columns` are normalised headings, in their order."""

    header: Record
    columns: tuple[str, ...]
    title: str
    """Heading of the title's column; empty if only URLs stand below, which are then videos."""

    @property
    def kind(self) -> Kind:
        """What is made of the rows."""
        return TITLES.get(self.title, Video)

    @property
    def groups(self) -> bool:
        """Whether rows of one title become one item."""
        return self.kind in (ImageGroup, DicomSeries)


def normalised(cell: str) -> str:
    """A heading as headings are compared.

    >>> normalised("  Image   GROUP title ")
    'image group title'
    """
    return " ".join(cell.split()).casefold()


def is_header(record: Record) -> bool:
    """Whether the record begins a section, be it with a faulty header."""
    return any(normalised(cell) == URL for cell in record.cells)


def section(header: Record) -> Section | Fault:
    """The section that a header begins, or what is wrong with the header: C5, C6 or C7."""
    columns = _columns(header.cells)
    for cell, column in enumerate(columns):
        name = header.cells[cell]
        if column not in SPELT:
            hint = (
                _OF_TITLES if "title" in column else "CSV has no columns for metadata, flags and other types: use JSON"
            )
            return Fault("C5", header.place(cell, name), "is no heading of an import file", hint)
        if column in columns[:cell]:
            return Fault("C6", header.place(cell, name), "is there twice", "remove one of the two")
    titles = [column for column in columns if column in TITLES]
    if len(titles) > 1:
        said = f"{SPELT[titles[0]]} and {SPELT[titles[1]]} cannot both be there"
        return Fault("C6", header.place(columns.index(titles[1]), SPELT[titles[1]]), said, "use a header for each type")
    if CREATE in columns and not titles:
        said = "has no column for titles beside it"
        return Fault("C5", header.place(columns.index(CREATE), SPELT[CREATE]), said, _EXPECTED)
    found = Section(header, columns, titles[0] if titles else "")
    if found.kind is ImageGroup and CREATE not in columns:
        said = "groups of images need a column Create video"
        return Fault("C7", header.place(), said, "true makes sequences, false makes groups")
    return found


def misplaced(record: Record, *, is_first: bool) -> Fault | None:
    """What is wrong with a record that stands where a header should, or that was meant as one: C2, C3 or C4."""
    if is_first and (delimiter := _delimiter(record.cells)):
        said = f"has {_DELIMITERS[delimiter]} between its cells"
        return Fault("C4", record.place(), said, "export it again, with commas", ends_reading=True)
    columns = _columns(record.cells)
    known = next((cell for cell, column in enumerate(columns) if column in TITLES), None)
    if known is not None and "://" not in ",".join(record.cells):
        said = "is a heading, but there is no ObjectURL beside it"
        return Fault("C3", record.place(known, record.cells[known]), said, _EXPECTED)
    if is_first:
        return Fault("C2", record.place(), "is no header, as ObjectURL is not in it", _EXPECTED)
    return None


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    columns = [normalised(cell) for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    return tuple(columns)


def _delimiter(cells: Sequence[str]) -> str | None:
    whole = ",".join(cells)
    for delimiter in _DELIMITERS:
        parts = [normalised(part.strip('"')) for part in whole.split(delimiter)]
        if len(parts) > 1 and (URL in parts or TITLES.keys() & parts):
            return delimiter
    return None
