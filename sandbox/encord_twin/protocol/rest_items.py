"""v2: storage items."""

from collections.abc import Sequence
from uuid import UUID

from ..platform import deleting, moving, storage, storage_search
from ..platform.holdings import Dataset, Folder, Item
from ..platform.json_values import Json, JsonObject
from ..platform.refusals import Invalid, Missing
from .calls import Call, Payload
from .queries import page
from .rest_storage import Patch, selection
from .storage_wire import item_json

MOST_AT_ONCE = 1000  # the SDK bundles this many


class Items(Payload):
    """Body of a bulk read."""

    item_uuids: list[UUID]
    sign_urls: bool = False


class ItemPatches(Payload):
    """Body of a bulk change."""

    item_patches: dict[UUID, Patch]


class Deletion(Payload):
    """Body of deleting items."""

    child_uuids: list[UUID]
    remove_unused_frames: bool


class ItemMove(Payload):
    """Body of moving items."""

    item_uuids: list[UUID]
    new_parent_uuid: UUID
    allow_synced_dataset_move: bool = False


def list_items(call: Call) -> Json:
    """Items of a folder, and of those below it with `isRecursive`, page by page."""
    return _page(call, storage_search.list_items(call.store, [_folder(call)], selection(call)))


def search_items(call: Call) -> Json:
    """Items of all folders, page by page."""
    return _page(call, storage_search.list_items(call.store, list(call.store.folders.values()), selection(call)))


def get_item(call: Call) -> Json:
    """One item, with a signed URL if asked."""
    return item_json(call.store, call.store.item(call.uuid("item")), sign=call.flag("signUrl"))


def get_items(call: Call) -> Json:
    """Many items; one unknown UUID refuses them all."""
    body = call.body(Items)
    _check_number(body.item_uuids)
    return _all(call, [call.store.item(uuid) for uuid in body.item_uuids], sign=body.sign_urls)


def list_parts(call: Call) -> Json:
    """The images of a group or the files of a series, in order and on one page."""
    return _all(call, _item(call).parts, sign=call.flag("signUrls"))


def summarise_item(call: Call) -> Json:
    """Where an item is used."""
    item = _item(call)
    groups = storage.composites_of(call.store, item)
    uses = [_use(dataset, item) for dataset in call.store.datasets.values()]
    datasets = [use for use in uses if use["dataHashes"]]
    return {
        "frameInGroups": len(groups),
        "accessibleGroupItems": [_short(call, group) for group in groups],
        "usedInDatasets": len(datasets),
        "accessibleDatasets": datasets,
    }


def update_item(call: Call) -> Json:
    """Change name, description or metadata; the data rows of the item change with it."""
    item = _item(call)
    storage.update(call.store, item, call.body(Patch).changes())
    return item_json(call.store, item, sign=False)


def update_items(call: Call) -> Json:
    """Change many items, all or none."""
    patches = call.body(ItemPatches).item_patches
    _check_number(list(patches))
    changes = [(call.store.item(uuid), patch.changes()) for uuid, patch in patches.items()]
    for item, change in changes:
        storage.update(call.store, item, change)
    return _all(call, [item for item, _ in changes], sign=False)


def delete_items(call: Call) -> Json:
    """Delete items of a folder, all or none."""
    body, folder = call.body(Deletion), _folder(call)
    items = storage.children(folder, body.child_uuids)
    removed = deleting.delete_items(call.store, folder, items, with_parts=body.remove_unused_frames)
    return {"removedItemsCount": removed, "removedFoldersCount": 0}


def move_items(call: Call) -> Json:
    """Move items of a folder to another one, all or none."""
    body, folder = call.body(ItemMove), _folder(call)
    items = storage.children(folder, body.item_uuids)
    target = call.store.folder(body.new_parent_uuid)
    moving.move_items(call.store, folder, items, target, leave_mirrors=body.allow_synced_dataset_move)
    return None


def _page(call: Call, items: Sequence[Item]) -> Json:
    cut = page(items, call.query.get("pageToken"), call.page_size())
    sign = call.flag("signUrls")
    # Asked for metadata as signed URLs, the twin writes it out all the same: the SDK takes either.
    plain = call.query.get("includeClientMetadata", "true").lower() == "true"
    return {
        "results": [item_json(call.store, item, sign=sign, with_metadata=plain) for item in cut.results],
        "nextPageToken": cut.next_token,
    }


def _all(call: Call, items: Sequence[Item], *, sign: bool) -> Json:
    return {"results": [item_json(call.store, item, sign=sign) for item in items], "nextPageToken": None}


def _check_number(uuids: Sequence[UUID]) -> None:
    if len(uuids) > MOST_AT_ONCE:
        raise Invalid(f"at most {MOST_AT_ONCE} items per request")


def _folder(call: Call) -> Folder:
    return call.store.folder(call.uuid("folder"))


def _item(call: Call) -> Item:
    """The item of the path, which may be a part of another one."""
    folder, item = _folder(call), call.store.item(call.uuid("item"))
    if item.folder != folder.uuid:
        raise Missing(f"no item {item.uuid} in folder {folder.uuid}")
    return item


def _short(call: Call, item: Item) -> JsonObject:
    return {
        "uuid": str(item.uuid),
        "name": item.name,
        "parentUuid": str(item.folder),
        "parentName": call.store.folders[item.folder].name,
        "itemType": item.facts.kind.value,
    }


def _use(dataset: Dataset, item: Item) -> JsonObject:
    rows = [row for row in dataset.rows.values() if row.item.uuid == item.uuid]
    return {
        "datasetHash": str(dataset.uuid),
        "backingFolderUuid": str(dataset.backing_folder) if dataset.backing_folder else None,
        "title": dataset.title,
        "dataHashes": [str(row.data_hash) for row in rows],
        "dataUnitsCreatedAt": max((row.created_at for row in rows), default=dataset.created_at).isoformat(),
    }
