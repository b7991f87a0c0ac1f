"""The twin as an ASGI application."""

import mimetypes
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import admin
from .platform.objects import MemoryObjects
from .protocol import legacy, rest
from .protocol.exchange import Desk, json_response


def create_app(desk: Desk) -> Starlette:
    """Both protocols, signed blobs and the admin routes over one store."""
    return Starlette(
        routes=[
            legacy.route(desk),
            *rest.routes(desk),
            *admin.routes(desk),
            Route("/signed/{token}/{name:path}", _signed(desk)),
        ]
    )


def _signed(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def blob(request: Request) -> Response:
        source = desk.store.objects
        url = source.behind(request.path_params["token"]) if isinstance(source, MemoryObjects) else None
        if url is None:
            return json_response({"message": "nothing was signed here"}, 404)
        kind = mimetypes.guess_type(url)[0] or "application/octet-stream"
        return Response(source.read(url), media_type=kind)

    return blob
