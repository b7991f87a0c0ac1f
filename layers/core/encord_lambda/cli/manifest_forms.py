"""The forms that `manifest convert` writes; each takes items in and writes all of them at the end."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

from pydantic import JsonValue

from encord_lambda import wiring_desk
from encord_lambda.cli.json_lists import JsonLists
from encord_lambda.registration import upload_file
from encord_lambda.registration.entries import Flags
from encord_lambda.registration.items import Item
from encord_lambda.registration.manifest import Manifest


class Form(Protocol):
    """A manifest in the making."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind."""

    def add(self, items: Sequence[Item]) -> None:
        """Take more items.

        Raises:
            Reject: One has something that the form cannot carry.
        """

    def write(self, stream: BinaryIO, flags: Flags) -> None:
        """Write all that was taken."""


class JsonForm(JsonLists):
    """Either of Encord's JSON shapes (import-formats §1)."""

    def __init__(self, content: Callable[[Manifest], Mapping[str, JsonValue]], flags: tuple[str, str]) -> None:
        super().__init__()
        self._content, self._flags = content, flags

    def add(self, items: Sequence[Item]) -> None:
        """Take more items.

        Raises:
            Reject: One has something that the form cannot carry.
        """
        for key, entries in self._content(Manifest.of(items)).items():
            if isinstance(entries, list):
                self.extend(key, entries)

    def write(self, stream: BinaryIO, flags: Flags) -> None:
        """Write all that was taken."""
        values: tuple[JsonValue, ...] = (flags.skip_duplicate_urls, flags.upsert_metadata)
        self.write_with(stream, dict(zip(self._flags, values, strict=True)))


FORMS: Final[Mapping[str, Callable[[], Form]]] = {
    "json": partial(JsonForm, upload_file.content, ("skip_duplicate_urls", "upsert_metadata")),
    "sdk": partial(JsonForm, wiring_desk.data_upload_items, ("skipDuplicateUrls", "upsertMetadata")),
}
