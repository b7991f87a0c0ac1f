"""What reading a manifest file comes to: entries, each with its place in the file, and faults, each with the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from encord_lambda.registration.manifests.items import Image, Item, Video

WARNING: Final = "W"
"""The code of warnings that are of no numbered rule."""
MOST_TOLD: Final = 100
"""Faults of one entry that are told (import-formats §9)."""


class Place(NamedTuple):
    """Where in a file something is. Lines and columns count from 1, columns by characters."""

    line: int
    column: int = 0
    """0 if the whole line, record or object is meant."""
    path: str = ""
    """In JSON the path of the key (`videos[0].objectUrl`), in CSV record and column (`record 7, Video title`)."""


class Entry(NamedTuple):
    """An item that is valid in itself, and where it stands."""

    item: Item
    place: Place


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the file that is refused, or that is accepted with a warning.

    `code` is the rule's in import-formats §9 (J12, U3, C9). `said` and `hint` never quote a secret of a URL.
    """

    code: str
    place: Place
    said: str
    hint: str = ""
    is_warning: bool = False
    ends_reading: bool = False
    """Nothing after it can be read."""

    def told(self, file: str) -> str:
        """In one line: `file:line:column: CODE path: message (hint)`."""
        where = ":".join(str(part) for part in (file, self.place.line, self.place.column) if part)
        path = f" {self.place.path}" if self.place.path else ""
        hint = f" ({self.hint})" if self.hint else ""
        kind = "warning " if self.is_warning else ""
        return f"{where}: {kind}{self.code}{path}: {self.said}{hint}"


class Finding(Protocol):
    """A fault or a warning, or what becomes one."""

    @property
    def is_warning(self) -> bool:
        """Whether it refuses nothing."""


def first_of[F: Finding](findings: Iterable[F]) -> list[F]:
    """What is found in one entry, up to the last of the faults that are told: a small file may hold millions."""
    told: list[F] = []
    faults = 0
    for finding in findings:
        told.append(finding)
        faults += not finding.is_warning
        if faults >= MOST_TOLD:
            break
    return told


type Reading = Iterator[Entry | Fault]
"""A file as it is read, in its own order; faults of an entry come in that entry's stead."""


class Run(NamedTuple):
    """Items that follow each other in a file, each a record of one line, of a single file and without metadata.

    Their URLs are of the form `addresses.PLAIN`, and no part of a key begins with a dot.
    """

    items: Sequence[Video | Image]
    line: int
    """Of the first one; so is the record."""
    record: int
    host: str
    """With which all URLs begin, up to the slash of the key; empty if they are on several."""

    @property
    def lines(self) -> range:
        """Of all of them."""
        return range(self.line, self.line + len(self.items))

    def entries(self) -> Iterator[Entry]:
        """Each with its place."""
        for number, item in enumerate(self.items):
            yield Entry(item, Place(self.line + number, 0, f"record {self.record + number}"))


type InParts = Iterator[Run | Entry | Fault]


class InRuns(Iterator[Entry | Fault]):
    """A reading whose entries come in runs where they can. `parts` of it has them so.

    Making an entry of each takes as long as half of all the rest; who needs items alone takes the parts.
    """

    def __init__(self, parts: InParts) -> None:
        self.parts = parts
        self._each = self._entries()

    def __next__(self) -> Entry | Fault:
        return next(self._each)

    def _entries(self) -> Reading:
        for part in self.parts:
            if isinstance(part, Run):
                yield from part.entries()
            else:
                yield part


def parts(reading: Reading) -> InParts:
    """A reading in runs where it has them; it can be read only once, so or entry by entry."""
    return reading.parts if isinstance(reading, InRuns) else reading


@dataclass(frozen=True, slots=True)
class Flags:
    """What a manifest file asks for besides its items; CSV has none and JSON states them anywhere at its top level."""

    skip_duplicate_urls: bool = False
    upsert_metadata: bool = False
