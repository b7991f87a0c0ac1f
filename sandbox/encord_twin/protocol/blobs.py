"""Objects by signed link, whole or in part: a browser that seeks in a video asks for a range of its bytes."""

import mimetypes
import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..platform.objects import MemoryObjects
from .exchange import Desk, json_response

RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})|bytes=-(\d{1,18})")
SAFE = {"Accept-Ranges": "bytes", "Content-Security-Policy": "sandbox"}  # strangers' bytes, on the pages' own origin


def route(desk: Desk) -> Route:
    """Where links to objects in memory lead; those of other sources lead elsewhere."""

    async def blob(request: Request) -> Response:
        source = desk.store.objects
        url = source.behind(request.path_params["token"]) if isinstance(source, MemoryObjects) else None
        if url is None:
            return json_response({"message": "nothing was signed here"}, 404)
        kind = mimetypes.guess_type(url)[0] or "application/octet-stream"
        return _in_part(request, source.read(url), kind)

    return Route("/signed/{token}/{name:path}", blob)


def _in_part(request: Request, body: bytes, kind: str) -> Response:
    """The range asked for (RFC 9110, 14.2); the whole for several, for nonsense, and under `If-Range`: no ETag here."""
    asked = RANGE.fullmatch(request.headers.get("range", ""))
    span = _span(asked, len(body)) if asked and "if-range" not in request.headers else None
    if span is None:
        return Response(body, headers=SAFE, media_type=kind)
    if not span:
        return Response(status_code=416, headers=SAFE | {"Content-Range": f"bytes */{len(body)}"})
    place = {"Content-Range": f"bytes {span.start}-{span.stop - 1}/{len(body)}"}
    return Response(body[span.start : span.stop], 206, SAFE | place, media_type=kind)


def _span(asked: re.Match[str], size: int) -> range | None:
    """The bytes meant, none of them if there are none to have; None if it is no range, ending before it begins."""
    first, last, final = asked.groups()
    if final:
        return range(max(size - int(final), 0), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)
