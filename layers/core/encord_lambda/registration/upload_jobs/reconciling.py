"""What became of each item of an upload job that has ended.

Encord answers with names and items, and with failures by URL. Names need not be unique, and duplicates that were
skipped may be missing; so items are known by their URL, and groups and series, which have none, by title and files.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from encord_lambda.registration.client_metadata import SOURCE
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs.receipts import Settled
from encord_lambda.registration.upload_jobs.tracking import JobState, StoredItem

OVERWRITTEN: Final = (
    "the object was overwritten after Encord registered it: Encord keeps the item as it was; "
    "if the new object is to be an item of its own, delete the old one there and upload it again"
)
_OF_FILES: Final = ("image_groups", "dicom_series")
_WITHOUT_URL: Final = (*_OF_FILES, "scenes", "image_groups_from_items")


class Folder(Protocol):
    """The items of the storage folder that a job puts its items into."""

    def items(self, ids: Sequence[UUID]) -> Sequence[StoredItem]:
        """These items."""

    def named(self, names: Sequence[str]) -> Sequence[StoredItem]:
        """The items with exactly these names."""

    def files(self, item: UUID) -> Sequence[str]:
        """The URLs of what is in a group or series, in order."""


def reconciled(manifest: Manifest, state: JobState, folder: Folder, submitted_at: datetime) -> Sequence[Settled]:
    """An entry for each item of the manifest, in its order.

    An item that was made after `submitted_at` is registered, an older one existed. So it makes no difference how often
    the job was started: what a first start made is registered also when a second one skips it.
    """
    search = _Search(manifest.items, state, folder)
    search.in_answer(folder.items(list(dict.fromkeys(item for _, item in state.items))))
    unknown = [item for _, item in search.missing() if not _failures(item, state)]
    if unknown:
        search.in_folder(folder.named(list(dict.fromkeys(map(name_of, unknown)))))
    known_urls = frozenset(chain.from_iterable(item.urls for item in manifest.items))
    stray = [one.reason for one in state.failures if known_urls.isdisjoint(one.urls)]
    return [
        _stored(item, search.found[place], submitted_at) if place in search.found else _failed(item, state, stray)
        for place, item in enumerate(manifest.items)
    ]


def name_of(item: Item) -> str:
    """What an item is called in Encord: its title, or else the path of its URL."""
    return item.title or urlsplit(item.urls[0]).path


class _Search:
    """Which stored item is which of the manifest."""

    def __init__(self, items: Sequence[Item], state: JobState, folder: Folder) -> None:
        self._items, self._state, self._folder = items, state, folder
        self.found: dict[int, StoredItem] = {}
        self._taken: set[UUID] = set()

    def missing(self) -> list[tuple[int, Item]]:
        """Places and items that are not found yet."""
        return [(place, item) for place, item in enumerate(self._items) if place not in self.found]

    def in_answer(self, stored: Sequence[StoredItem]) -> None:
        """Look among the items that Encord names for this job, where a title that is unique is proof enough."""
        self._by_url(stored)
        by_name = _by(lambda one: one.name, stored)
        open_ = [(place, item) for place, item in self.missing() if not self._has_failed(item)]
        rivals = _by(name_of, (item for _, item in open_))
        for place, item in open_:
            candidates = [one for one in _of_section(item, by_name[name_of(item)]) if one.id not in self._taken]
            unique = len(candidates) == len(rivals[name_of(item)]) == 1
            self._take(place, candidates if unique else self._made_of(item, by_name[name_of(item)]))

    def in_folder(self, stored: Sequence[StoredItem]) -> None:
        """Look among items of the folder that only share a name, where the files have to be the same."""
        self._by_url(stored)
        by_name = _by(lambda one: one.name, stored)
        for place, item in self.missing():
            self._take(place, self._made_of(item, by_name[name_of(item)]))

    def _by_url(self, stored: Sequence[StoredItem]) -> None:
        by_url = _by(lambda one: one.url, stored)
        for place, item in self.missing():
            if item.section not in _WITHOUT_URL:
                self._take(place, _of_section(item, by_url[item.urls[0]]))

    def _has_failed(self, item: Item) -> bool:
        """What is said of a group's files may be about one of them only, as an item by itself."""
        return item.section not in _WITHOUT_URL and bool(_failures(item, self._state))

    def _made_of(self, item: Item, candidates: Sequence[StoredItem]) -> Sequence[StoredItem]:
        """Those of the same files, of which Encord may list the first only if there are very many.

        Where the manifest names no files, the title has to do.
        """
        if item.section not in _WITHOUT_URL:
            return ()
        if item.section not in _OF_FILES:
            return [one for one in _of_section(item, candidates) if one.id not in self._taken]
        files = {one.id: frozenset(self._folder.files(one.id)) for one in _of_section(item, candidates)}
        same = [one for one in candidates if files.get(one.id) and files[one.id] <= set(item.urls)]
        return sorted(same, key=lambda one: -len(files[one.id]))

    def _take(self, place: int, candidates: Sequence[StoredItem]) -> None:
        """The first that is nobody's yet; an item that the manifest names twice is there once."""
        if candidates:
            self.found[place] = next((one for one in candidates if one.id not in self._taken), candidates[0])
            self._taken.add(self.found[place].id)


def _of_section(item: Item, candidates: Iterable[StoredItem]) -> list[StoredItem]:
    section = "image_groups" if item.section == "image_groups_from_items" else item.section
    return [one for one in candidates if one.section == section]


def _by[K, V](key: Callable[[V], K], values: Iterable[V]) -> Mapping[K, list[V]]:
    found: defaultdict[K, list[V]] = defaultdict(list)
    for value in values:
        found[key(value)].append(value)
    return found


def _stored(item: Item, stored: StoredItem, submitted_at: datetime) -> Settled:
    if stored.created_at >= submitted_at:
        return Settled(key=name_of(item), urls=item.urls, state="registered", item=stored.id)
    etag = _etag(item)
    reason = OVERWRITTEN if etag and stored.etag and etag != stored.etag else None
    return Settled(key=name_of(item), urls=item.urls, state="existing", item=stored.id, reason=reason)


def _etag(item: Item) -> str | None:
    return etag_of(item.client_metadata or {})


def etag_of(client_metadata: Mapping[str, object]) -> str | None:
    """The ETag of the object an item was made of, where client metadata says so."""
    source = client_metadata.get(SOURCE)
    etag = source.get("etag") if isinstance(source, dict) else None
    return etag if isinstance(etag, str) else None


def _failures(item: Item, state: JobState) -> list[str]:
    """What Encord says against it; a file may be in a group and an item by itself, and only one of them fail."""
    exactly = [one.reason for one in state.failures if one.urls and set(one.urls) == set(item.urls)]
    return exactly or [one.reason for one in state.failures if not set(one.urls).isdisjoint(item.urls)]


def _failed(item: Item, state: JobState, stray: Sequence[str]) -> Settled:
    said = _failures(item, state) or stray or state.errors
    reason = "; ".join(dict.fromkeys(said))
    if not _failures(item, state):
        told = f": {reason}" if reason else ""
        reason = f"Encord's upload job ended as {state.status} without an item for it{told}; upload the object again"
    return Settled(key=name_of(item), urls=item.urls, state="failed", reason=reason)
