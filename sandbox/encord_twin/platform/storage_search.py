"""Find items and folders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .holdings import Folder, Item
from .storage import below
from .store import Store


@dataclass(frozen=True)
class Selection:
    """Which folders or items a listing wants, and in which order."""

    search: str | None = None
    in_dataset: bool | None = None
    item_types: frozenset[str] = frozenset()
    recursive: bool = False
    by_name: bool = True
    descending: bool = False

    def accepts(self, item: Item) -> bool:
        """Whether an item belongs in the listing; `search` is a part of its name, in any case."""
        return (
            self.names(item.name)
            and (self.in_dataset is None or self.in_dataset == (item.links > 0))
            and (not self.item_types or item.facts.kind in self.item_types)
        )

    def names(self, name: str) -> bool:
        """Whether the searched text is in a name."""
        return not self.search or self.search.lower() in name.lower()

    def ordered[T: (Item, Folder)](self, found: Iterable[T]) -> list[T]:
        """By name or age; equals stay in the order they were made, so that pages fit together."""
        if self.by_name:
            return sorted(found, key=lambda entry: entry.name, reverse=self.descending)
        return sorted(found, key=lambda entry: entry.created_at, reverse=self.descending)


def list_items(store: Store, folders: Sequence[Folder], wanted: Selection) -> list[Item]:
    """The items of these folders, and of those below them if the selection is recursive."""
    if wanted.recursive:
        folders = [*folders, *(deeper for folder in folders for deeper in below(store, folder))]
    items = {item.uuid: item for folder in folders for item in folder.items.values() if wanted.accepts(item)}
    return wanted.ordered(items.values())


def list_folders(store: Store, parent: Folder | None, wanted: Selection) -> list[Folder]:
    """The folders directly below `parent` (at the top for None), or all below it if recursive."""
    if wanted.recursive:
        folders = list(store.folders.values()) if parent is None else list(below(store, parent))
    else:
        folders = [each for each in store.folders.values() if each.parent == (parent.uuid if parent else None)]
    return wanted.ordered(each for each in folders if wanted.names(each.name))
