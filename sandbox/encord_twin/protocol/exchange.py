"""One signed request from first byte to log entry, the same for both protocols."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ..platform.store import Store
from .faults import Fault, Faults
from .request_log import Entry, RequestLog
from .signatures import Signatures, Signed

CUT = "twin.cut"

type Answer = Callable[["Exchange"], Awaitable[Response]]


@dataclass(frozen=True)
class Desk:
    """What every request needs at hand."""

    store: Store
    log: RequestLog
    faults: Faults

    @property
    def signatures(self) -> Signatures:
        """The keys registered by now."""
        return Signatures(self.store.users, self.store.settings.signature_window)


@dataclass
class Exchange:
    """A request being answered; protocols fill in what they learn for the log."""

    request: Request
    body: bytes
    entry: Entry

    @property
    def signed(self) -> Signed:
        """The bytes the signature covers."""
        raw_path: bytes = self.request.scope["raw_path"]
        query: bytes = self.request.scope["query_string"]
        target = (raw_path + b"?" + query if query else raw_path).decode("latin-1")
        return Signed(self.request.method, target, self.request.headers, self.body)


def cuttable(app: ASGIApp) -> ASGIApp:
    """Let answers cut the connection. ASGI has no message for that, so we reach behind uvicorn's `send`."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        scope[CUT] = send.__self__.transport.abort  # type: ignore[attr-defined]
        await app(scope, receive, send)

    return wrapped


class Dropped(Response):
    """An answer that never leaves: the connection is cut instead."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Cut the connection and wait until uvicorn has noticed, or it would still try to answer."""
        scope[CUT]()
        while (await receive())["type"] != "http.disconnect":
            pass


async def exchange(desk: Desk, request: Request, route: str, answer: Answer) -> Response:
    """Read the request, answer it with or without trouble, and log it."""
    started = time.perf_counter()
    body = await request.body()
    agent = request.headers.get("user-agent", "")
    entry = Entry(request.method, request.url.path, agent, route, request_bytes=len(body))
    try:
        response = await _answer(desk, Exchange(request, body, entry), answer)
        entry.status = entry.status or response.status_code
        entry.response_bytes = len(response.body)
        return response
    finally:
        entry.status = entry.status or 500  # the twin itself broke: its own bug shows in the log too
        entry.milliseconds = round((time.perf_counter() - started) * 1000, 3)
        desk.log.add(entry)


async def _answer(desk: Desk, one: Exchange, answer: Answer) -> Response:
    fault = desk.faults.take(one.entry.route)
    if fault is None:
        return await answer(one)
    one.entry.fault = True
    await anyio.sleep(fault.delay)
    if fault.status is not None or fault.code is not None:
        return _injected(fault)
    response = await answer(one)
    return Dropped(bytes(response.body)) if fault.drop_after_commit else response


def _injected(fault: Fault) -> Response:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if fault.code is not None:
        envelope = {
            "status": fault.status or 400,
            "response": [fault.code],
            "payload": "injected by the twin",
        }
        return json_response(envelope, headers=headers)
    assert fault.status is not None
    return json_response({"message": "injected by the twin"}, fault.status, headers)


def json_response(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Compact JSON."""
    body = json.dumps(content, separators=(",", ":")).encode()
    return Response(body, status, headers, media_type="application/json")
