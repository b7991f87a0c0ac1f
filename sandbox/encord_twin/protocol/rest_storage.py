"""v2: cloud integrations and storage folders."""

import json
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from ..platform import deleting, moving, storage, storage_search, storage_summary
from ..platform.holdings import Folder
from ..platform.json_values import Json, JsonObject
from ..platform.media_facts import MediaKind
from ..platform.refusals import Invalid
from .calls import Call, Payload
from .queries import page
from .storage_wire import folder_json

# Names of a summary's counters that are not the kind with an s.
PLURALS = {MediaKind.DICOM_SERIES: "dicomSeries"}


class NewFolder(Payload):
    """Body of a folder's creation; metadata is JSON in a string here."""

    name: str
    description: str | None = None
    parent: UUID | None = None
    client_metadata: str | None = None
    cloud_synced_folder_params: JsonObject | None = None


class Patch(Payload):
    """What to change of an item or folder; metadata is an object here."""

    name: str | None = None
    description: str | None = None
    client_metadata: JsonObject | None = None

    def changes(self) -> storage.Changes:
        """The same, as the platform takes it."""
        return storage.Changes(self.name, self.description, self.client_metadata)


class FolderPatches(Payload):
    """Body of a bulk change."""

    folder_patches: dict[UUID, Patch]


class FolderMove(Payload):
    """Body of moving folders; None is the top."""

    folder_uuids: list[UUID]
    new_parent_uuid: UUID | None = None


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
    if body.cloud_synced_folder_params is not None:
        raise Invalid("the twin has no cloud-synced folders")
    metadata = _metadata(body.client_metadata)
    folder = storage.create_folder(call.store, body.name, call.user, parent=body.parent)
    folder.description, folder.client_metadata = body.description or "", metadata
    return folder_json(call.store, folder)


def get_folder(call: Call) -> Json:
    """One folder."""
    return folder_json(call.store, _folder(call))


def list_folders(call: Call) -> Json:
    """Folders at the top, or all with `isRecursive`."""
    return _page(call, storage_search.list_folders(call.store, None, selection(call)))


def search_folders(call: Call) -> Json:
    """Folders at any depth, whatever `isRecursive` says: the SDK leaves it False here."""
    return _page(call, storage_search.list_folders(call.store, None, replace(selection(call), recursive=True)))


def list_subfolders(call: Call) -> Json:
    """Folders directly below one, or all below it with `isRecursive`."""
    return _page(call, storage_search.list_folders(call.store, _folder(call), selection(call)))


def update_folder(call: Call) -> Json:
    """Change name, description or metadata."""
    folder = _folder(call)
    storage.update(call.store, folder, call.body(Patch).changes())
    return folder_json(call.store, folder)


def update_folders(call: Call) -> Json:
    """Change many folders, all or none."""
    patches = call.body(FolderPatches).folder_patches
    changes = [(call.store.folder(uuid), patch.changes()) for uuid, patch in patches.items()]
    for folder, change in changes:
        storage.update(call.store, folder, change)
    return {"results": [folder_json(call.store, folder) for folder, _ in changes], "nextPageToken": None}


def delete_folder(call: Call) -> Json:
    """Delete a folder with all below it, unless something there is in use."""
    deleting.delete_folder(call.store, _folder(call))
    return None


def move_folders(call: Call) -> Json:
    """Hang folders below another one, or at the top, all or none."""
    body = call.body(FolderMove)
    target = call.store.folder(body.new_parent_uuid) if body.new_parent_uuid else None
    moving.move_folders(call.store, [call.store.folder(uuid) for uuid in body.folder_uuids], target)
    return None


def summarise_folder(call: Call) -> Json:
    """How many of what are in a folder."""
    summary = storage_summary.summarise(call.store, _folder(call))
    return {
        "files": summary.files,
        "folders": summary.folders,
        **{PLURALS.get(kind, f"{kind}s"): summary.kinds[kind] for kind in MediaKind},
        "tombstones": 0,
        "uploadJobs": summary.jobs,
        "totalSize": summary.size,
    }


def selection(call: Call) -> storage_search.Selection:
    """The filters of a listing."""
    in_dataset = call.query.get("isInDataset")
    types = frozenset(call.query.getlist("itemTypes"))
    return storage_search.Selection(
        search=call.query.get("search"),
        in_dataset=None if in_dataset is None else call.flag("isInDataset"),
        item_types=types,
        recursive=call.flag("isRecursive"),
        by_name=call.query.get("order", "name") == "name",
        descending=call.flag("desc"),
    )


def _page(call: Call, folders: Sequence[Folder]) -> Json:
    if (synced := call.query.get("datasetSynced")) is not None:
        wanted = synced.lower() == "true"
        folders = [folder for folder in folders if (folder.synced_dataset is not None) == wanted]
    cut = page(folders, call.query.get("pageToken"), call.page_size())
    return {"results": [folder_json(call.store, each) for each in cut.results], "nextPageToken": cut.next_token}


def _folder(call: Call) -> Folder:
    return call.store.folder(call.uuid("folder"))


def _metadata(text: str | None) -> JsonObject | None:
    try:
        metadata = None if text is None else json.loads(text)
    except ValueError as error:
        raise Invalid("clientMetadata is not JSON") from error
    if metadata is not None and not isinstance(metadata, dict):
        raise Invalid("clientMetadata is not a JSON object")
    return metadata
