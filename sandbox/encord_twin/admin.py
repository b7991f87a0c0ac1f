"""Unsigned routes for whoever runs the twin: seeding, looking inside, causing trouble."""

import inspect
from collections.abc import Awaitable, Callable, Iterator
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, to_jsonable_python
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .building import build
from .outbound.editor_calls import CALL
from .outbound.outbound import Outbound
from .platform.records import StageType
from .platform.refusals import Invalid, Refused
from .protocol.exchange import Desk, json_response
from .protocol.faults import Fault
from .protocol.request_log import Wanted
from .spec import Spec
from .state import state_json
from .world import NotifySpec, World

FAULTS = TypeAdapter(list[Fault])
WANTED = TypeAdapter(Wanted)

type Read = Callable[[QueryParams], object]
type Write = Callable[[bytes], object | Awaitable[object]]


class Bodies(Spec):
    """Whether the request log keeps what was said."""

    keep: bool


class Notifications(Spec):
    """Where an agent stage tells of its work from now on; None ends it."""

    project: UUID
    stage: UUID
    notify: NotifySpec | None


def routes(desk: Desk, outbound: Outbound) -> Iterator[Route]:
    """All of them; the server binds to loopback only, so they need no key."""
    notifier = outbound.notifier
    reads: dict[str, Read] = {
        "/_twin/ready": lambda _query: {"ready": True},
        "/_twin/log": lambda query: desk.log.as_json(WANTED.validate_python(dict(query))),
        "/_twin/faults": lambda _query: desk.faults.as_json(),
        "/_twin/notifications": lambda _query: list(notifier.deliveries),
        "/_twin/state": lambda _query: state_json(desk.store),
    }
    writes: dict[str, Write] = {
        "/_twin/log/reset": lambda _body: desk.log.reset(),
        "/_twin/log/bodies": lambda body: desk.log.keep_bodies(Bodies.model_validate_json(body).keep),
        "/_twin/world": lambda body: build(desk.store, World.model_validate_json(body)),
        "/_twin/faults": lambda body: desk.faults.replace(FAULTS.validate_json(body)),
        "/_twin/notifications": lambda body: _notify(desk, Notifications.model_validate_json(body)),
        "/_twin/notifications/check": lambda _body: notifier.check(),
        "/_twin/editor-agent": lambda body: outbound.call(CALL.validate_json(body)),
    }
    for path, read in reads.items():
        yield Route(path, _reading(read))
    for path, write in writes.items():
        yield Route(path, _writing(write), methods=["POST"])
    yield Route("/_twin/{rest:path}", _unknown([*reads, *writes]), methods=["GET", "POST"])


def _notify(desk: Desk, order: Notifications) -> None:
    stage = desk.store.stage(desk.store.project(order.project), order.stage)
    if stage.type is not StageType.AGENT:
        raise Invalid(f"stage {stage.title!r} is no agent stage, and only those tell of their work")
    stage.notify = order.notify.meant() if order.notify else None


def _reading(read: Read) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await _answered(lambda: read(request.query_params))

    return endpoint


def _writing(write: Write) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        return await _answered(lambda: write(body))

    return endpoint


def _unknown(paths: list[str]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        message = f"no {request.method} {request.url.path}; there are: {', '.join(sorted(set(paths)))}"
        return json_response({"message": message}, 404)

    return endpoint


async def _answered(work: Callable[[], object | Awaitable[object]]) -> Response:
    try:
        result = work()
        return json_response(to_jsonable_python(await result if inspect.isawaitable(result) else result))
    except ValidationError as error:
        return json_response({"message": "; ".join(map(_problem, error.errors()))}, 400)
    except Refused as refusal:
        return json_response({"message": str(refusal)}, refusal.status)


def _problem(found: ErrorDetails) -> str:
    place, message = ".".join(map(str, found["loc"])), found["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
