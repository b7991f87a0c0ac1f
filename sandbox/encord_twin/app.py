"""The twin as an ASGI application."""

import mimetypes
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import admin, pages
from .outbound.outbound import Outbound
from .platform.objects import MemoryObjects
from .protocol import legacy, rest, strangers
from .protocol.exchange import Desk, json_response


def create_app(desk: Desk, outbound: Outbound) -> Starlette:
    """Both protocols, signed blobs, admin routes and pages over one store; what the twin does by itself runs beside."""
    return Starlette(
        routes=[
            *legacy.routes(desk),
            *rest.routes(desk),
            *admin.routes(desk, outbound),
            Route("/signed/{token}/{name:path}", _signed(desk)),
            *pages.routes(desk),
            strangers.route(desk),
        ],
        lifespan=outbound.running,
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
