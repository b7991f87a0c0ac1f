"""Storage folders, upload jobs and datasets, through the SDK."""

from collections.abc import Sequence
from itertools import batched
from uuid import UUID

from encord.dataset import Dataset
from encord.exceptions import InvalidArgumentsError, PayloadTooLargeError
from encord.orm.dataset import DataLinkDuplicatesBehavior
from encord.orm.storage import UploadLongPollingState
from encord.storage import StorageFolder
from encord.user_client import EncordUserClient

from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.folder_items import AT_A_TIME, FolderItems
from encord_lambda.encord_platform.upload_items import data_upload_items
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.registration.integrations import chosen
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs.tracking import JobState, UnitFailure


class Storage:
    """What registering needs of Encord. Lives as long as its container and remembers what never changes."""

    def __init__(self, client: EncordUserClient) -> None:
        self._client = client
        self._integrations: dict[str, str] = {}
        self._folders: dict[UUID, StorageFolder] = {}
        self._datasets: dict[UUID, Dataset] = {}

    def start(self, folder: UUID, integration: str, manifest: Manifest) -> UUID:
        """Start an upload job in which each item may fail alone; answers the job's id.

        Raises:
            Misconfigured: There is no such folder or integration, or the key may not use it.
            Reject: Encord refuses the manifest for what is in it, or because it is too large.
        """
        place, access = self._folder(folder), self._integration(integration)
        files = data_upload_items(manifest)
        try:
            with translated(f"start an upload job in folder {folder}"):
                return place.add_private_data_to_folder_start(access, files, ignore_errors=True)
        except Reject as trouble:
            if isinstance(trouble.__cause__, InvalidArgumentsError | PayloadTooLargeError):
                raise
            raise Misconfigured(trouble.reason) from trouble

    def state(self, folder: UUID, job: UUID) -> JobState:
        """How far an upload job is, without waiting for it."""
        # The SDK sleeps through lost connections when it polls, 20 s in all. Asking for the folder first, and not
        # remembering it, fails at once while Encord is down.
        self._folders.pop(folder, None)
        place = self._folder(folder)
        with translated(f"look at upload job {job} of folder {folder}"):
            return _state(place.add_private_data_to_folder_get_result(job, timeout_seconds=0))

    def folder(self, folder: UUID) -> FolderItems:
        """The items of a folder."""
        return FolderItems(self._client, self._folder(folder))

    def link(self, dataset: UUID, items: Sequence[UUID]) -> None:
        """Link items to a dataset; those in it already are left alone.

        Raises:
            Misconfigured: There is no such dataset, or the key may not change it.
        """
        for chunk in batched(items, AT_A_TIME, strict=False):
            target = self._dataset(dataset)
            with translated(f"link {len(items)} items to dataset {dataset}"):
                target.link_items(list(chunk), duplicates_behavior=DataLinkDuplicatesBehavior.SKIP)

    def _folder(self, folder: UUID) -> StorageFolder:
        if folder not in self._folders:
            try:
                with translated(f"open storage folder {folder}"):
                    self._folders[folder] = self._client.get_storage_folder(folder)
            except Reject as trouble:
                raise Misconfigured(f"{trouble.reason} (a `folder` in pipeline.yaml)") from None
        return self._folders[folder]

    def _dataset(self, dataset: UUID) -> Dataset:
        if dataset not in self._datasets:
            try:
                with translated(f"open dataset {dataset}"):
                    self._datasets[dataset] = self._client.get_dataset(dataset, include_data_rows=False)
            except Reject as trouble:
                raise Misconfigured(f"{trouble.reason} (in `datasets` in pipeline.yaml)") from None
        return self._datasets[dataset]

    def _integration(self, name: str) -> str:
        """An integration's UUID, by that UUID or its title."""
        if name not in self._integrations:
            with translated("list the cloud integrations"):
                there_are = self._client.get_cloud_integrations()
            try:
                self._integrations[name] = chosen(name, [(entry.id, entry.title) for entry in there_are])
            except Misconfigured as trouble:
                raise Misconfigured(f"the integration in pipeline.yaml: {trouble.reason}") from None
        return self._integrations[name]


def _state(answer: UploadLongPollingState) -> JobState:
    return JobState(
        status=answer.status.value,
        items=[(item.name, item.item_uuid) for item in answer.items_with_names],
        failures=[UnitFailure(tuple(unit.object_urls), unit.error) for unit in answer.unit_errors],
        errors=answer.errors,
    )
