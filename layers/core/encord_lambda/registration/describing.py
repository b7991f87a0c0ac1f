"""What uploaded objects become that are registered alone, with all that is told to Encord about them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, Protocol

from encord_lambda.config_registration import Metadata, Registration
from encord_lambda.errors import Reject, Trouble
from encord_lambda.registration import client_metadata, composing
from encord_lambda.registration.client_metadata import Beside
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.manifests.items import Item, MediaMetadata
from encord_lambda.registration.manifests.splitting import too_large
from encord_lambda.registration.media_types import MediaType
from encord_lambda.registration.sorting import Single

AT_ONCE: Final = 10
"""Objects that are probed at once: as many as a client of AWS has connections."""

type Fetch = Callable[[int, int], bytes]
"""The bytes of an object from a first one up to, and without, a second one: one request."""


class ObjectsBeside(Protocol):
    """Tags and sidecars."""

    def found(self, uploads: Sequence[Upload], sources: Collection[str]) -> Sequence[Beside | Trouble]:
        """What is beside each upload, or why it cannot be had."""


class Ranges(Protocol):
    """Parts of uploaded objects."""

    def of(self, upload: Upload) -> Fetch:
        """Fetches parts of this object, as it was when its etag was told."""


class Prober(Protocol):
    """Finds sizes, durations and the like in parts of a file."""

    def probed(self, kind: MediaType, size: int, fetch: Fetch, first: bytes) -> MediaMetadata | None:
        """What Encord wants to know of a file of this type; None if that is nothing. Reject: it does not tell."""


@dataclass(frozen=True, slots=True)
class Describer:
    """All that describing works with."""

    beside: ObjectsBeside
    ranges: Ranges
    prober: Prober

    def described(self, found: Mapping[Upload, Single]) -> Iterator[tuple[Upload, Item | Trouble]]:
        """The item that each object becomes, or why it becomes none; several objects are read at once."""
        of_one: defaultdict[str, dict[Upload, Single]] = defaultdict(dict)
        for upload, single in found.items():
            of_one[single.registration.prefix][upload] = single
        for singles in of_one.values():
            yield from self._described(next(iter(singles.values())).registration, singles)

    def _described(
        self, registration: Registration, singles: Mapping[Upload, Single]
    ) -> Iterator[tuple[Upload, Item | Trouble]]:
        beside = self.beside.found(list(singles), registration.metadata.sources)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from zip(singles, pool.map(self._item, singles, singles.values(), beside), strict=True)

    def _item(self, upload: Upload, single: Single, beside: Beside | Trouble) -> Item | Trouble:
        if isinstance(beside, Trouble):
            return beside
        wishes = single.registration.metadata
        try:
            about = client_metadata.collected(upload, single.kind, single.head, beside, wishes)
            fetch = self.ranges.of(replace(upload, etag=single.head.etag, version=single.head.version))
            found = self.probed(fetch, single.kind, single.head, wishes)
            item = composing.item(upload, single.kind, about, found)
            return too_large(item, single.registration.jobs) or item
        except Trouble as trouble:
            return trouble

    def probed(self, fetch: Fetch, kind: MediaType, head: Head, wishes: Metadata) -> MediaMetadata | None:
        """What probing finds; None where nobody asked for it, or where Encord may as well look for itself.

        Raises:
            Reject: Encord may not look for itself (`wishes.strict`), and probing finds nothing.
        """
        if not (wishes.probe or wishes.strict):
            return None
        try:
            found = self.prober.probed(kind, head.size, fetch, head.first)
        except Reject:
            if wishes.strict:
                raise
            return None
        if found is None and wishes.strict:
            raise Reject(
                f"`metadata.strict` wants media metadata, and Encord has none for {kind.name}: register it with an "
                "integration that is not strict"
            )
        return found
