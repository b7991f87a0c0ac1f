"""URLs that are told apart by their directories, of which there are few, and by names in which nothing is encoded.

Slices are used, not `rpartition`, and pairs, not whole URLs: less to allocate and to hash.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import repeat
from typing import Final

from encord_lambda.registration.manifests import addresses
from encord_lambda.registration.manifests.addresses import PLAIN, Address
from encord_lambda.registration.media_types import MEDIA_TYPES

MOST: Final = 10_000
"""Directories that are remembered."""
type Parted = tuple[str, str]
"""A URL in its one spelling, cut before its last slash."""


def parted(canonical: str) -> Parted:
    """What `PlainFiles.parted` gives for URLs that have this spelling."""
    end = canonical.rfind("/")
    return canonical[:end], canonical[end:]


class PlainFiles:
    """Knows, for most URLs that come by the million, all that `addresses.recognised` would find, but sooner."""

    def __init__(self, fits: Callable[[Address], bool]) -> None:
        self._fits = fits
        self._directories: dict[str, str] = {}

    def parted(self, urls: Sequence[str], section: str) -> list[Parted] | None:
        """Each URL's one spelling, if all are plain, are of buckets that fit and have extensions of the section."""
        ends = list(map(str.rfind, urls, repeat("/")))
        directories = [url[:end] for url, end in zip(urls, ends, strict=True)]
        names = [url[end:] for url, end in zip(urls, ends, strict=True)]
        if not _names(section).fullmatch("".join(names)) or not all(map(self._is_known, set(directories))):
            return None
        return list(zip(map(self._directories.__getitem__, directories), names, strict=True))

    def _is_known(self, directory: str) -> bool:
        if directory in self._directories:
            return True
        url = f"{directory}/x"
        if not PLAIN.fullmatch(url):
            return False
        address = addresses.recognised(url)
        if not self._fits(address):
            return False
        self._directories[directory] = address.canonical.removesuffix("/x")
        return True

    def forget(self) -> None:
        """Make room, if that is due; to be called between questions."""
        if len(self._directories) > MOST:
            self._directories.clear()


@cache
def _names(section: str) -> re.Pattern[str]:
    """Names with an extension of the section, a slash before each."""
    extensions = [extension[1:] for kind in MEDIA_TYPES if kind.section == section for extension in kind.extensions]
    return re.compile(rf"(?:/(?:[A-Za-z0-9_~-]++\.)++(?i:{'|'.join(map(re.escape, extensions))})(?![^/]))*+")
