"""Files and where they are kept: integrations, folders, items, datasets."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from .json_values import JsonObject
from .media_facts import Facts, MediaKind

type Source = tuple[bool | str | None, ...]


def source(kind: MediaKind, urls: Iterable[str | None]) -> Source:
    """What an item is made of: equal for the same files in the same order, alone or as one."""
    return (kind.is_composite, *urls)


@dataclass
class Integration:
    """The right to read one cloud account.

    With `client_only` the platform never reads a file, so uploaders must say what is in it, and signs none:
    `signedUrl` is null and labels link to the plain object. This is the pairing its documentation recommends for
    private data, strict client-only access with direct access; under strict access alone it would still sign.
    """

    uuid: UUID
    title: str
    client_only: bool = False


@dataclass(slots=True)
class Item:
    """One registered file, or several as one. Media facts come from the file, or from the uploader if they gave them.

    A composite (`MediaKind.is_composite`) has `parts` and no `url`.
    """

    uuid: UUID
    folder: UUID
    integration: UUID | None
    url: str | None
    name: str
    created_at: datetime
    edited_at: datetime
    owner: str
    facts: Facts
    client_metadata: JsonObject = field(default_factory=dict)
    description: str = ""
    links: int = 0
    parts: tuple["Item", ...] = ()  # the images of a group, the files of a series, in order

    @property
    def source(self) -> Source:
        """What it was made of."""
        return source(self.facts.kind, [part.url for part in self.parts] or [self.url])


@dataclass
class Folder:
    """A storage folder. `items` are its immediate ones, without the parts of composites.

    `by_source` is what `skipDuplicateUrls` looks at. A folder with a `synced_dataset` backs a mirror dataset:
    whatever comes into it is linked there.
    """

    uuid: UUID
    name: str
    owner: str
    created_at: datetime
    edited_at: datetime
    parent: UUID | None = None
    description: str = ""
    client_metadata: JsonObject | None = None
    items: dict[UUID, Item] = field(default_factory=dict)
    by_source: dict[Source, Item] = field(default_factory=dict)
    made: int = 0  # items ever made in it
    synced_dataset: UUID | None = None


@dataclass(slots=True)
class DataRow:
    """An item linked to a dataset. Linked twice, an item has two of these."""

    data_hash: UUID
    dataset: UUID
    item: Item
    created_at: datetime


@dataclass
class Dataset:
    """Rows in the order they were linked; `linked` counts those deleted since, too, and `holding` rows by item."""

    uuid: UUID
    title: str
    created_at: datetime
    description: str = ""
    backing_folder: UUID | None = None
    rows: dict[UUID, DataRow] = field(default_factory=dict)
    members: set[str] | None = None  # e-mail addresses; None lets everybody in
    linked: int = 0
    holding: Counter[UUID] = field(default_factory=Counter)
