"""Every path nothing else answers: 404 in the platform's words, and a mark in the request log."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..platform.refusals import Unimplemented
from .exchange import Desk, Exchange, envelope, exchange, json_response
from .rest import UUID

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def route(desk: Desk) -> Route:
    """The route that must come last."""

    async def endpoint(request: Request) -> Response:
        return await exchange(desk, request, f"{request.method} {UUID.sub('{}', request.url.path)}", _refuse)

    return Route("/{rest:path}", endpoint, methods=METHODS)


async def _refuse(one: Exchange) -> Response:
    refusal = Unimplemented(f"the twin does not know {one.entry.method} {one.entry.path}")
    one.entry.unimplemented, one.entry.status = True, refusal.status
    if one.entry.path.startswith("/public"):
        return envelope(refusal.status, refusal.code, refusal.payload)
    return json_response({"message": str(refusal)}, refusal.status)
