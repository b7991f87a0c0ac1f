"""Where an item is used, and taking its data units out of datasets, through the SDK."""

from collections.abc import Sequence
from uuid import UUID

from encord.user_client import EncordUserClient

from encord_lambda.encord_platform.client import translated
from encord_lambda.registration.removals import Use


class ItemUses:
    """As `registration.removals.Uses` describes them."""

    def __init__(self, client: EncordUserClient) -> None:
        self._client = client

    def of(self, folder: UUID, item: UUID) -> Use:
        """Where an item of a folder is used, in groups and datasets that the key may see: two requests.

        Raises:
            Reject: There is no such item.
        """
        with translated(f"look where item {item} of folder {folder} is used"):
            summary = self._client.get_storage_item(item).get_summary()
        datasets = {UUID(dataset.dataset_hash): tuple(dataset.data_hashes) for dataset in summary.accessible_datasets}
        return Use(tuple(group.name for group in summary.accessible_group_items), datasets)

    def take_out(self, dataset: UUID, data_units: Sequence[UUID]) -> None:
        """Delete data units from a dataset, all or none; their tasks and labels go, their items stay.

        Raises:
            Reject: There is no such dataset, or one of the data units is not in it.
            Misconfigured: The key may not change the dataset.
        """
        with translated(f"take {len(data_units)} data units out of dataset {dataset}"):
            found = self._client.get_dataset(dataset, include_data_rows=False)
            found.delete_data([str(data_unit) for data_unit in data_units])
