"""Legacy: datasets and their rows: read, linked, deleted."""

from uuid import UUID

from pydantic import BaseModel, Field

from ..platform import datasets
from ..platform.holdings import DataRow, Dataset
from ..platform.json_values import Json
from ..platform.refusals import Invalid, Missing
from ..platform.store import Store
from .calls import LegacyCall, Moment, parsed
from .data_row_wire import images_json, row_json
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
            and (self.data_types is None or (row.item.facts.kind.data_type or "").upper() in self.data_types)
            and (self.data_hashes is None or row.data_hash in self.data_hashes)
        )


class ImagesData(BaseModel):
    """What a reader wants of a group's images."""

    fetch_signed_urls: bool = False


class Additional(BaseModel):
    """What a reader wants of a row besides the row."""

    signed_url: bool = False
    client_metadata: bool = False
    images_data_fetch_options: ImagesData | None = None


class RowReading(BaseModel):
    """Payload of reading one row."""

    additional_data: Additional = Field(default_factory=Additional)


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
        "backing_folder_uuid": str(dataset.backing_folder) if dataset.backing_folder else None,
        "data_rows": [row_json(row, with_client_metadata=access.fetch_client_metadata) for row in rows],
    }


def list_rows(call: LegacyCall) -> Json:
    """The rows that meet every condition, in one answer."""
    wanted = parsed(Rows, call.payload)
    rows = call.store.dataset(call.resource).rows.values()
    with_metadata = wanted.dataset_access_settings.fetch_client_metadata
    return [row_json(row, with_client_metadata=with_metadata) for row in rows if wanted.accepts(row)]


def read_row(call: LegacyCall) -> Json:
    """One row with what was asked for: links, images, metadata."""
    wanted, dataset = parsed(RowReading, call.payload).additional_data, call.store.dataset(call.resource)
    row = dataset.rows.get(parsed(UUID, call.uid))
    if row is None:
        raise Missing(f"no data row {call.uid} in dataset {dataset.uuid}")
    content = row_json(row, with_client_metadata=wanted.client_metadata)
    if wanted.signed_url:
        content["signed_url"] = call.store.signed_url(row.item)
    if wanted.images_data_fetch_options is not None:
        sign = wanted.images_data_fetch_options.fetch_signed_urls
        content["images_data"] = images_json(call.store, row, sign=sign)
    return content


def delete_rows(call: LegacyCall) -> Json:
    """Delete rows, all or none; their items stay in storage."""
    datasets.delete_rows(call.store, call.store.dataset(call.resource), call.uids())
    return True


def link_items(call: LegacyCall) -> Json:
    """Link items, all or none; the answer holds the new rows."""
    body = parsed(Links, call.payload)
    dataset = _linked_to(call.store, call)
    items = [call.store.item(uuid) for uuid in body.item_uuids]
    rows = datasets.link_items(call.store, dataset, items, body.duplicates_behavior)
    return [row_json(row, with_client_metadata=False) for row in rows]


def _linked_to(store: Store, call: LegacyCall) -> Dataset:
    if str(call.uid) != str(call.resource):
        raise Invalid("uid and ResourceID name different datasets")
    return store.dataset(call.resource)
