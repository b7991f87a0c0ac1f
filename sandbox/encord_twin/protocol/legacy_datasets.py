"""Legacy: datasets, their rows, and linking items to them."""

from uuid import UUID

from pydantic import BaseModel, Field

from ..platform import datasets
from ..platform.holdings import DataRow, Dataset
from ..platform.json_values import Json, JsonObject
from ..platform.refusals import Invalid
from ..platform.store import Store
from .calls import LegacyCall, Moment, parsed
from .label_wire import object_key
from .queries import matches_like


class Access(BaseModel):
    """What a reader of datasets wants in the answer."""

    fetch_client_metadata: bool = False
    fetch_rows: bool = True


class Reading(BaseModel):
    """Payload of reading a dataset."""

    dataset_access_settings: Access = Field(default_factory=Access)


class Rows(Reading):
    """Payload of listing rows; None means any."""

    title_eq: str | None = None
    title_like: str | None = None
    created_before: Moment | None = None
    created_after: Moment | None = None
    data_types: list[str] | None = None
    data_hashes: list[UUID] | None = None

    def accepts(self, row: DataRow) -> bool:
        """Whether a row meets every condition."""
        created = row.created_at
        return (
            (self.title_eq is None or row.item.name == self.title_eq)
            and (self.title_like is None or matches_like(self.title_like, row.item.name))
            and (self.created_before is None or created <= self.created_before)
            and (self.created_after is None or created >= self.created_after)
            and (self.data_types is None or "IMAGE" in self.data_types)
            and (self.data_hashes is None or row.data_hash in self.data_hashes)
        )


class Links(BaseModel):
    """Payload of linking."""

    item_uuids: list[UUID]
    duplicates_behavior: str = "SKIP"


def read_dataset(call: LegacyCall) -> Json:
    """A dataset with all its rows, unless told to leave them out."""
    dataset = call.store.dataset(call.resource)
    access = parsed(Reading, call.payload).dataset_access_settings
    rows = dataset.rows.values() if access.fetch_rows else []
    return {
        "title": dataset.title,
        "description": dataset.description,
        "dataset_type": "AWS_S3",
        "dataset_hash": str(dataset.uuid),
        "backing_folder_uuid": None,
        "data_rows": [row_json(row, access.fetch_client_metadata) for row in rows],
    }


def list_rows(call: LegacyCall) -> Json:
    """The rows that meet every condition, in one answer."""
    wanted = parsed(Rows, call.payload)
    rows = call.store.dataset(call.resource).rows.values()
    with_metadata = wanted.dataset_access_settings.fetch_client_metadata
    return [row_json(row, with_metadata) for row in rows if wanted.accepts(row)]


def link_items(call: LegacyCall) -> Json:
    """Link items, all or none; the answer holds the new rows."""
    body = parsed(Links, call.payload)
    dataset = _linked_to(call.store, call)
    items = [call.store.item(uuid) for uuid in body.item_uuids]
    return [row_json(row, False) for row in datasets.link_items(call.store, dataset, items, body.duplicates_behavior)]


def _linked_to(store: Store, call: LegacyCall) -> Dataset:
    if str(call.uid) != str(call.resource):
        raise Invalid("uid and ResourceID name different datasets")
    return store.dataset(call.resource)


def row_json(row: DataRow, with_client_metadata: bool) -> JsonObject:
    """A data row as the SDK parses it."""
    item = row.item
    return {
        "data_hash": str(row.data_hash),
        "data_title": item.name,
        "data_type": "IMAGE",
        "created_at": f"{row.created_at:%Y-%m-%d %H:%M:%S}",
        "last_edited_at": f"{item.edited_at:%Y-%m-%d %H:%M:%S}",
        "width": item.facts.width,
        "height": item.facts.height,
        "file_link": object_key(item.url),
        "file_size": item.facts.file_size,
        "file_type": item.facts.mime_type,
        "storage_location": 1,
        "frames_per_second": None,
        "duration": None,
        "images_data": None,
        "client_metadata": item.client_metadata if with_client_metadata else None,
        "signed_url": None,
        "is_optimised_image_group": False,
        "backing_item_uuid": str(item.uuid),
    }
