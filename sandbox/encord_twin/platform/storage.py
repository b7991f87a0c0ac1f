"""Folders and items: made, changed and deleted. Moving them is in `moving`, finding them in `storage_search`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from .holdings import Folder, Integration, Item, Source, source
from .identifiers import identifier
from .json_values import JsonObject
from .media_facts import Facts
from .refusals import Invalid, Missing
from .store import Store

LONGEST_NAME = 300


@dataclass(frozen=True)
class NewItem:
    """A file about to be registered, or several as one; parts may be items already."""

    url: str | None
    name: str
    facts: Facts
    client_metadata: JsonObject
    parts: tuple["NewItem | Item", ...] = ()

    @property
    def source(self) -> Source:
        """What it is made of."""
        return source(self.facts.kind, [part.url for part in self.parts] or [self.url])


@dataclass(frozen=True)
class Changes:
    """What to change of an item or folder; None leaves as it is, metadata is replaced whole."""

    name: str | None = None
    description: str | None = None
    client_metadata: JsonObject | None = None


def create_folder(
    store: Store, name: str, owner: str, *, uuid: UUID | None = None, parent: UUID | None = None
) -> Folder:
    """Make an empty folder; names need not be unique."""
    if parent is not None and parent not in store.folders:
        raise Missing(f"no storage folder {parent}")
    now = store.now()
    folder = Folder(uuid or uuid4(), name, owner, now, now, parent)
    store.folders[folder.uuid] = folder
    return folder


def add_item(store: Store, folder: Folder, integration: Integration | None, new: NewItem) -> Item:
    """Register a file. A URL registered before gets a second item: skipping is the job's business."""
    uuid = identifier("item", folder.uuid, new.url or new.name, folder.made)
    item = _make(store, folder, integration, uuid, new)
    folder.items[item.uuid] = item
    folder.by_source.setdefault(item.source, item)
    folder.made += 1
    return item


def update(store: Store, thing: Item | Folder, changes: Changes) -> None:
    """Change an item or folder."""
    if changes.name is not None and not 0 < len(changes.name) <= LONGEST_NAME:
        raise Invalid(f"a name has 1 to {LONGEST_NAME} characters, not {len(changes.name)}")
    if changes.name is not None:
        thing.name = changes.name
    if changes.description is not None:
        thing.description = changes.description
    if changes.client_metadata is not None:
        thing.client_metadata = changes.client_metadata
    thing.edited_at = store.now()


def child(folder: Folder, uuid: UUID) -> Item:
    """An immediate item of the folder, or `Missing`; parts are none."""
    if uuid not in folder.items:
        raise Missing(f"no item {uuid} in folder {folder.uuid}")
    return folder.items[uuid]


def delete_items(store: Store, folder: Folder, items: Sequence[Item], *, with_parts: bool) -> int:
    """Delete immediate items of a folder, all or none, and say how many are gone.

    With `with_parts` the parts go too, unless they are listed somewhere or used by others. An item with data rows
    or inside a group that stays is refused: what the platform does with their labels is not documented.
    """
    _check_unused(store, items)
    for item in items:
        forget(folder, item)
        del store.items[item.uuid]
    return len(items) + (_sweep(store, items) if with_parts else 0)


def delete_folder(store: Store, folder: Folder) -> None:
    """Delete a folder with all below it, or nothing if any item there is in use or a mirror dataset needs it."""
    doomed = [folder, *below(store, folder)]
    if mirrors := [each.name for each in doomed if each.synced_dataset]:
        raise Invalid(f"folder {mirrors[0]!r} backs a mirror dataset; delete that first")
    items = [item for each in doomed for item in each.items.values()]
    _check_unused(store, items)
    for each in doomed:
        del store.folders[each.uuid]
    for item in items:
        del store.items[item.uuid]
    _sweep(store, items)


def below(store: Store, folder: Folder) -> Iterator[Folder]:
    """The folders under a folder, at any depth."""
    for each in list(store.folders.values()):
        if each.parent == folder.uuid:
            yield each
            yield from below(store, each)


def forget(folder: Folder, item: Item) -> None:
    """Take an item off a folder's list; the next one made of the same takes its place for `skipDuplicateUrls`."""
    del folder.items[item.uuid]
    if folder.by_source.get(item.source) is item:
        del folder.by_source[item.source]
        twin = next((other for other in folder.items.values() if other.source == item.source), None)
        if twin is not None:
            folder.by_source[twin.source] = twin


def is_listed(store: Store, item: Item) -> bool:
    """Whether an item is in its folder for itself, and not only as a part."""
    folder = store.folders.get(item.folder)
    return folder is not None and item.uuid in folder.items


def composites_of(store: Store, item: Item) -> list[Item]:
    """The groups and series an item is a part of."""
    return [other for other in store.items.values() if any(part.uuid == item.uuid for part in other.parts)]


def _make(store: Store, folder: Folder, integration: Integration | None, uuid: UUID, new: NewItem) -> Item:
    parts = tuple(
        part if isinstance(part, Item) else _make(store, folder, integration, identifier("part", uuid, number), part)
        for number, part in enumerate(new.parts)
    )
    now = store.now()
    item = Item(
        uuid=uuid,
        folder=folder.uuid,
        integration=integration.uuid if integration else None,
        url=new.url,
        name=new.name,
        created_at=now,
        edited_at=now,
        owner=folder.owner,
        facts=new.facts,
        client_metadata=new.client_metadata,
        parts=parts,
    )
    store.items[uuid] = item
    return item


def _check_unused(store: Store, items: Sequence[Item]) -> None:
    if linked := [item for item in items if item.links]:
        raise Invalid(f"{len(linked)} items are in datasets, e.g. {linked[0].name!r}: delete their data rows first")
    going = {item.uuid for item in items}
    for other in store.items.values():
        if other.uuid not in going and any(part.uuid in going for part in other.parts):
            raise Invalid(f"an item is part of {other.name!r}: delete that first")


def _sweep(store: Store, gone: Sequence[Item]) -> int:
    """Delete the parts of deleted composites that nothing lists or uses any more, and say how many."""
    parts = {part.uuid: part for item in gone for part in item.parts if part.uuid in store.items}
    for part in list(parts.values()):
        if is_listed(store, part) or composites_of(store, part):
            del parts[part.uuid]
    for uuid in parts:
        del store.items[uuid]
    return len(parts)
