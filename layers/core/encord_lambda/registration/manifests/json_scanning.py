"""A JSON file, value by value, without holding more of it than one value.

What is plain JSON is read by the standard library's scanner in C; only what that refuses is read with positions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecoder
from typing import Final, NamedTuple, NoReturn

from encord_lambda.registration.manifests import json_positions
from encord_lambda.registration.manifests.entries import Place
from encord_lambda.registration.manifests.json_positions import BadSyntaxError, CutOffError, Value, below
from encord_lambda.registration.manifests.json_window import AHEAD, Window

_NEXT: Final = re.compile(r"[ \t\n\r]*+,[ \t\n\r]*+(?=[^ \t\n\r\]])")
"""From the end of one element to the next."""
IN_ARRAY: Final = 2
"""Depth of what is in an array of the file's object."""


@dataclass(slots=True)
class Element:
    """A value of an array, which begins at `at`; the same object tells of the next one when that is asked for.

    `raw` is what the standard library makes of it; what that refuses was read with positions instead.
    """

    index: int
    at: int = 0
    raw: object = None
    value: Value | None = None


class Key(NamedTuple):
    """A key of the file's object; its value is to be read before the next key is asked for."""

    name: str
    place: Place


class Comma(NamedTuple):
    """A comma before a closing bracket."""

    at: int
    closing: str


def keys(window: Window) -> Iterator[Key | Comma]:
    """The keys of the object that the whole file is; places are marked at each.

    Raises:
        BadSyntaxError: It cannot be read on.
    """
    character = window.step(1)
    while character != "}":
        window.mark()
        if character != '"':
            _refuse(window, "a key in double quotes, or }")
        yield _key(window)
        window.mark()
        character = window.step()
        if character == ",":
            if window.next(1) == "}":
                yield Comma(window.position, "}")
            character = window.step(1)
        elif character != "}":
            _refuse(window, ", or }")
    if window.step(1) or window.is_undecodable:
        window.mark()
        raise BadSyntaxError(window.position, "there is text after the end", "one file holds one object")


def value(window: Window, path: str) -> Value:
    """The value that comes next, with positions. Later positions are of `window` as it is then.

    Raises:
        BadSyntaxError: It cannot be read on.
    """
    window.step()
    found = _placed(window, path, 1)
    window.position = found.end
    return found


def elements(window: Window, path: str, first: int) -> Iterator[Element | Comma]:
    """What is in the array that comes next, counting from `first`.

    Raises:
        BadSyntaxError: It cannot be read on.
    """
    window.step()
    character = window.step(1)
    element = Element(first)
    while character != "]":
        end = _read(window, path, element)
        yield element
        element.index += 1
        if found := _NEXT.match(window.text, end):
            window.position = found.end()
            continue
        window.position = end
        character = window.step()
        if character not in (",", "]"):
            _refuse(window, ", or ]")
        if character == "," and window.next(1) == "]":
            yield Comma(window.position, "]")
        if character == ",":
            character = window.step(1)
    window.position += 1


def _refuse(window: Window, expected: str) -> NoReturn:
    window.mark()
    at = window.position
    if at >= len(window.text):
        raise BadSyntaxError(at, f"the file ends where {expected} is expected", "it is cut off")
    raise BadSyntaxError(at, f"expected {expected}")


def _key(window: Window) -> Key:
    at = window.position
    while True:
        try:
            name, end = json_positions.key(window.text, at)
            break
        except CutOffError:
            _read_on(window)
            at = window.position
    place = window.place(at, below("", name))
    window.position = end
    if window.step() != ":":
        _refuse(window, ":")
    window.position += 1
    return Key(name, place)


class _RefusedError(ValueError):
    """Of what the standard library takes and JSON, or import-formats §9.1, does not."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RefusedError
    return found


def _no_number(_: str) -> NoReturn:
    raise _RefusedError


_scan: Final = JSONDecoder(parse_constant=_no_number).raw_decode
_scan_unique: Final = JSONDecoder(parse_constant=_no_number, object_pairs_hook=_unique).raw_decode


def _read(window: Window, path: str, element: Element) -> int:
    """Read the element that begins here; answers where it ends."""
    while True:
        at = element.at = window.position
        try:
            element.raw, end = _scan(window.text, at)
            if end < len(window.text):
                if not _is_flat(element.raw, window.text.count('"', at, end)):
                    element.raw, end = _scan_unique(window.text, at)
                element.value = None
                return end
        except (ValueError, RecursionError):
            pass
        # At the end of the window it may only be cut off.
        if len(window.text) - at >= AHEAD or not window.more():
            break
    element.value = found = _placed(window, f"{path}[{element.index}]", IN_ARRAY)
    element.at = window.position
    return found.end


def _is_flat(raw: object, quotes: int) -> bool:
    """Whether it is an object of nothing but texts, and has no key twice: for such a key there would be more quotes."""
    return type(raw) is dict and quotes == 4 * len(raw) and set(map(type, raw.values())) == {str}


def _placed(window: Window, path: str, depth: int) -> Value:
    while True:
        try:
            return json_positions.value(window.text, window.position, path, depth)
        except CutOffError:
            _read_on(window)


def _read_on(window: Window) -> None:
    if not window.more():
        raise BadSyntaxError(len(window.text), "the file ends in the middle of a value", "it is cut off")
