"""v2: cloud integrations, storage folders and items; also the creation of datasets."""

import json
from uuid import UUID

from ..platform import datasets, storage
from ..platform.holdings import Folder, Item
from ..platform.json_values import Json, JsonObject
from ..platform.refusals import Invalid
from ..platform.store import Store
from .calls import Call, Payload
from .queries import page


class NewFolder(Payload):
    """Body of a folder's creation; metadata is JSON in a string here."""

    name: str
    description: str | None = None
    parent: UUID | None = None
    client_metadata: str | None = None


class Items(Payload):
    """Body of a bulk read."""

    item_uuids: list[UUID]
    sign_urls: bool = False


class NewDataset(Payload):
    """Body of a dataset's creation."""

    title: str
    description: str | None = None
    create_backing_folder: bool = False


def list_integrations(call: Call) -> Json:
    """Integrations, by UUID or title if asked."""
    uuids, titles = (
        call.query.getlist("filterIntegrationUuids"),
        call.query.getlist("filterIntegrationTitles"),
    )
    wanted = [
        integration
        for integration in call.store.integrations.values()
        if (not uuids or str(integration.uuid) in uuids) and (not titles or integration.title in titles)
    ]
    return {"result": [{"integrationUuid": str(entry.uuid), "title": entry.title} for entry in wanted]}


def create_folder(call: Call) -> Json:
    """Make a folder."""
    body = call.body(NewFolder)
    folder = storage.create_folder(call.store, body.name, call.user, parent=body.parent)
    folder.description, folder.client_metadata = body.description or "", body.client_metadata
    return folder_json(call.store, folder)


def get_folder(call: Call) -> Json:
    """One folder."""
    return folder_json(call.store, call.store.folder(call.uuid("folder")))


def list_folders(call: Call) -> Json:
    """Folders at the top, or all with `isRecursive`."""
    folders = storage.list_folders(call.store, _selection(call), None, call.flag("isRecursive"))
    cut = page(folders, call.query.get("pageToken"), call.page_size())
    return {
        "results": [folder_json(call.store, entry) for entry in cut.results],
        "nextPageToken": cut.next_token,
    }


def list_items(call: Call) -> Json:
    """Items of a folder, page by page."""
    items = storage.list_items(call.store.folder(call.uuid("folder")), _selection(call))
    cut = page(items, call.query.get("pageToken"), call.page_size())
    sign = call.flag("signUrls")
    return {
        "results": [item_json(call.store, entry, sign) for entry in cut.results],
        "nextPageToken": cut.next_token,
    }


def get_item(call: Call) -> Json:
    """One item, with a signed URL if asked."""
    return item_json(call.store, call.store.item(call.uuid("item")), call.flag("signUrl"))


def get_items(call: Call) -> Json:
    """Many items; one unknown UUID refuses them all."""
    body = call.body(Items)
    items = [call.store.item(uuid) for uuid in body.item_uuids]
    return {"results": [item_json(call.store, item, body.sign_urls) for item in items], "nextPageToken": None}


def create_dataset(call: Call) -> Json:
    """Make a dataset, never with a backing folder."""
    body = call.body(NewDataset)
    if body.create_backing_folder:
        raise Invalid("the twin has no mirror datasets: create_backing_folder must be false")
    dataset = datasets.create_dataset(call.store, body.title, body.description or "")
    return {"datasetUuid": str(dataset.uuid), "backingFolderUuid": None}


def _selection(call: Call) -> storage.Selection:
    in_dataset = call.query.get("isInDataset")
    return storage.Selection(
        search=call.query.get("search"),
        in_dataset=None if in_dataset is None else call.flag("isInDataset"),
        item_types=frozenset(call.query.getlist("itemTypes")),
        by_name=call.query.get("order", "name") == "name",
        descending=call.flag("desc"),
    )


def folder_json(store: Store, folder: Folder) -> JsonObject:
    """A folder as the SDK parses it."""
    return {
        "uuid": str(folder.uuid),
        "parent": str(folder.parent) if folder.parent else None,
        "name": folder.name,
        "description": folder.description,
        "clientMetadata": folder.client_metadata,
        "owner": folder.owner,
        "createdAt": folder.created_at.isoformat(),
        "lastEditedAt": folder.created_at.isoformat(),
        "userRole": "admin",
        "syncedDatasetHash": None,
        "pathToRoot": _path_to_root(store, folder),
    }


def _path_to_root(store: Store, folder: Folder) -> list[JsonObject]:
    path: list[JsonObject] = []
    while folder.parent is not None:
        folder = store.folders[folder.parent]
        parent = str(folder.parent) if folder.parent else None
        path.append({"uuid": str(folder.uuid), "parentUuid": parent, "name": folder.name, "syncedDatasetHash": None})
    return path


NOT_AN_IMAGES = """
duration fps frameCount dicomInstanceUid dicomStudyUid dicomSeriesUid
audioSampleRate audioBitDepth audioCodec audioNumChannels
"""


def item_json(store: Store, item: Item, sign: bool) -> JsonObject:
    """An item as the SDK parses it; every key is there, metadata is JSON in a string."""
    return {
        "uuid": str(item.uuid),
        "parent": str(item.folder),
        "itemType": "image",
        "name": item.name,
        "description": "",
        "clientMetadata": json.dumps(item.client_metadata),
        "owner": item.owner,
        "createdAt": item.created_at.isoformat(),
        "lastEditedAt": item.edited_at.isoformat(),
        "backedDataUnitsCount": item.links,
        "storageLocation": "s3",
        "integrationHash": str(item.integration) if item.integration else None,
        "url": item.url,
        "signedUrl": store.signed_url(item) if sign else None,
        "fileSize": item.facts.file_size,
        "mimeType": item.facts.mime_type,
        "height": item.facts.height,
        "width": item.facts.width,
        **dict.fromkeys(NOT_AN_IMAGES.split()),
    }
