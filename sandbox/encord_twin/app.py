"""The twin as an ASGI application."""

from starlette.applications import Starlette

from . import admin, pages
from .outbound.outbound import Outbound
from .protocol import blobs, legacy, rest, strangers
from .protocol.exchange import Desk


def create_app(desk: Desk, outbound: Outbound) -> Starlette:
    """Both protocols, signed blobs, admin routes and pages over one store; what the twin does by itself runs beside."""
    return Starlette(
        routes=[
            *legacy.routes(desk),
            *rest.routes(desk),
            *admin.routes(desk, outbound),
            blobs.route(desk),
            *pages.routes(desk),
            strangers.route(desk),
        ],
        lifespan=outbound.running,
    )
