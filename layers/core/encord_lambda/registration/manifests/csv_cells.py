"""The cells of one record of a CSV file, by RFC 4180 (import-formats §2.1), as strictly as C16 and C17 want it."""

import re
from itertools import accumulate
from typing import Final, NamedTuple

WHITE: Final = " \t"
"""What may stand around a cell without being part of it."""
LINE: Final = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_QUOTED: Final = re.compile(r'[ \t]*+"((?:[^"]++|"")*+)("?)')
_BARE: Final = re.compile(r'[ \t]*+([^",\r\n]*+)')
_AFTER: Final = re.compile(r"[ \t]*+(,|\r\n|\r|\n|\Z)")


class Cells(NamedTuple):
    """The texts of a record's cells, the indices at which they begin, and the one at which the record ends."""

    texts: tuple[str, ...]
    begins: tuple[int, ...]
    end: int


class BrokenCells(ValueError):  # noqa: N818 - the cells are broken, by a rule with a name; not the program
    """What stands there is no record. `at` is where that shows, `end` where the next one may begin."""

    def __init__(self, code: str, at: int, end: int, said: str, hint: str) -> None:
        super().__init__(said)
        self.code, self.at, self.end, self.hint = code, at, end, hint


class UnclosedQuote(BrokenCells):
    """A quote that is not closed as far as the text goes; more text may close it."""


def cells(text: str, at: int) -> Cells:
    """The cells of the record that begins at an index, which is the beginning of a line.

    Raises:
        BrokenCells: C16 or C17. A quote that pairs with one which was meant to open another cell is taken for unclosed:
            it costs its own line only.
    """
    line = LINE.match(text, at)
    end = line.end() if line else len(text)
    if text.find('"', at, end) < 0:
        return _bare(text[at:end].rstrip("\r\n"), at, end)
    return _quoted(text, at, end)


def _bare(line: str, at: int, end: int) -> Cells:
    texts = line.split(",")
    begins = accumulate((len(text) + 1 for text in texts[:-1]), initial=at)
    blanks = (len(text) - len(text.lstrip(WHITE)) for text in texts)
    return Cells(tuple(text.strip(WHITE) for text in texts), tuple(map(sum, zip(begins, blanks, strict=True))), end)


def _quoted(text: str, at: int, line_end: int) -> Cells:
    texts: list[str] = []
    begins: list[int] = []
    spread = None
    while True:
        found = _QUOTED.match(text, at)
        if found and not found[2]:
            raise _unclosed(found.start(1) if spread is None else spread, line_end)
        if found and spread is None and found.end() > line_end:
            spread = found.start(1)
        cell = found or _BARE.match(text, at)
        if cell:  # it always matches: a bare cell may be empty
            texts.append(cell[1].replace('""', '"') if found else cell[1].rstrip(WHITE))
            begins.append(cell.start(1))
            at = cell.end()
        after = _AFTER.match(text, at)
        if after is None:
            raise _misplaced(at, line_end, spread, is_quoted=found is not None)
        at = after.end()
        if after[1] != ",":
            break
    if spread is not None:
        raise BrokenCells("C17", spread - 1, at, "has a line break inside a cell", "titles have one line")
    return Cells(tuple(texts), tuple(begins), at)


def _unclosed(inside: int, end: int) -> UnclosedQuote:
    return UnclosedQuote(
        "C16", inside - 1, end, "has a quote that is never closed", 'close it, or write "" for a quote'
    )


def _misplaced(at: int, line_end: int, spread: int | None, *, is_quoted: bool) -> BrokenCells:
    if spread is not None:
        opened = _unclosed(spread, line_end)
        return BrokenCells(opened.code, opened.at, opened.end, str(opened), opened.hint)
    said = "has text after a closing quote" if is_quoted else "has a quote inside a cell that does not begin with one"
    return BrokenCells("C16", at, line_end, said, 'put the whole cell in quotes, and "" for each quote in it')
