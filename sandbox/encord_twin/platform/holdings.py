"""Files and where they are kept: integrations, folders, items, datasets."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from .json_values import JsonObject
from .media_facts import Facts


@dataclass
class Integration:
    """The right to read one cloud account."""

    uuid: UUID
    title: str


@dataclass
class Item:
    """One registered file. Its media facts come from the file, or from the uploader if they gave them."""

    uuid: UUID
    folder: UUID
    integration: UUID | None
    url: str
    name: str
    created_at: datetime
    edited_at: datetime
    owner: str
    facts: Facts
    client_metadata: JsonObject = field(default_factory=dict)
    links: int = 0
    parts: tuple["Item", ...] = ()  # the images of a group, the files of a series, in order


@dataclass
class Folder:
    """A storage folder; `by_url` is what `skipDuplicateUrls` looks at."""

    uuid: UUID
    name: str
    owner: str
    created_at: datetime
    parent: UUID | None = None
    description: str = ""
    client_metadata: str | None = None
    items: dict[UUID, Item] = field(default_factory=dict)
    by_url: dict[str, Item] = field(default_factory=dict)


@dataclass
class DataRow:
    """An item linked to a dataset. Linked twice, an item has two of these."""

    data_hash: UUID
    dataset: UUID
    item: Item
    created_at: datetime


@dataclass
class Dataset:
    """Rows in the order they were linked."""

    uuid: UUID
    title: str
    created_at: datetime
    description: str = ""
    backing_folder: UUID | None = None
    rows: dict[UUID, DataRow] = field(default_factory=dict)
