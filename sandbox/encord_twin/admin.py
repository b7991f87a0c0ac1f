"""Unsigned routes for whoever runs the twin: seeding, looking inside, causing trouble."""

from collections.abc import Awaitable, Callable, Iterator

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .building import build
from .platform.refusals import Refused
from .protocol.exchange import Desk, json_response
from .protocol.faults import Fault
from .state import state_json
from .world import World

FAULTS = TypeAdapter(list[Fault])


def routes(desk: Desk) -> Iterator[Route]:
    """All of them; the server binds to loopback only, so they need no key."""
    reads: dict[str, Callable[[], object]] = {
        "/_twin/ready": lambda: {"ready": True},
        "/_twin/log": desk.log.as_json,
        "/_twin/state": lambda: state_json(desk.store),
    }
    writes: dict[str, Callable[[bytes], object]] = {
        "/_twin/log/reset": lambda _body: desk.log.reset(),
        "/_twin/world": lambda body: _build(desk, body),
        "/_twin/faults": lambda body: desk.faults.replace(FAULTS.validate_json(body)),
    }
    for path, read in reads.items():
        yield Route(path, _reading(read))
    for path, write in writes.items():
        yield Route(path, _writing(write), methods=["POST"])


def _build(desk: Desk, body: bytes) -> object:
    return build(desk.store, World.model_validate_json(body)).model_dump(mode="json")


def _reading(read: Callable[[], object]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_request: Request) -> Response:
        return json_response(read())

    return endpoint


def _writing(write: Callable[[bytes], object]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return json_response(write(await request.body()))
        except ValidationError as error:
            return json_response({"message": str(error)}, 400)
        except Refused as refusal:
            return json_response({"message": str(refusal)}, refusal.status)

    return endpoint
