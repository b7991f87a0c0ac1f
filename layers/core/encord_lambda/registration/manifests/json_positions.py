"""JSON with its positions: slower than the standard library, for what that refuses and what is to be explained.

Strict JSON, with a few defects (J4, J5, J25, J36 of import-formats §9.1) that are noted, so that the reading can go on.
"""

import json
import re
from json import JSONDecodeError, JSONDecoder
from math import isinf
from typing import Final, NamedTuple

from pydantic import JsonValue

from encord_lambda.registration.manifests.characters import UNWRITABLE

MOST_VALUES: Final = 500_000
"""In one another; each takes some 300 bytes."""
DEEPEST: Final = 64
"""Objects and arrays in one another, the file's own object included."""
SPACE: Final = re.compile(r"[ \t\n\r]*+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][-+]?[0-9]++)?")
_OF_NUMBERS: Final = re.compile(r"[-+.0-9eE]*+")
_WORD: Final = re.compile(r"-?[A-Za-z]++")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_NO_NUMBERS: Final = ("NaN", "Infinity", "-Infinity")
_PLAIN_KEY: Final = re.compile(r"[\w$-]{1,60}")
_LONGEST_KEY: Final = 60
_DECODER: Final = JSONDecoder()


class BadSyntaxError(Exception):
    """Nothing after `text[at]` can be read."""

    def __init__(self, at: int, said: str, hint: str = "", code: str = "J3", path: str = "") -> None:
        super().__init__(said)
        self.at, self.said, self.hint, self.code, self.path = at, said, hint, code, path


class CutOffError(Exception):
    """The text ends before the value does."""


class Node(NamedTuple):
    """A value, where it begins and by which keys it is reached."""

    at: int
    path: str
    value: "str | float | bool | list[Node] | dict[str, Member] | None"

    @property
    def plain(self) -> JsonValue:
        """The value without positions."""
        if isinstance(self.value, dict):
            return {key: member.node.plain for key, member in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain for node in self.value]
        return self.value


class Member(NamedTuple):
    """A value of an object, and where its key begins."""

    at: int
    node: Node


class Note(NamedTuple):
    """A defect that does not keep the rest from being read; null is put for a value, U+FFFD for a character."""

    code: str
    at: int
    path: str
    said: str
    hint: str
    first: int | None = None
    """Of a key that is there twice, where it is first."""


class Value(NamedTuple):
    """A value that has been read, where it ends, and its defects in their order."""

    node: Node
    end: int
    notes: list[Note]


def value(text: str, at: int, path: str, depth: int) -> Value:
    """Read the value that begins at `text[at]`, which is inside of `depth` objects and arrays.

    Raises:
        CutOffError: It does not end in the text; a number may go on where the text ends.
        BadSyntaxError: It is not JSON, or too deep.
    """
    reader = _Reader(text)
    node, end = reader.value(at, path, depth)
    return Value(node, end, reader.notes)


def key(text: str, at: int) -> tuple[str, int]:
    """Read the key of the file's object that begins at `text[at]`; answers also where it ends.

    Raises:
        CutOffError, BadSyntaxError: As `value`.
    """
    return _Reader(text).string(at, "")


def below(path: str, key: str) -> str:
    """The path of a member of an object.

    >>> below("videos[0]", "title"), below("videos[0]", "my title")
    ('videos[0].title', 'videos[0]["my title"]')
    """
    if _PLAIN_KEY.fullmatch(key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key[:_LONGEST_KEY])}]"


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.notes: list[Note] = []
        self._values = 0

    def value(self, at: int, path: str, depth: int) -> tuple[Node, int]:
        self._values += 1
        if self._values > MOST_VALUES:
            raise BadSyntaxError(at, f"this is more than {MOST_VALUES} values in one another", "split it", "J37")
        start = self.text[at : at + 1]
        if start in ("{", "["):
            if depth >= DEEPEST:
                raise BadSyntaxError(at, f"is nested deeper than {DEEPEST}", "flatten it", "J36", path)
            read = self._object if start == "{" else self._array
            return read(at, path, depth + 1)
        if start == '"':
            found, end = self.string(at, path)
            return Node(at, path, found), end
        return self._number(at, path) if start in "-0123456789" else self._word(at, path)

    def _object(self, at: int, path: str, depth: int) -> tuple[Node, int]:
        members: dict[str, Member] = {}
        end, character = self._next(at + 1)
        while character != "}":
            if character != '"':
                raise BadSyntaxError(end, "expected a key in double quotes, or }")
            begin = end
            key, end = self.string(begin, path)
            end = self._after(end, ":")
            node, end = self.value(self._next(end)[0], below(path, key), depth)
            if first := members.get(key):
                said, hint = "this key is in the object already", "keep one of them"
                self.notes.append(Note("J5", begin, node.path, said, hint, first.at))
            members.setdefault(key, Member(begin, node))
            end, character = self._separated(end, "}", path)
        return Node(at, path, members), end + 1

    def _array(self, at: int, path: str, depth: int) -> tuple[Node, int]:
        nodes: list[Node] = []
        end, character = self._next(at + 1)
        while character != "]":
            node, end = self.value(end, f"{path}[{len(nodes)}]", depth)
            nodes.append(node)
            end, character = self._separated(end, "]", path)
        return Node(at, path, nodes), end + 1

    def _separated(self, end: int, closing: str, path: str) -> tuple[int, str]:
        """What comes after a value: a comma and the next one, or the end."""
        comma, character = self._next(end)
        if character == closing:
            return comma, character
        end, character = self._next(self._after(comma, ",", closing))
        if character == closing:
            self._note("J4", comma, path, f"a comma before {closing}", "remove it")
        return end, character

    def _after(self, at: int, *expected: str) -> int:
        at, character = self._next(at)
        if character != expected[0]:
            raise BadSyntaxError(at, f"expected {' or '.join(expected)}")
        return at + 1

    def _next(self, at: int) -> tuple[int, str]:
        found = SPACE.match(self.text, at)
        end = found.end() if found else at
        if end >= len(self.text):
            raise CutOffError
        return end, self.text[end]

    def string(self, at: int, path: str) -> tuple[str, int]:
        try:
            read, end = _DECODER.raw_decode(self.text, at)
        except JSONDecodeError as error:
            if error.msg.startswith("Unterminated") or error.pos + 6 > len(self.text):
                raise CutOffError from None
            raise self._misspelt(error, path) from None
        found = str(read)
        if odd := UNWRITABLE.search(found):
            said = f"has the character U+{ord(odd[0]):04X} in it"
            self._note("J36", at, path, said, "write what it stands for, as UTF-8")
            found = UNWRITABLE.sub("\ufffd", found)
        return found, end

    def _misspelt(self, error: JSONDecodeError, path: str) -> BadSyntaxError:
        if (odd := self.text[error.pos]) < " ":
            said = f"has the control character U+{ord(odd):04X} in it"
            return BadSyntaxError(error.pos, said, "remove it, or write it as an escape such as \\n", path=path)
        hint = "in a text, a backslash is written as two of them"
        return BadSyntaxError(error.pos, "has a backslash in it that begins no escape", hint, path=path)

    def _number(self, at: int, path: str) -> tuple[Node, int]:
        found = _NUMBER.match(self.text, at)
        if not found:
            return self._word(at, path)
        if (run := _OF_NUMBERS.match(self.text, at)) and run.end() == len(self.text):
            raise CutOffError
        number = float(found[0])
        if isinf(number):
            self._note("J25", at, path, "is too large a number", "a number is at most 1.8e308")
            return Node(at, path, None), found.end()
        return Node(at, path, number if found[1] or found[2] else int(found[0])), found.end()

    def _word(self, at: int, path: str) -> tuple[Node, int]:
        found = _WORD.match(self.text, at)
        word, end = (found[0], found.end()) if found else ("", at)
        if end >= len(self.text) or (at + 1 == len(self.text) and self.text[at] == "-"):
            raise CutOffError
        if word in _WORDS:
            return Node(at, path, _WORDS[word]), end
        if word in _NO_NUMBERS:
            self._note("J25", at, path, f"{word} is not a number in JSON", "leave it out, or write null")
            return Node(at, path, None), end
        hint = "texts stand in double quotes, and JSON has no comments"
        raise BadSyntaxError(at, "expected a value", hint, path=path)

    def _note(self, code: str, at: int, path: str, said: str, hint: str) -> None:
        self.notes.append(Note(code, at, path, said, hint))
