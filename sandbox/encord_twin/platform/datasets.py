"""Datasets and the items linked to them."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from . import workflow
from .holdings import DataRow, Dataset, Item
from .identifiers import identifier
from .refusals import Exists, Invalid
from .store import Store


def create_dataset(store: Store, title: str, description: str = "", uuid: UUID | None = None) -> Dataset:
    """Make an empty dataset that mirrors no folder."""
    dataset = Dataset(uuid or uuid4(), title, store.now(), description)
    store.datasets[dataset.uuid] = dataset
    return dataset


def link_items(store: Store, dataset: Dataset, items: Sequence[Item], duplicates: str) -> list[DataRow]:
    """Link items, all or none, and send each new row into the workflows of the dataset's projects.

    Answers the new rows only: with SKIP, an item that was already there is left out.
    """
    if duplicates not in ("SKIP", "FAIL", "DUPLICATE"):
        raise Invalid(f"unknown duplicates_behavior {duplicates}")
    known = {row.item.uuid for row in dataset.rows.values()}
    fresh = {item.uuid: item for item in items if item.uuid not in known}
    if duplicates == "FAIL" and len(fresh) < len(items):
        raise Exists(f"{len(items) - len(fresh)} items are already in the dataset")
    linked = items if duplicates == "DUPLICATE" else fresh.values()
    return [_link(store, dataset, item) for item in linked]


def _link(store: Store, dataset: Dataset, item: Item) -> DataRow:
    row = DataRow(identifier("data", dataset.uuid, item.uuid, len(dataset.rows)), dataset.uuid, item, store.now())
    dataset.rows[row.data_hash] = row
    item.links += 1
    for project in store.projects_with(dataset.uuid):
        workflow.start_task(store, project, row)
    return row
