"""One signed request from first byte to log entry, the same for both protocols."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio
from starlette.requests import Request
from starlette.responses import Response

from ..platform.refusals import TooMany
from ..platform.store import Store
from .connections import Cut, connection
from .faults import Fault, Faults
from .listings import Listings
from .request_log import Entry, RequestLog
from .signatures import Signatures, Signed

INJECTED = "injected by the twin"

type Answer = Callable[["Exchange"], Awaitable[Response]]


@dataclass(frozen=True)
class Desk:
    """What every request needs at hand."""

    store: Store
    log: RequestLog
    faults: Faults
    listings: Listings = field(default_factory=Listings)

    @property
    def signatures(self) -> Signatures:
        """The keys registered and tokens handed out by now."""
        return Signatures(self.store.users, self.store.tokens, self.store.settings.signature_window)


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


async def exchange(desk: Desk, request: Request, route: str, answer: Answer) -> Response:
    """Read the request, answer it with or without trouble, and log it."""
    started = time.perf_counter()
    body = await request.body()
    agent = request.headers.get("user-agent", "")
    trace = request.headers.get("x-cloud-trace-context", "")
    entry = Entry(request.method, request.url.path, agent, route, request_bytes=len(body), trace=trace)
    response = Response(status_code=500)  # if the twin itself breaks, its bug shows in the log too
    try:
        response = await _answer(desk, Exchange(request, body, entry), answer)
        return response
    finally:
        entry.status = entry.status or response.status_code
        entry.response_bytes = len(response.body)
        entry.milliseconds = round((time.perf_counter() - started) * 1000, 3)
        desk.log.add(entry, connection(request), body, bytes(response.body))


async def _answer(desk: Desk, one: Exchange, answer: Answer) -> Response:
    route = one.entry.route
    earlier = desk.listings.earlier(route, one.signed)
    fault = desk.faults.take(route, repeated=earlier is not None)
    if fault is None:
        return await _true(desk, one, answer)
    one.entry.fault = fault.effect
    await anyio.sleep(fault.delay)
    if refused := _refused(fault, one.entry):
        return refused
    if fault.stale and earlier is not None:
        response = await answer(one)
        return earlier if _is_served(one, response) else response
    return await _served(fault, desk, one, answer)


async def _served(fault: Fault, desk: Desk, one: Exchange, answer: Answer) -> Response:
    if fault.twice:
        await answer(one)
    response = await _true(desk, one, answer)
    return Cut(response) if fault.drop_after_commit else response


async def _true(desk: Desk, one: Exchange, answer: Answer) -> Response:
    """The answer as it is now, kept for readers who shall be behind the times later."""
    response = await answer(one)
    if _is_served(one, response):
        desk.listings.remember(one.entry.route, one.signed, response)
    return response


def _is_served(one: Exchange, response: Response) -> bool:
    return (one.entry.status or response.status_code) == 200


def _refused(fault: Fault, entry: Entry) -> Response | None:
    """The answer to a request that is not to be served at all."""
    if fault.reset:
        return Cut()
    if fault.code is not None:
        entry.status = fault.status or 400
        # The SDK expects an object or nothing beside this one code, and a text beside the others.
        return envelope(entry.status, fault.code, None if fault.code == TooMany.code else INJECTED)
    if fault.status is None:
        return None
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return json_response({"message": INJECTED}, fault.status, headers)


def envelope(status: int, code: str, payload: object) -> Response:
    """A refusal in the legacy protocol: inside HTTP 200."""
    return json_response({"status": status, "response": [code], "payload": payload})


def json_response(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Compact JSON."""
    body = json.dumps(content, separators=(",", ":")).encode()
    return Response(body, status, headers, media_type="application/json")
