"""Import manifests of the size that upload jobs should have (import-formats §7)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from operator import attrgetter
from typing import Final, TypeGuard, get_args

from encord_lambda.config_registration import Jobs
from encord_lambda.errors import Reject
from encord_lambda.registration.manifests.entries import Entry, Fault, InParts, InRuns, Reading, parts
from encord_lambda.registration.manifests.items import Audio, Image, Item, Nifti, Pdf, Text, Video
from encord_lambda.registration.manifests.manifest import SECTIONS, Manifest

MOST_URLS: Final = 10_000
"""Of one job."""
AT_ONCE: Final = 50
"""Items that are looked at together."""
MEGABYTE: Final = 1_000_000
_KEYS: Final = 200
"""Bytes of the keys and brackets of an item without metadata, and of a manifest's own."""
_ESCAPED: Final = 6
"""Bytes a character of a title can take in JSON."""
_NUMBERED: Final = 24
"""Bytes of a key such as `objectUrl_12345`, with what is around it."""
type _File = Video | Image | Audio | Text | Pdf | Nifti
_FILES: Final = get_args(_File.__value__)
_PLAIN: Final = frozenset(("object_url", "title"))
"""What an item without metadata has."""
_fields_set: Final = attrgetter("__pydantic_fields_set__")


class TooLarge(Reject):
    """A single item is larger than a whole job may be, and it cannot be split."""


def split(items: Iterable[Item], jobs: Jobs) -> Iterator[Manifest]:
    """Manifests of one type each, as soon as they are full; the order within a type is kept, and no item is split.

    One is full when another item would be more than `jobs` allows, or more than 10,000 URLs. At most one manifest of
    each type is held open. Sizes are estimated from above, so that a manifest's JSON is never larger than allowed.

    Raises:
        TooLarge: An item alone is more than a job may have.
    """
    chunks = {section: _Chunk(jobs, section) for section in SECTIONS}
    for batch in batched(items, AT_ONCE, strict=False):
        chunk = chunks[batch[0].section]
        if not chunk.take_all(batch):
            for item in batch:
                yield from chunks[item.section].take(item)
        elif chunk.is_full:
            yield chunk.closed()
    yield from (chunk.closed() for chunk in chunks.values() if chunk.items)


def too_large(item: Item, jobs: Jobs) -> TooLarge | None:
    """What keeps an item from being imported at all: alone, it is more than a job may have."""
    if len(item.urls) > MOST_URLS:
        return TooLarge(f"it has {len(item.urls):,} files, and one upload job takes {MOST_URLS:,}: split it")
    if not _are_plain((item,)) and _KEYS + _size(item) > jobs.megabytes * MEGABYTE:
        said = f"its URLs and metadata are more than the {jobs.megabytes} MB of an upload job"
        return TooLarge(f"{said}: shorten the metadata, split it, or raise `jobs.megabytes`")
    return None


def fitting(reading: Reading, jobs: Jobs) -> Reading:
    """A reading in which each item that alone is larger than a job may be is a fault."""
    return InRuns(_fitting(parts(reading), jobs))


def _fitting(found_ones: InParts, jobs: Jobs) -> InParts:
    for found in found_ones:
        if isinstance(found, Entry) and too_large(found.item, jobs):
            said = f"is larger than the {jobs.megabytes} MB of an upload job"
            yield Fault("J37", found.place, said, "shorten its metadata, split the group, or raise `jobs.megabytes`")
        else:
            yield found


class _Chunk:
    """What the next manifest of a type will have."""

    def __init__(self, jobs: Jobs, section: str) -> None:
        self._jobs = jobs
        self._most = jobs.videos if section == "videos" else jobs.images
        self._largest = jobs.megabytes * MEGABYTE
        self.items: list[Item] = []
        self._urls, self._size = 0, _KEYS

    @property
    def is_full(self) -> bool:
        """Whether it has as many items as it may."""
        return len(self.items) >= self._most

    def take_all(self, items: Sequence[Item]) -> bool:
        """Take items at once, if they are all of one type, of one file each, without metadata, and fit."""
        if not _are_plain(items):
            return False
        # With attrgetter it takes twice as long.
        size = sum([_KEYS + len(item.object_url) + _ESCAPED * len(item.title or "") for item in items])
        if len(self.items) + len(items) > self._most or not self._fits(len(items), size):
            return False
        self._put(items, len(items), size)
        return True

    def take(self, item: Item) -> Iterator[Manifest]:
        """Take an item; gives the manifest that is full without it, and the one that is full with it."""
        urls, size = len(item.urls), _size(item)
        if not self._fits(urls, size):
            if self.items:
                yield self.closed()
            if trouble := too_large(item, self._jobs):
                raise TooLarge(f"{item.title or item.urls[0]}: {trouble.reason}")
        self._put((item,), urls, size)
        if self.is_full:
            yield self.closed()

    def closed(self) -> Manifest:
        """What there is; the next one begins empty."""
        manifest = Manifest.of(self.items)
        self.items = []
        self._urls, self._size = 0, _KEYS
        return manifest

    def _fits(self, urls: int, size: int) -> bool:
        return self._urls + urls <= MOST_URLS and self._size + size <= self._largest

    def _put(self, items: Sequence[Item], urls: int, size: int) -> None:
        self.items += items
        self._urls += urls
        self._size += size


def _are_plain(items: Sequence[Item]) -> TypeGuard[Sequence[_File]]:
    """Whether all are of one type, of one file each, and without metadata."""
    are_files = len({*map(type, items)}) == 1 and isinstance(items[0], _FILES)
    return are_files and all(map(_PLAIN.issuperset, map(_fields_set, items)))


def _size(item: Item) -> int:
    """Bytes that its JSON has at most, in either of Encord's shapes."""
    text = item.model_dump_json(by_alias=True, exclude_none=True)
    return _KEYS + _NUMBERED * len(item.urls) + len(text.encode())
