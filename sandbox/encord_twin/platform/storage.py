"""Folders and the items in them."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from .holdings import Folder, Integration, Item
from .identifiers import identifier
from .json_values import JsonObject
from .media_facts import Facts
from .refusals import Missing
from .store import Store


@dataclass(frozen=True)
class NewItem:
    """A file about to be registered."""

    url: str
    name: str
    facts: Facts
    client_metadata: JsonObject


@dataclass(frozen=True)
class Selection:
    """Which folders or items a listing wants, and in which order."""

    search: str | None = None
    in_dataset: bool | None = None
    item_types: frozenset[str] = frozenset()
    by_name: bool = True
    descending: bool = False

    def accepts(self, item: Item) -> bool:
        """Whether an item belongs in the listing; `search` is a part of its name, in any case."""
        if self.search and self.search.lower() not in item.name.lower():
            return False
        if self.in_dataset is not None and self.in_dataset != (item.links > 0):
            return False
        return not self.item_types or "image" in self.item_types


def create_folder(
    store: Store, name: str, owner: str, *, uuid: UUID | None = None, parent: UUID | None = None
) -> Folder:
    """Make an empty folder; names need not be unique."""
    if parent is not None and parent not in store.folders:
        raise Missing(f"no storage folder {parent}")
    folder = Folder(uuid or uuid4(), name, owner, store.now(), parent)
    store.folders[folder.uuid] = folder
    return folder


def add_item(store: Store, folder: Folder, integration: Integration | None, new: NewItem) -> Item:
    """Register a file. A URL registered before gets a second item: skipping is the job's business."""
    now = store.now()
    item = Item(
        uuid=identifier("item", folder.uuid, new.url, len(folder.items)),
        folder=folder.uuid,
        integration=integration.uuid if integration else None,
        url=new.url,
        name=new.name,
        created_at=now,
        edited_at=now,
        owner=folder.owner,
        facts=new.facts,
        client_metadata=new.client_metadata,
    )
    store.items[item.uuid] = folder.items[item.uuid] = item
    folder.by_url.setdefault(item.url, item)
    return item


def list_items(folder: Folder, wanted: Selection) -> list[Item]:
    """The items of one folder, not of those below it."""
    items = [item for item in folder.items.values() if wanted.accepts(item)]
    if wanted.by_name:
        return sorted(items, key=lambda item: item.name, reverse=wanted.descending)
    return sorted(items, key=lambda item: item.created_at, reverse=wanted.descending)


def list_folders(store: Store, wanted: Selection, parent: UUID | None, everywhere: bool) -> list[Folder]:
    """The folders below `parent` (at the top for None), or all of them."""
    folders = [
        folder
        for folder in store.folders.values()
        if (everywhere or folder.parent == parent)
        and (not wanted.search or wanted.search.lower() in folder.name.lower())
    ]
    if wanted.by_name:
        return sorted(folders, key=lambda folder: folder.name, reverse=wanted.descending)
    return sorted(folders, key=lambda folder: folder.created_at, reverse=wanted.descending)
