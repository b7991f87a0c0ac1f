"""URLs that are told apart by their directories, of which there are few, and by names in which nothing is encoded."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import repeat
from operator import add
from typing import Final

from encord_lambda.registration.manifests import addresses
from encord_lambda.registration.manifests.addresses import PLAIN, Address
from encord_lambda.registration.media_types import MEDIA_TYPES

MOST: Final = 10_000
"""Directories that are remembered."""


class PlainFiles:
    """Knows, for most URLs that come by the million, all that `addresses.recognised` would find, but sooner."""

    def __init__(self, fits: Callable[[Address], bool]) -> None:
        self._fits = fits
        self._directories: dict[str, str] = {}

    def canonical(self, urls: Sequence[str], section: str) -> list[str] | None:
        """Each URL's one spelling, if all are plain, are of buckets that fit and have extensions of the section."""
        directories, _, names = zip(*map(str.rpartition, urls, repeat("/")), strict=True)
        if not _names(section).fullmatch("\n".join(names)) or not all(map(self._is_known, set(directories))):
            return None
        return list(map(add, map(self._directories.__getitem__, directories), names))

    def _is_known(self, directory: str) -> bool:
        if directory in self._directories:
            return True
        url = f"{directory}/x"
        if not PLAIN.fullmatch(url):
            return False
        address = addresses.recognised(url)
        if not self._fits(address):
            return False
        self._directories[directory] = address.canonical.removesuffix("x")
        return True

    def forget(self) -> None:
        """Make room, if that is due; to be called between questions."""
        if len(self._directories) > MOST:
            self._directories.clear()


@cache
def _names(section: str) -> re.Pattern[str]:
    """Names with an extension of the section, one a line."""
    extensions = [extension[1:] for kind in MEDIA_TYPES if kind.section == section for extension in kind.extensions]
    return re.compile(rf"(?:(?:[A-Za-z0-9_~-]++\.)++(?i:{'|'.join(map(re.escape, extensions))})(?:\n|\Z))*+")
