"""What is in a storage folder, as far as registering has to know: a few requests for many items."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from itertools import batched, chain, islice
from typing import Final
from uuid import UUID

from encord.exceptions import AuthorisationError, ResourceNotFoundError
from encord.orm.storage import StorageItemType
from encord.storage import StorageFolder, StorageItem
from encord.user_client import EncordUserClient

from encord_lambda.encord_platform.client import translated
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.registration.manifests.items import Section
from encord_lambda.registration.upload_jobs.reconciling import etag_of
from encord_lambda.registration.upload_jobs.tracking import StoredItem

AT_A_TIME: Final = 1000
"""Items of one request (encord-protocol §11)."""
LOOKUPS_AT_ONCE: Final = 8
_SECTIONS: Final[Mapping[StorageItemType, Section]] = {
    StorageItemType.VIDEO: "videos",
    StorageItemType.IMAGE: "images",
    StorageItemType.IMAGE_GROUP: "image_groups",
    StorageItemType.IMAGE_SEQUENCE: "image_groups",
    StorageItemType.DICOM_SERIES: "dicom_series",
    StorageItemType.NIFTI: "nifti",
    StorageItemType.AUDIO: "audio",
    StorageItemType.PLAIN_TEXT: "text",
    StorageItemType.PDF: "pdfs",
    StorageItemType.SCENE: "scenes",
    StorageItemType.TIMESERIES: "time_series",
}


class FolderItems:
    """The items of one folder, as `registration.upload_jobs.reconciling.Folder` describes them."""

    def __init__(self, client: EncordUserClient, folder: StorageFolder) -> None:
        self._client, self._folder = client, folder

    def items(self, ids: Sequence[UUID]) -> Sequence[StoredItem]:
        """These items, without those that were deleted since; a request for each thousand."""
        chunks = batched(ids, AT_A_TIME, strict=False)
        return [_stored(item) for chunk in chunks for item in self._bulk(chunk)]

    def named(self, names: Sequence[str]) -> Sequence[StoredItem]:
        """The items with exactly these names.

        Names of one directory are listed together, as long as this takes no more requests than asking one by one.
        """
        directories: defaultdict[str, list[str]] = defaultdict(list)
        for name in names:
            directories[name.rpartition("/")[0]].append(name)
        with ThreadPoolExecutor(LOOKUPS_AT_ONCE) as pool:
            return self.items(list(chain.from_iterable(pool.map(self._together, directories.values()))))

    def files(self, item: UUID) -> Sequence[str]:
        """The URLs of what is in a group or series, in order; of very many perhaps the first only."""
        with translated(f"list what is in item {item}"):
            [found] = self._client.get_storage_items([item])
            return [child.url for child in found.get_child_items() if child.url]

    def _together(self, names: Sequence[str]) -> list[UUID]:
        most = AT_A_TIME * len(names)
        search = names[0] if len(names) == 1 else names[0].rpartition("/")[0]
        listed = list(islice(self._listed(search), most + 1))
        if len(listed) > most and len(names) > 1:
            return [found for name in names for found in self._together([name])]
        wanted = frozenset(names)
        return [item.uuid for item in listed if item.name in wanted]

    def _listed(self, search: str) -> Iterator[StorageItem]:
        with translated(f"list items of folder {self._folder.uuid}"):
            # Asked for client metadata, the SDK would fetch that of each item by a request of its own.
            yield from self._folder.list_items(search=search, include_client_metadata=False, page_size=AT_A_TIME)

    def _bulk(self, ids: Sequence[UUID]) -> list[StorageItem]:
        """One that is gone refuses them all, and is found by halves."""
        try:
            with translated(f"read {len(ids)} items of folder {self._folder.uuid}"):
                return self._client.get_storage_items(list(ids))
        except (Misconfigured, Reject) as trouble:
            if not isinstance(trouble.__cause__, AuthorisationError | ResourceNotFoundError):
                raise
        half = len(ids) // 2
        return [*self._bulk(ids[:half]), *self._bulk(ids[half:])] if half else []


def _stored(item: StorageItem) -> StoredItem:
    return StoredItem(
        id=item.uuid,
        name=item.name,
        url=item.url,
        section=_SECTIONS.get(item.item_type),
        created_at=item.created_at if item.created_at.tzinfo else item.created_at.replace(tzinfo=UTC),
        etag=etag_of(item.client_metadata or {}),
    )
