"""Around the whole app: the way in, what browsers want to read on every answer, and Encord's connectivity test."""

import hmac
from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from encord_lambda import trace_context
from encord_lambda.editor_api.replies import refused

TEST_HEADERS: Final = ("x-encord-editor-agent", "x-encord-agent")
"""Either one, by age of the docs, marks a connectivity test."""
DISTRIBUTION: Final = "x-distribution-secret"
"""CloudFront adds it, in place of what a caller may send by this name (template.yaml, Distribution)."""
ALLOWED_HEADERS: Final = ", ".join(("content-type", *TEST_HEADERS, trace_context.HEADER.lower()))
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": ALLOWED_HEADERS,
    "Access-Control-Max-Age": "3600",
}

_PAST: Final = "agents take no calls at this address; theirs is the stack's `EditorApiUrl`"


class Guarded:
    """The app, telling the pages that may call it that they may read its answers, whatever these are.

    Others are told nothing of the kind, and their calls are not carried out. A call without an origin comes from
    no web page: an origin is no proof of who calls, only a browser's word for which page does.

    Where a web ACL is asked about each request, at the stack's distribution, what came past it is refused.
    """

    def __init__(self, app: ASGIApp, origins: Callable[[], Collection[str]], distribution: Callable[[], str]) -> None:
        """`origins` are those of the pages that may call, `distribution` the distribution's secret, if there is one."""
        self._app, self._origins, self._distribution = app, origins, distribution

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        origin = request.headers.get("origin", "")
        # API Gateway writes these headers itself, in place of any of ours (template.yaml, CorsConfiguration).
        by_gateway = "aws.event" in scope
        trusted = not origin or origin in self._origins()

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if origin and trusted and not by_gateway:
                    headers["Access-Control-Allow-Origin"] = origin
            await send(message)

        past = None if _came_through(request, self._distribution()) else refused(HTTPStatus.FORBIDDEN, _PAST)
        answer = past or _beforehand(request, trusted=trusted) or self._app
        await answer(scope, receive, send_told)


def is_ping(request: Request) -> bool:
    """Whether a call only tries the agent's address."""
    return request.method == "POST" and any(header in request.headers for header in TEST_HEADERS)


def _came_through(request: Request, secret: str) -> bool:
    given = request.headers.get(DISTRIBUTION, "")
    return not secret or hmac.compare_digest(given.encode(), secret.encode())


def _beforehand(request: Request, *, trusted: bool) -> Callable[[Scope, Receive, Send], Awaitable[None]] | None:
    """What is answered without the app."""
    if not trusted:
        text = "this page may not call agents; it is neither Encord's nor the stack's `EditorOrigin`"
        return refused(HTTPStatus.FORBIDDEN, text)
    if request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_PREFLIGHT)
    if is_ping(request):
        return Response(media_type="text/plain")
    return None
