"""URLs in which nothing is encoded, told apart by one spelling for each object, which costs most of them nothing.

A bucket is spelt as it is first met, as nearly all files know no other spelling; none is shared by two buckets.
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
"""Directories that are remembered, and buckets that are spelt as they are first met."""


class PlainFiles:
    """Knows, for most URLs that come by the million, all that `addresses.recognised` would find, but sooner."""

    def __init__(self, fits: Callable[[Address], bool]) -> None:
        self._fits = fits
        self._hosts: dict[str, str] = {}
        """By canonical ones, those that stand for them."""
        self._directories: dict[str, str] = {}

    def spelling(self, canonical: str) -> str:
        """The spelling that all URLs of an object have here; `canonical` is its `Address.canonical`."""
        return self._spelling(canonical, canonical)

    def spellings(self, urls: Sequence[str], section: str) -> Sequence[str] | None:
        """Of each URL, if all are plain, are of buckets that fit and have extensions of the section."""
        ends = list(map(str.rfind, urls, repeat("/")))
        directories = [url[:end] for url, end in zip(urls, ends, strict=True)]
        names = [url[end:] for url, end in zip(urls, ends, strict=True)]
        if not _names(section).fullmatch("".join(names)) or not all(map(self._is_known, set(directories))):
            return None
        return [self._directories[directory] + name for directory, name in zip(directories, names, strict=True)]

    def spellings_on(self, host: str, urls: Sequence[str], section: str) -> Sequence[str] | None:
        """As `spellings`, of URLs that are known to be plain and to begin with `host`; no name is just `.jpg`."""
        if not all(map(str.endswith, urls, repeat(_extensions(section)))) or not self._is_known(host):
            return None
        spelt, end = self._directories[host], len(host)
        return urls if spelt == host else [spelt + url[end:] for url in urls]

    def forget(self) -> None:
        """Make room, if that is due; to be called between questions."""
        if len(self._directories) > MOST:
            self._directories.clear()

    def _is_known(self, directory: str) -> bool:
        if directory in self._directories:
            return True
        url = f"{directory}/x"
        if not PLAIN.fullmatch(url):
            return False
        address = addresses.recognised(url)
        if not self._fits(address):
            return False
        self._directories[directory] = self._spelling(address.canonical, url).removesuffix("/x")
        return True

    def _spelling(self, canonical: str, url: str) -> str:
        host = _host(canonical)
        if len(self._hosts) < MOST:
            self._hosts.setdefault(host, _host(url))
        return self._hosts.get(host, host) + canonical.removeprefix(host)


def _host(url: str) -> str:
    """With the scheme before it."""
    return url[: url.index("/", len("https://"))]


@cache
def _extensions(section: str) -> tuple[str, ...]:
    return tuple(extension for kind in MEDIA_TYPES if kind.section == section for extension in kind.extensions)


@cache
def _names(section: str) -> re.Pattern[str]:
    """Names with an extension of the section, a slash before each."""
    extensions = "|".join(re.escape(extension[1:]) for extension in _extensions(section))
    return re.compile(rf"(?:/(?:[A-Za-z0-9_~-]++\.)++(?i:{extensions})(?![^/]))*+")
