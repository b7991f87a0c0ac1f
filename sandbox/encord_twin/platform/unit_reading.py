"""Find out what a unit of an upload job is, from its uploader's word or from its files.

A unit that cannot be registered is `Unfit`, with the reason for the uploader. Files are read in threads.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import anyio.to_thread

from . import media, objects, storage
from .holdings import Integration, Item
from .manifests import File, Unit
from .media import composites
from .media_facts import Facts, MediaKind
from .store import Store

LONGEST_URL = 16 * 1024  # bytes
METADATA = {
    MediaKind.IMAGE: "imageMetadata",
    MediaKind.VIDEO: "videoMetadata",
    MediaKind.AUDIO: "audioMetadata",
    MediaKind.PLAIN_TEXT: "textMetadata",
    MediaKind.PDF: "pdfMetadata",
    MediaKind.DICOM_FILE: "dicomMetadata",
}


class Unfit(Exception):  # noqa: N818 - says what the unit is
    """A unit will not be registered; `str()` of it is the reason for the uploader."""


async def read(store: Store, integration: Integration, unit: Unit) -> storage.NewItem:
    """What to register for a unit, or `Unfit`."""
    _check(unit)
    if integration.client_only:
        _check_described(unit)
    try:
        if unit.items:
            parts: Sequence[storage.NewItem | Item] = [_image(store, uuid) for uuid in unit.items]
        else:
            read = [_read_file(store, file) for file in unit.files]
            parts = [
                storage.NewItem(file.url, file.title, facts, {})
                for file, facts in zip(unit.files, await asyncio.gather(*read), strict=True)
            ]
        return _whole(unit, parts)
    except (objects.Unreadable, media.Undecodable) as error:
        raise Unfit(str(error)) from error


def _check(unit: Unit) -> None:
    if unit.refusal is not None:
        raise Unfit(unit.refusal)
    if len(unit.title) > storage.LONGEST_NAME:
        raise Unfit(f"the name has {len(unit.title)} characters, at most {storage.LONGEST_NAME} are allowed")
    longest = max((len(url.encode()) for url in unit.urls), default=0)
    if longest > LONGEST_URL:
        raise Unfit(f"a URL has {longest} bytes, at most {LONGEST_URL} are allowed")


def _check_described(unit: Unit) -> None:
    """Strict client-only access: the platform reads nothing, so it must be told, and converts nothing."""
    if unit.kind is MediaKind.IMAGE_SEQUENCE:
        raise Unfit("strict client-only access: image sequences need files to be converted; set createVideo to false")
    for file in unit.files:
        if file.facts is None:
            needed = METADATA.get(file.kind, f"metadata, which no {file.kind.words} can have,")
            raise Unfit(f"strict client-only access: {needed} is missing for {file.url}")


async def _read_file(store: Store, file: File) -> Facts:
    if file.facts is not None:
        return file.facts
    return await anyio.to_thread.run_sync(_inspect, store.objects, file)


def _inspect(source: objects.ObjectSource, file: File) -> Facts:
    return media.inspect(file.kind, source.read(file.url), file.url)


def _image(store: Store, uuid: UUID) -> Item:
    item = store.items.get(uuid)
    if item is None or item.facts.kind is not MediaKind.IMAGE:
        raise Unfit(f"{uuid} is not an image item")
    return item


def _whole(unit: Unit, parts: Sequence[storage.NewItem | Item]) -> storage.NewItem:
    assert unit.kind is not None, "units without a kind are refused above"
    if not unit.kind.is_composite:
        return storage.NewItem(unit.urls[0], unit.title, parts[0].facts, unit.client_metadata)
    facts = composites.combined(unit.kind, [part.facts for part in parts])
    fitted = (
        # Items keep their own size: they are listed for themselves, too.
        part if isinstance(part, Item) else replace(part, facts=composites.fitted(facts, part.facts))
        for part in parts
    )
    return storage.NewItem(None, unit.title, facts, unit.client_metadata, tuple(fitted))
