"""Delete items and folders. What is in use is refused: the platform's answer to that is not documented."""

from collections.abc import Sequence

from .holdings import Folder, Item
from .refusals import Invalid
from .storage import below, composites_of, forget, is_listed
from .store import Store


def delete_items(store: Store, folder: Folder, items: Sequence[Item], *, with_parts: bool) -> int:
    """Delete immediate items of a folder, all or none, and say how many are gone.

    With `with_parts` the parts go too, unless they are listed somewhere or used by others. An item with data rows
    or inside a group that stays is refused.
    """
    _check_unused(store, items)
    for item in items:
        forget(folder, item)
        del store.items[item.uuid]
    return len(items) + (_sweep(store, items) if with_parts else 0)


def delete_folder(store: Store, folder: Folder) -> None:
    """Delete a folder with all below it, or nothing if any item there is in use or a mirror dataset needs it.

    Upload jobs still running there are cancelled.
    """
    doomed = [folder, *below(store, folder)]
    if mirrors := [each.name for each in doomed if each.synced_dataset]:
        raise Invalid(f"folder {mirrors[0]!r} backs a mirror dataset; delete that first")
    items = [item for each in doomed for item in each.items.values()]
    _check_unused(store, items)
    for each in doomed:
        del store.folders[each.uuid]
    for job in store.jobs.values():
        if job.folder.uuid not in store.folders:
            job.end("CANCELLED")
    for item in items:
        del store.items[item.uuid]
    _sweep(store, items)


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
