"""Items as pictures and as files."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ..platform.holdings import Item
from ..platform.refusals import Missing
from ..protocol.exchange import Desk
from .pictures import Pictures
from .rendering import HEADERS

UNREADABLE = "This object cannot be read."
NO_PICTURE = "/static/no-picture.svg"
# Files are strangers' bytes on our own origin: only what cannot carry a script is shown as what it is.
HARMLESS = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"})
HARMLESS |= {"audio/mpeg", "audio/wav", "audio/ogg", "audio/flac", "audio/mp4", "video/mp4", "video/webm"}
ALONE = HEADERS | {"Content-Security-Policy": "sandbox; default-src 'none'"}
FRESH = {"Cache-Control": "private, max-age=60"}


class Files:
    """The routes under an item."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._pictures = desk, Pictures(desk.store.objects)

    def routes(self) -> Iterator[Route]:
        """A small picture, a frame as a picture, the words of a page, the file itself."""
        yield Route("/items/{item:uuid}/thumbnail.jpg", self._thumbnail)
        yield Route("/items/{item:uuid}/frames/{number:int}.jpg", self._frame)
        yield Route("/items/{item:uuid}/pages/{number:int}.txt", self._page)
        yield Route("/items/{item:uuid}/file", self._file)

    async def _thumbnail(self, request: Request) -> Response:
        item = self._item(request)
        return _jpeg(await self._pictures.thumbnail(item) if item else None)

    async def _frame(self, request: Request) -> Response:
        item = self._item(request)
        return _jpeg(await self._pictures.frame(item, request.path_params["number"]) if item else None)

    async def _page(self, request: Request) -> Response:
        item = self._item(request)
        words = await self._pictures.words(item, request.path_params["number"]) if item else None
        shown = UNREADABLE if words is None else words or "There are no words on this page."
        return Response(shown, headers=HEADERS | FRESH, media_type="text/plain")

    async def _file(self, request: Request) -> Response:
        item = self._item(request)
        body = await self._pictures.file(item) if item else None
        if item is None or body is None:
            return Response(UNREADABLE, 404, HEADERS, media_type="text/plain")
        kind = item.facts.mime_type
        shown = kind if kind in HARMLESS else "text/plain" if kind.startswith("text/") else "application/octet-stream"
        return Response(body, headers=ALONE | FRESH, media_type=shown)

    def _item(self, request: Request) -> Item | None:
        try:
            return self._desk.store.item(request.path_params["item"])
        except Missing:
            return None


def _jpeg(body: bytes | None) -> Response:
    """The picture, or a drawing that says there is none: the object may come later."""
    if body is None:
        return RedirectResponse(NO_PICTURE, headers={"Cache-Control": "no-store"})
    return Response(body, headers=HEADERS | FRESH, media_type="image/jpeg")
