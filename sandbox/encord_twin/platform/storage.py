"""Folders and items: made and changed. Finding, moving and deleting them have modules of their own."""

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
    """What to change of an item or folder; None leaves as it is, metadata is replaced whole.

    Impossible changes are `Invalid` when they are made up, so that nothing of a bulk change has happened by then.
    """

    name: str | None = None
    description: str | None = None
    client_metadata: JsonObject | None = None

    def __post_init__(self) -> None:
        """Check the name."""
        if self.name is not None:
            _check_name(self.name)


def create_folder(
    store: Store, name: str, owner: str, *, uuid: UUID | None = None, parent: UUID | None = None
) -> Folder:
    """Make an empty folder; names need not be unique."""
    _check_name(name)
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
    if changes.name is not None:
        thing.name = changes.name
    if changes.description is not None:
        thing.description = changes.description
    if changes.client_metadata is not None:
        thing.client_metadata = changes.client_metadata
    thing.edited_at = store.now()


def children(folder: Folder, uuids: Sequence[UUID]) -> list[Item]:
    """Immediate items of the folder, each once, or `Missing`; parts are none."""
    if strangers := [uuid for uuid in uuids if uuid not in folder.items]:
        raise Missing(f"no item {strangers[0]} in folder {folder.uuid}")
    return [folder.items[uuid] for uuid in dict.fromkeys(uuids)]


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


def _check_name(name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(f"a name has 1 to {LONGEST_NAME} characters, not {len(name)}")


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
