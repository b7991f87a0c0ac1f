"""Reading an import manifest that is a CSV file: the whole grammar of import-formats §2, with the faults of §9.3.

What is wrong with several items (duplicates, types that contradict extensions, limits) is for `checked.py` to find.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from encord_lambda.registration import media_types
from encord_lambda.registration.manifests import csv_plain, csv_rows, csv_sections
from encord_lambda.registration.manifests.csv_groups import Groups
from encord_lambda.registration.manifests.csv_records import Block, Record, Records, blocks
from encord_lambda.registration.manifests.csv_rows import Row
from encord_lambda.registration.manifests.csv_sections import CREATE, SPELT, URL, Section
from encord_lambda.registration.manifests.entries import Entry, Fault, InParts, InRuns, Place, Reading, Run
from encord_lambda.registration.manifests.items import Image, ImageGroup, Video


def read(chunks: Iterable[bytes], *, lenient: bool = False) -> Reading:
    """Items and faults as the file is read, whose bytes come in chunks of any sizes.

    Memory grows with the rows of the longest section of groups, which come when the section ends, and with nothing
    else. A faulty row costs its item, or its group; a faulty header the rows below it. `lenient` takes a video among
    images, or the other way round, for what its extension says, with a warning (§9.5).
    """
    return InRuns(_Reader(lenient=lenient).read(chunks))


class _Reader:
    def __init__(self, *, lenient: bool) -> None:
        self._lenient = lenient
        self._records = Records()
        self._section: Section | None = None
        self._groups: Groups | None = None
        self._rows = 0
        """Of the section, faulty ones included."""
        self._is_empty = True
        self._is_over = False
        """Whether nothing after a fault can be read."""
        self._lacking: Section | None = None
        """First section without a column Create video."""
        self._sequences: Section | None = None
        """First section that makes sequences."""

    def read(self, chunks: Iterable[bytes]) -> InParts:
        for block in blocks(chunks):
            yield from self._block(block)
            if self._is_over:
                return
        yield from self._end_section()
        if self._is_empty:
            yield Fault("C1", Place(1), "is empty", "the first line is a header: ObjectURL,Image title")

    def _block(self, block: Block) -> InParts:
        text = self._records.feed(block)
        if run := self._plain(text):
            self._records.taken(len(run.items))
            self._rows += len(run.items)
            yield run
            return
        for found in self._records.parsed(is_last=block.is_last):
            self._is_empty = False
            if isinstance(found, Fault):
                yield self._unreadable(found)
            else:
                yield from self._record(found)
            if self._is_over:
                return

    def _plain(self, text: str) -> Run | None:
        if self._section is None or self._lenient:
            return None
        return csv_plain.run(text, self._section, self._records.line, self._records.number)

    def _unreadable(self, fault: Fault) -> Fault:
        self._rows += 1
        self._is_over = fault.ends_reading
        return self._groups.doubt(fault) if self._groups else fault

    def _record(self, record: Record) -> Reading:
        if csv_sections.is_header(record):
            yield from self._end_section()
            yield from self._begin_section(record)
        elif fault := csv_sections.misplaced(record, is_first=record.number == 1):
            yield from self._end_section()
            self._is_over = fault.ends_reading
            yield fault
        elif self._section:
            self._rows += 1
            yield from self._row(Row(record, self._section))

    def _begin_section(self, header: Record) -> Iterator[Fault]:
        found = csv_sections.section(header)
        if isinstance(found, Section) and CREATE not in found.columns:
            if self._sequences:
                found = _lacks_column(header, f"line {self._sequences.header.line} makes sequences")
            else:
                self._lacking = self._lacking or found
        if isinstance(found, Fault):
            yield replace(found, said=f"{found.said}; the rows below it are left out")
            return
        self._section, self._rows = found, 0
        self._groups = Groups(found) if found.groups else None

    def _end_section(self) -> Reading:
        section, groups = self._section, self._groups
        self._section = self._groups = None
        if section and not self._rows:
            hint = "add the rows, or remove the header"
            yield Fault("C8", section.header.place(), "is a header with no rows below it", hint)
        if section and groups:
            yield from self._grouped(section, groups)

    def _grouped(self, section: Section, groups: Groups) -> Reading:
        is_told = False
        for found in groups.ended():
            if isinstance(found, Fault) or not _is_sequence(found):
                yield found
                continue
            self._sequences = self._sequences or section
            if self._lacking is None:
                yield found
            elif not is_told:
                is_told = True
                said = f"the section of line {self._lacking.header.line} has none; the sequences below are left out"
                yield _lacks_column(section.header, said)

    def _row(self, row: Row) -> Reading:
        faults = list(csv_rows.faults(row))
        is_sound = all(fault.is_warning for fault in faults)
        if self._groups and not is_sound:
            yield from (fault if fault.is_warning else self._groups.spoil(row, fault) for fault in faults)
            return
        yield from faults
        if self._groups:
            yield from self._groups.add(row)
        elif is_sound:
            yield from self._single(row)

    def _single(self, row: Row) -> Reading:
        kind = row.section.kind
        if self._lenient and (other := _by_extension(row)) and other is not kind:
            kind = other
            said = f"is taken for one of the {other.section}, as its extension says"
            yield Fault("C21", row.place(URL), said, is_warning=True)
        item = kind.model_validate({"object_url": row.url, "title": row.title or None})
        yield Entry(item, row.record.place())


def _lacks_column(header: Record, why: str) -> Fault:
    said = f"if sequences are made, all sections need a column {SPELT[CREATE]}, and {why}"
    return Fault("C15", header.place(), said, "add the column to all headers, and false to the rows")


def _is_sequence(entry: Entry) -> bool:
    return isinstance(entry.item, ImageGroup) and entry.item.create_video


def _by_extension(row: Row) -> type[Image | Video] | None:
    found = media_types.by_extension(row.key)
    kinds: dict[str, type[Image | Video]] = {"images": Image, "videos": Video}
    return kinds.get(found.section) if found else None
