"""Pictures for the pages, small and large. Files are read and decoded in threads, and what was made is kept a while."""

import io
from collections import OrderedDict
from collections.abc import Callable

import anyio
import anyio.to_thread
from PIL import Image

from ..platform.data_units import slices
from ..platform.holdings import Item
from ..platform.media_facts import MediaKind
from ..platform.objects import ObjectSource, Unreadable
from .decoding import Unshowable, picture, text

THUMBNAIL = 96  # pixels a side; shown at half of it, for dense screens
AT_ONCE = 3  # decodings; the twin has requests to answer
KEPT_FILES = 32_000_000  # bytes
KEPT_PICTURES = 48_000_000


class Kept:
    """The bytes used last, up to a total size; what was not used for longest goes first."""

    def __init__(self, most: int) -> None:
        self._most, self._total = most, 0
        self._bodies: OrderedDict[object, bytes] = OrderedDict()

    def get(self, key: object) -> bytes | None:
        """The bytes, if they are still here."""
        if key not in self._bodies:
            return None
        self._bodies.move_to_end(key)
        return self._bodies[key]

    def put(self, key: object, body: bytes) -> None:
        """Keep bytes, and let go of others if need be."""
        self._total += len(body) - len(self._bodies.pop(key, b""))
        self._bodies[key] = body
        while self._total > self._most:
            _, oldest = self._bodies.popitem(last=False)
            self._total -= len(oldest)


class Pictures:
    """JPEGs of items. `None` means that there is no picture: no such object, or no kind that has any."""

    def __init__(self, objects: ObjectSource) -> None:
        self._objects = objects
        self._files, self._made = Kept(KEPT_FILES), Kept(KEPT_PICTURES)
        self._hands = anyio.CapacityLimiter(AT_ONCE)

    async def thumbnail(self, item: Item) -> bytes | None:
        """The first frame, cut to a small square."""
        return await self._jpeg(item, 0, "thumbnail", _square)

    async def frame(self, item: Item, number: int) -> bytes | None:
        """A frame, image or slice as a picture."""
        return await self._jpeg(item, number, "frame", lambda found: found)

    async def words(self, item: Item, number: int) -> str | None:
        """The text of a page, or a text file whole; a page of pictures has none."""
        body = await self.file(item)
        if body is None:
            return None
        try:
            return await anyio.to_thread.run_sync(text, item.facts.kind, body, number, limiter=self._hands)
        except Unshowable:
            return None

    async def file(self, item: Item) -> bytes | None:
        """The item's own file."""
        if item.url is None:
            return None
        if (kept := self._files.get(item.url)) is not None:
            return kept
        try:
            body = await anyio.to_thread.run_sync(self._objects.read, item.url, limiter=self._hands)
        except Unreadable:
            return None
        self._files.put(item.url, body)
        return body

    async def _jpeg(
        self, whole: Item, number: int, form: str, shape: Callable[[Image.Image], Image.Image]
    ) -> bytes | None:
        item, frame = shown(whole, number)
        key = (item.uuid, frame, form)
        if (kept := self._made.get(key)) is not None:
            return kept
        body = await self.file(item)
        if body is None:
            return None

        def make() -> bytes:
            buffer = io.BytesIO()
            shape(picture(item.facts.kind, body, frame)).save(buffer, "JPEG", quality=88)
            return buffer.getvalue()

        try:
            made = await anyio.to_thread.run_sync(make, limiter=self._hands)
        except Unshowable:
            return None
        self._made.put(key, made)
        return made


def shown(item: Item, number: int) -> tuple[Item, int]:
    """Which file, and which frame of it, is what label frame `number` of an item shows."""
    if not item.facts.kind.is_composite:
        return item, number
    if item.facts.kind is MediaKind.DICOM_SERIES:
        places = [(part, place or 0) for _, part, place in slices(item)]
    else:
        places = [(part, 0) for part in item.parts]
    return places[min(number, len(places) - 1)] if places else (item, 0)


def _square(found: Image.Image) -> Image.Image:
    side = min(found.size)
    left, top = (found.width - side) // 2, (found.height - side) // 2
    return found.crop((left, top, left + side, top + side)).resize((THUMBNAIL, THUMBNAIL))
