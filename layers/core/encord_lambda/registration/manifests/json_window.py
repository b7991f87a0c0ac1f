"""The part of a JSON file that is being read: text that slides on, and where in the file it is."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE, utf_8_decode
from collections.abc import Iterable
from io import IncrementalNewlineDecoder
from typing import Final

from encord_lambda.registration.manifests.entries import Fault, Place
from encord_lambda.registration.manifests.json_positions import SPACE, BadSyntaxError

AHEAD: Final = 1 << 18
"""Characters that are read ahead, as far as there are so many."""
LONGEST: Final = 1 << 24
"""Characters of one item or other value; more are not held in memory."""


class Window:
    """`text` from `position` on is still to be read; what is before it is forgotten when there is `more`.

    Whatever ends a line in the file, it is a line feed in `text`.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""
        self._bytes = 0
        self._newlines = IncrementalNewlineDecoder(None, translate=True)
        self.text = ""
        self.position = 0
        self.is_whole = False
        """Nothing comes after `text`."""
        self._undecodable: int | None = None
        self._is_utf16 = False
        self._marked = 0
        self._line = 1
        self._line_begins = 0

    def more(self) -> bool:
        """Read on, at least as much as is there already; False if there is no more.

        Raises:
            BadSyntaxError: A single value is longer than `LONGEST`.
        """
        self.mark()
        rest = self.text[self.position :]
        if len(rest) > LONGEST:
            raise BadSyntaxError(self.position, f"this is longer than {LONGEST} characters", "split it", "J37")
        self._line_begins -= self.position
        self._marked = self.position = 0
        parts, length = [rest], len(rest)
        wanted = max(2 * AHEAD, 2 * length)
        while length < wanted and not self.is_whole:
            parts.append(self._decoded(next(self._chunks, None)))
            length += len(parts[-1])
        self.text = "".join(parts)
        return length > len(rest)

    def next(self, past: int = 0) -> str:
        """The first character that is not blank, `past` characters from here; empty at the end of the file."""
        while True:
            found = SPACE.match(self.text, self.position + past)
            if found and found.end() < len(self.text):
                return self.text[found.end()]
            if not self.more():
                return ""

    def step(self, past: int = 0) -> str:
        """Go on to that character."""
        character = self.next(past)
        found = SPACE.match(self.text, self.position + past)
        self.position = found.end() if found else len(self.text)
        return character

    def mark(self, at: int | None = None) -> None:
        """Places are asked for from `text[at]` on, or from the position; never before an earlier mark."""
        at = self.position if at is None else at
        self._line, self._line_begins = self._line_of(at)
        self._marked = at

    def here(self, path: str) -> Place:
        """Where the last mark is."""
        return Place(self._line, self._marked - self._line_begins + 1, path)

    def place(self, at: int, path: str = "") -> Place:
        """Where `text[at]` is; not before what was marked last."""
        line, begin = self._line_of(at)
        return Place(line, at - begin + 1, path)

    @property
    def is_undecodable(self) -> bool:
        """What comes after `text` is not UTF-8."""
        return self._undecodable is not None

    def ended(self, error: BadSyntaxError) -> Fault:
        """What ends the reading: undecodable bytes, if it was they that cut the text off."""
        if self._undecodable is not None and error.at >= len(self.text):
            said = f"byte {self._undecodable} of the file is not UTF-8{', but UTF-16' if self._is_utf16 else ''}"
            return Fault("J1", self.place(len(self.text)), said, "save the file as UTF-8", ends_reading=True)
        return Fault(error.code, self.place(error.at, error.path), error.said, error.hint, ends_reading=True)

    def _line_of(self, at: int) -> tuple[int, int]:
        lines = self.text.count("\n", self._marked, at)
        begin = self.text.rfind("\n", self._marked, at) + 1 if lines else self._line_begins
        return self._line + lines, begin

    def _decoded(self, chunk: bytes | None) -> str:
        self.is_whole = chunk is None
        data = self._rest + (chunk or b"")
        try:
            text, used = utf_8_decode(data, "strict", self.is_whole)
        except UnicodeDecodeError as error:
            self.is_whole, self._undecodable = True, self._bytes + error.start
            self._is_utf16 = self._undecodable == 0 and data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
            text, used = utf_8_decode(data[: error.start])
        if self._bytes == 0 and used:
            text = text.removeprefix("\ufeff")
        self._bytes += used
        self._rest = data[used:]
        return self._newlines.decode(text, final=self.is_whole)
