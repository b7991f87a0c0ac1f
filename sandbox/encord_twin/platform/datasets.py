"""Datasets and the items linked to them."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from . import storage, workflow
from .holdings import DataRow, Dataset, Folder, Item
from .identifiers import identifier
from .refusals import Exists, Invalid, Missing
from .store import Store


def create_dataset(store: Store, title: str, description: str = "", uuid: UUID | None = None) -> Dataset:
    """Make an empty dataset that mirrors no folder."""
    dataset = Dataset(uuid or uuid4(), title, store.now(), description)
    store.datasets[dataset.uuid] = dataset
    return dataset


def create_mirror(store: Store, title: str, description: str, owner: str) -> Dataset:
    """Make a dataset together with a folder of the same name that backs it."""
    dataset = create_dataset(store, title, description)
    folder = storage.create_folder(store, title, owner)
    folder.synced_dataset, dataset.backing_folder = dataset.uuid, folder.uuid
    return dataset


def mirror(store: Store, folder: Folder, items: Sequence[Item]) -> None:
    """Link what came into a folder to the dataset it backs, if any."""
    if folder.synced_dataset is not None:
        link_items(store, store.datasets[folder.synced_dataset], items, "SKIP")


def link_items(store: Store, dataset: Dataset, items: Sequence[Item], duplicates: str) -> list[DataRow]:
    """Link items, all or none, and send each new row into the workflows of the dataset's projects.

    Answers the new rows only: with SKIP, an item that was already there is left out.
    """
    if duplicates not in ("SKIP", "FAIL", "DUPLICATE"):
        raise Invalid(f"unknown duplicates_behavior {duplicates}")
    if odd := [item for item in items if item.facts.kind.data_type is None]:
        raise Invalid(f"{odd[0].name!r} is a {odd[0].facts.kind.words}; link the series it belongs to")
    fresh = {item.uuid: item for item in items if not dataset.holding[item.uuid]}
    if duplicates == "FAIL" and len(fresh) < len(items):
        raise Exists(f"{len(items) - len(fresh)} items are already in the dataset")
    linked = items if duplicates == "DUPLICATE" else fresh.values()
    return [_link(store, dataset, item) for item in linked]


def delete_rows(store: Store, dataset: Dataset, data_hashes: Sequence[UUID]) -> None:
    """Delete rows, all or none: their tasks and labels are gone from all projects, the items stay in their folders."""
    if unknown := [data for data in data_hashes if data not in dataset.rows]:
        raise Missing(f"{len(unknown)} data rows are not in the dataset, for example {unknown[0]}")
    projects = store.projects_with(dataset.uuid)
    for data in set(data_hashes):
        row = dataset.rows.pop(data)
        row.item.links -= 1
        dataset.holding[row.item.uuid] -= 1
        for project in projects:
            workflow.withdraw(project, row)


def _link(store: Store, dataset: Dataset, item: Item) -> DataRow:
    row = DataRow(identifier("data", dataset.uuid, item.uuid, dataset.linked), dataset.uuid, item, store.now())
    dataset.rows[row.data_hash] = row
    dataset.linked += 1
    dataset.holding[item.uuid] += 1
    item.links += 1
    for project in store.projects_with(dataset.uuid):
        workflow.start_task(store, project, row)
    return row
