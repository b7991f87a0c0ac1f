"""Move items and folders. What leaves or enters a mirror dataset's folder leaves or enters the dataset."""

from collections.abc import Sequence

from . import datasets, storage
from .holdings import Folder, Item
from .refusals import Invalid
from .store import Store


def move_items(store: Store, origin: Folder, items: Sequence[Item], target: Folder, *, leave_mirrors: bool) -> None:
    """Move items, all or none. Items of a mirror dataset stay unless `leave_mirrors`, which deletes their rows."""
    mirror = origin.synced_dataset
    if mirror is not None and not leave_mirrors:
        raise Invalid("the folder backs a mirror dataset: moving items would delete their data rows and labels")
    for item in items:
        for part in item.parts:
            if not storage.is_listed(store, part):
                part.folder = target.uuid
        storage.forget(origin, item)
        item.folder = target.uuid
        target.items[item.uuid] = item
        target.by_source.setdefault(item.source, item)
    if mirror is not None:
        moved = {item.uuid for item in items}
        dataset = store.datasets[mirror]
        datasets.delete_rows(store, dataset, [row.data_hash for row in dataset.rows.values() if row.item.uuid in moved])
    datasets.mirror(store, target, items)


def move_folders(store: Store, folders: Sequence[Folder], target: Folder | None) -> None:
    """Hang folders below another one, or at the top for None, all or none."""
    forbidden = {each.uuid for folder in folders for each in (folder, *storage.below(store, folder))}
    if target is not None and target.uuid in forbidden:
        raise Invalid("a folder cannot be moved into itself")
    for folder in folders:
        folder.parent = target.uuid if target else None
        folder.edited_at = store.now()
