"""Import manifests in JSON, in both of Encord's shapes (import-formats §1), however large."""

from collections.abc import Iterable, Iterator
from typing import Final

from encord_lambda.registration.manifests import json_scanning
from encord_lambda.registration.manifests.entries import Entry, Fault, Flags, Place, Reading
from encord_lambda.registration.manifests.json_draft import type_of
from encord_lambda.registration.manifests.json_items import judged
from encord_lambda.registration.manifests.json_plain import Plain
from encord_lambda.registration.manifests.json_positions import BadSyntaxError, below, value
from encord_lambda.registration.manifests.json_scanning import Comma, Element, Key
from encord_lambda.registration.manifests.json_shapes import KEYS, Kind, Shape, did_you_mean
from encord_lambda.registration.manifests.json_window import Window

_SKIP: Final = frozenset({"skip_duplicate_urls", "skipDuplicateUrls"})

MOST_STRAYS: Final = 100
"""Faulty keys of the file's object, after which it is not read on."""
_HEADER: Final = 200
"""Characters in which the header of a CSV file would show."""


def read(chunks: Iterable[bytes], *, lenient: bool = False) -> Reading:
    """The items of a manifest and all that is wrong with it, in the order of the file, held in memory one by one.

    A fault inside an item drops this item alone. `lenient` repairs two defects of Encord's own examples with a
    warning (import-formats §9.5): commas before a closing bracket, and a list that is there twice.
    """
    return _Manifest(Window(chunks), lenient=lenient).entries()


def flags(chunks: Iterable[bytes]) -> Flags:
    """What a manifest asks for besides its items, which are not looked into; flags that are wrong do not count."""
    manifest = _Manifest(Window(chunks), lenient=True, items=False)
    for _ in manifest.entries():
        pass
    return manifest.flags


class _Manifest:
    def __init__(self, window: Window, *, lenient: bool, items: bool = True) -> None:
        self._window = window
        self._lenient = lenient
        self._items = items
        self._shape = Shape()
        self._seen: dict[str, Place] = {}
        self._flags: dict[str, bool] = {}
        self._counts: dict[str, int] = {}
        self._is_faulty = False
        self._strays = 0

    @property
    def flags(self) -> Flags:
        """What has been asked for so far."""
        return Flags(self._flags.get("skip_duplicate_urls", False), self._flags.get("upsert_metadata", False))

    def entries(self) -> Iterator[Entry | Fault]:
        window = self._window
        try:
            yield from self._object()
        except BadSyntaxError as error:
            yield window.ended(error)

    def _object(self) -> Iterator[Entry | Fault]:
        if fault := _not_an_object(self._window):
            yield fault
            return
        root = self._window.place(self._window.position)
        for found in json_scanning.keys(self._window):
            if isinstance(found, Comma):
                yield self._comma(found, "")
            else:
                yield from self._member(found)
        if self.flags.upsert_metadata and not self.flags.skip_duplicate_urls:
            place = next(place for key, place in self._seen.items() if key.lower().startswith("upsert"))
            said = "without skip_duplicate_urls this has no effect"
            yield Fault("J23", place, said, "set skip_duplicate_urls to true as well")
        if not self._is_faulty and not any(self._counts.values()):
            yield Fault("J9", root, "nothing to import", "name at least one item")

    def _member(self, key: Key) -> Iterator[Entry | Fault]:
        if fault := self._stray(key):
            self._is_faulty = self._is_faulty or not fault.is_warning
            yield fault
            if not fault.is_warning:
                self._strays += 1
                if self._strays > MOST_STRAYS:
                    raise BadSyntaxError(self._window.position, "has too many keys that no manifest has", code="J7")
                self._skip(key.name)
                return
        known = KEYS[key.name]
        self._seen.setdefault(key.name, key.place)
        if known.shape:
            self._shape.tell(known.shape, key.name, key.place)
        if not known.kind:
            yield from self._flag(key)
        elif self._window.next() != "[":
            yield from self._no_array(key)
        elif self._items:
            yield from self._section(key.name, known.kind)
        else:
            self._skip(key.name)

    def _stray(self, key: Key) -> Fault | None:
        """What is wrong with a key of the file's object, or odd with it."""
        known = KEYS.get(key.name)
        if first := self._seen.get(key.name):
            is_warning = self._lenient and known is not None and known.kind is not None
            said = f"this key is there already, in line {first.line}, column {first.column}"
            hint = "the two lists are joined" if is_warning else "join the two: plain parsers silently lose the first"
            return Fault("J5", key.place, said, hint, is_warning)
        if known is None or (key.name in ("pdf", "pdfs") and self._shape.contradicts(known.shape)):
            return Fault("J7", key.place, "is not a key of a manifest", did_you_mean(key.name, self._shape.known()))
        if self._shape.contradicts(known.shape):
            return Fault("J8", key.place, "is a key of the other shape of manifests", self._shape.hint)
        return None

    def _section(self, name: str, kind: Kind) -> Iterator[Entry | Fault]:
        window, shape, plain = self._window, self._shape, Plain(kind)
        first = self._counts.get(name, 0)
        for found in json_scanning.elements(window, name, first):
            if isinstance(found, Comma):
                yield self._comma(found, name)
                continue
            self._counts[name] = found.index + 1
            window.mark()
            if found.value is None and (item := plain.item(found.raw, shape.letter)):
                yield Entry(item, window.here(f"{name}[{found.index}]"))
            else:
                yield from self._judged(found, name, kind)

    def _judged(self, element: Element, name: str, kind: Kind) -> Iterator[Entry | Fault]:
        window = self._window
        found = element.value or value(window.text, element.at, f"{name}[{element.index}]", json_scanning.IN_ARRAY)
        return judged(window, found, kind, self._shape, lenient=self._lenient)

    def _flag(self, key: Key) -> Iterator[Fault]:
        found = json_scanning.value(self._window, below("", key.name))
        if isinstance(found.node.value, bool):
            self._flags["skip_duplicate_urls" if key.name in _SKIP else "upsert_metadata"] = found.node.value
        elif found.node.value is not None or found.notes:
            place = self._window.place(found.node.at, found.node.path)
            yield Fault("J22", place, f"expected true or false, found {type_of(found.node)}", "write true or false")

    def _no_array(self, key: Key) -> Iterator[Fault]:
        """A list that is none; null stands for an empty one."""
        found = json_scanning.value(self._window, key.name)
        if found.node.value is not None or found.notes:
            place = self._window.place(found.node.at, found.node.path)
            self._is_faulty = True
            yield Fault("J10", place, f"expected an array, found {type_of(found.node)}", "put it in [ ]")

    def _skip(self, name: str) -> None:
        if self._window.next() == "[":
            for _ in json_scanning.elements(self._window, name, 0):
                pass
        else:
            json_scanning.value(self._window, name)

    def _comma(self, comma: Comma, path: str) -> Fault:
        place = self._window.place(comma.at, path)
        hint = "it is left out" if self._lenient else "remove it"
        return Fault("J4", place, f"a comma before {comma.closing}", hint, self._lenient)


def _not_an_object(window: Window) -> Fault | None:
    """What is wrong with a file that does not begin with a brace."""
    begin = window.step()
    window.mark()
    place = window.place(window.position)
    if begin == "{":
        return None
    if not begin:
        if window.is_undecodable:
            raise BadSyntaxError(window.position, "")
        return Fault("J2", Place(1, 1), "the file is empty", "expected an object", ends_reading=True)
    if begin != "[" and "objecturl" in _first_line(window):
        return Fault("C23", place, "this is a CSV file", "call it .csv", ends_reading=True)
    if begin in '["-0123456789tfnNI':
        said = f"expected an object, found {'an array' if begin == '[' else 'another value'}"
        return Fault("J6", place, said, 'wrap it: {"videos": [ … ]}', ends_reading=True)
    return Fault("J3", place, "expected {", "a manifest is one JSON object", ends_reading=True)


def _first_line(window: Window) -> str:
    while len(window.text) - window.position < _HEADER and window.more():
        pass
    return window.text[window.position : window.position + _HEADER].partition("\n")[0].casefold()
