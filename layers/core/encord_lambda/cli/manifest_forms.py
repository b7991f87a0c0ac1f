"""The forms that `manifest convert` writes. Each takes items in, and writes all of them at the end."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import BinaryIO, Final, Protocol

from pydantic import JsonValue

from encord_lambda import wiring_desk
from encord_lambda.cli.spools import Spools
from encord_lambda.errors import Reject
from encord_lambda.registration.manifests import csv_writing, upload_file
from encord_lambda.registration.manifests.entries import Flags
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.manifest import Manifest


class Form(Protocol):
    """A manifest in the making."""

    def add(self, items: Sequence[Item]) -> None:
        """Take more items.

        Raises:
            Reject: One has something that the form cannot carry.
        """

    def write(self, stream: BinaryIO, flags: Flags) -> None:
        """Write all that was taken.

        Raises:
            Reject: The form cannot carry a flag.
        """


class JsonForm:
    """Either of Encord's JSON shapes (import-formats §1), an item a line."""

    def __init__(
        self, content: Callable[[Manifest], Mapping[str, JsonValue]], flags: tuple[str, str], spools: Spools
    ) -> None:
        self._content, self._flags, self._spools = content, flags, spools

    def add(self, items: Sequence[Item]) -> None:
        """Take more items."""
        for key, entries in self._content(Manifest.of(items)).items():
            if entries and isinstance(entries, list):
                self._spools.add(key, (json.dumps(entry, ensure_ascii=False) for entry in entries))

    def write(self, stream: BinaryIO, flags: Flags) -> None:
        """Write all that was taken."""
        before = b"{"
        for key in self._spools.names:
            stream.write(before + json.dumps(key).encode() + b": [\n")
            _write_between(stream, self._spools.lines(key), b",\n")
            before = b"\n],\n"
        for key, value in zip(self._flags, (flags.skip_duplicate_urls, flags.upsert_metadata), strict=True):
            stream.write(before + json.dumps({key: value})[1:-1].encode())
            before = b",\n"
        stream.write(b"}\n")


class CsvForm:
    """Sections of CSV (import-formats §2)."""

    def __init__(self, spools: Spools) -> None:
        self._rows, self._spools = csv_writing.Rows(), spools

    def add(self, items: Sequence[Item]) -> None:
        """Take more items."""
        for item in items:
            self._spools.add(item.section, self._rows.of(item))

    def write(self, stream: BinaryIO, flags: Flags) -> None:
        """Write all that was taken. Whoever imports CSV says himself whether known URLs are skipped."""
        if flags.upsert_metadata:
            raise Reject("CSV cannot carry upsert_metadata")
        for section in csv_writing.HEADINGS:
            if section in self._spools.names:
                header, end = self._rows.ends(section)
                stream.write(f"{header}\n".encode())
                _write_between(stream, self._spools.lines(section), f"{end}\n".encode())
                stream.write(f"{end}\n".encode())


FORMS: Final[Mapping[str, Callable[[Spools], Form]]] = {
    "json": partial(JsonForm, upload_file.content, ("skip_duplicate_urls", "upsert_metadata")),
    "sdk": partial(JsonForm, wiring_desk.data_upload_items, ("skipDuplicateUrls", "upsertMetadata")),
    "csv": CsvForm,
}


def _write_between(stream: BinaryIO, lines: Iterable[bytes], between: bytes) -> None:
    for number, line in enumerate(lines):
        stream.write(between + line if number else line)
