"""A CSV file as its records, read in blocks of whole lines, so that memory does not grow with it."""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from encord_lambda.registration.manifests.characters import UNWRITABLE
from encord_lambda.registration.manifests.csv_cells import BrokenCells, Cells, UnclosedQuote, cells
from encord_lambda.registration.manifests.entries import Fault, Place

BLOCK: Final = 1 << 16
"""About how many bytes are looked at in one go."""
LONGEST: Final = 1 << 16
"""Characters of a record; URL and title have a quarter of that at most. It bounds what an open quote can hold up."""
_LONGEST_NAME: Final = 60
"""Characters of a heading that are told."""

_END_OF_LINE: Final = re.compile(r"\r\n|\r|\n")
_BLANK: Final = re.compile(r"(?:[ \t,]{0,999}+(?:\r\n|\r|\n))++")
"""Lines of which every cell is empty. Of a longer line the middle may have been dropped, with cells in it."""
_LAST_RETURN: Final = re.compile(r".*\r(?=.)", re.DOTALL)
_UTF16: Final = ("\udcff\udcfe", "\udcfe\udcff")


class Block(NamedTuple):
    """Whole lines; bytes that are not UTF-8 are lone surrogates in it."""

    text: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a record that is not blank, without quotes and outer white space, and the columns they begin at.

    Such records are counted, header and unreadable ones included; lines are all counted.
    """

    line: int
    number: int
    cells: tuple[str, ...]
    columns: tuple[int, ...]

    def place(self, cell: int | None = None, name: str = "", offset: int = 0) -> Place:
        """Of the whole record, or of a character in one of its cells, which goes by the name of its column."""
        if cell is None:
            return Place(self.line, 0, f"record {self.number}")
        column = self.columns[cell] + offset if cell < len(self.columns) else 0
        return Place(self.line, column, f"record {self.number}, {name[:_LONGEST_NAME]}")


def blocks(chunks: Iterable[bytes]) -> Iterator[Block]:
    """The file, cut behind ends of lines. Of a line too long to be a record, only the beginning is kept."""
    decoder = getincrementaldecoder("utf-8")("surrogateescape")
    held = ""
    for piece in _pieces(chunks):
        held += decoder.decode(piece)
        if cut := _last_end_of_line(held):
            yield Block(held[:cut], is_last=False)
            held = held[cut:]
        elif len(held) > 2 * LONGEST:
            held = held[: LONGEST + 1] + held[-1]
    yield Block(held + decoder.decode(b"", final=True), is_last=True)


def _last_end_of_line(text: str) -> int:
    """Index behind it, 0 if there is none; a return at the very end may be half of one."""
    if cut := text.rfind("\n") + 1:
        return cut
    last = _LAST_RETURN.match(text)
    return last.end() if last else 0


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= BLOCK:
            yield bytes(held[:BLOCK])
            del held[:BLOCK]
    yield bytes(held)


class Records:
    """Takes a file apart block by block, and keeps count of lines, records and bytes."""

    def __init__(self) -> None:
        self.line = 1
        self.number = 1
        """Of the record that comes next."""
        self._offset = 0
        """Bytes of the file before `_counted`, an index of the text."""
        self._counted = 0
        self._text = ""

    def feed(self, block: Block) -> str:
        """Put a block behind what is left of those before; gives both, to be read by `taken` or by `parsed`."""
        text = block.text
        if not self._offset and not self._text and text.startswith("\ufeff"):
            text, self._offset = text[1:], 3
        self._text += text
        return self._text

    def taken(self, count: int) -> None:
        """The caller has read all of the text by itself: so many records, each of one line."""
        self._drop(len(self._text))
        self.line += count
        self.number += count

    def parsed(self, *, is_last: bool) -> Iterator[Record | Fault]:
        """The records of the text at hand, of which the last may have to wait for the next block."""
        if self.number == 1 and (fault := self._other_format()):
            yield fault
            return
        at = 0
        while at < len(self._text):
            found: Record | Fault | None
            if blank := _BLANK.match(self._text, at):
                self.line += len(_END_OF_LINE.findall(blank[0]))
                at = blank.end()
                continue
            try:
                end, found = self._record(at)
            except UnclosedQuote as broken:
                if not is_last and len(self._text) - at <= LONGEST:
                    break
                end, found = broken.end, self._broken(at, broken)
            except BrokenCells as broken:
                end, found = broken.end, self._broken(at, broken)
            if found:
                yield found
                self.number += 1
            self.line += len(_END_OF_LINE.findall(self._text, at, end))
            at = end
        self._drop(at)

    def _other_format(self) -> Fault | None:
        if not self._offset and self._text.startswith(_UTF16):
            return Fault("C18", Place(1), "is UTF-16, not UTF-8", "save it as UTF-8", ends_reading=True)
        if self._text.lstrip().startswith(("{", "[")):
            said, hint = "begins like JSON, not like CSV", "give it a name that ends in .json"
            return Fault("C23", Place(self.line), said, hint, ends_reading=True)
        return None

    def _drop(self, end: int) -> None:
        self._bytes(end)
        self._text, self._counted = self._text[end:], 0

    def _bytes(self, end: int) -> int:
        """Of the file before an index of the text, which is none before an earlier one."""
        text = self._text[self._counted : end]
        self._offset += len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))
        self._counted = end
        return self._offset

    def _record(self, at: int) -> tuple[int, Record | Fault | None]:
        """Where the record at an index ends, and what it is: None if it is blank."""
        found = cells(self._text, at)
        if no_text := UNWRITABLE.search(self._text, at, found.end):
            return found.end, self._not_text(at, no_text)
        if found.end - at > LONGEST:
            said, hint = f"has more than {LONGEST} characters", "is a line break missing?"
            return found.end, Fault("J37", self._place(at, at), said, hint)
        if not any(text.strip() for text in found.texts):
            return found.end, None
        return found.end, self._good(at, found)

    def _good(self, at: int, found: Cells) -> Record:
        return Record(self.line, self.number, found.texts, tuple(begin - at + 1 for begin in found.begins))

    def _not_text(self, start: int, found: re.Match[str]) -> Fault:
        what = "a NUL byte" if found[0] == "\0" else "a byte that is not UTF-8"
        said = f"has {what} at byte {self._bytes(found.start())} of the file"
        return Fault("C18", self._place(start, found.start()), said, "save the file as UTF-8")

    def _broken(self, start: int, broken: BrokenCells) -> Fault:
        return Fault(broken.code, self._place(start, broken.at), str(broken), broken.hint)

    def _place(self, start: int, at: int) -> Place:
        """Of an index in the record that begins at `start`, perhaps some lines further down."""
        breaks = [found.end() for found in _END_OF_LINE.finditer(self._text, start, at)]
        return Place(self.line + len(breaks), at - (breaks[-1] if breaks else start) + 1, f"record {self.number}")
