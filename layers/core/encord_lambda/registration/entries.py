"""What reading a manifest file comes to: entries, each with its place in the file, and faults, each with the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from encord_lambda.registration.items import Item

WARNING: Final = "W"
"""The code of warnings that are of no numbered rule."""


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


type Reading = Iterator[Entry | Fault]
"""A file as it is read, in its own order; faults of an entry come in that entry's stead."""


@dataclass(frozen=True, slots=True)
class Flags:
    """What a manifest file asks for besides its items; CSV has none and JSON states them anywhere at its top level."""

    skip_duplicate_urls: bool = False
    upsert_metadata: bool = False
