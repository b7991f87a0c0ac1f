"""v2: making and listing datasets; their rows are the legacy protocol's business."""

from ..platform import access, datasets
from ..platform.holdings import Dataset
from ..platform.json_values import Json, JsonObject
from .calls import Call, Payload
from .described import described


class NewDataset(Payload):
    """Body of a dataset's creation."""

    title: str
    description: str | None = None
    create_backing_folder: bool = False


def create_dataset(call: Call) -> Json:
    """Make a dataset; with a backing folder it mirrors whatever is in there."""
    body = call.body(NewDataset)
    if body.create_backing_folder:
        dataset = datasets.create_mirror(call.store, body.title, body.description or "", call.user)
    else:
        dataset = datasets.create_dataset(call.store, body.title, body.description or "")
    folder = dataset.backing_folder
    return {"datasetUuid": str(dataset.uuid), "backingFolderUuid": str(folder) if folder else None}


def list_datasets(call: Call) -> Json:
    """The user's datasets that meet every condition, in one answer."""
    wanted = described(call)
    mine = [dataset for dataset in call.store.datasets.values() if access.admits(dataset, call.user)]
    return {"result": [_json(dataset) for dataset in mine if wanted.accepts(dataset, dataset.description)]}


def _json(dataset: Dataset) -> JsonObject:
    return {
        "datasetUuid": str(dataset.uuid),
        "title": dataset.title,
        "description": dataset.description,
        "createdAt": dataset.created_at.isoformat(),
        "lastEditedAt": dataset.created_at.isoformat(),
        "userRole": "admin",
        "storageLocation": 1,
        "backingFolderUuid": str(dataset.backing_folder) if dataset.backing_folder else None,
    }
