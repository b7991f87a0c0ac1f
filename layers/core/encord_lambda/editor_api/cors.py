"""Around the whole app: what browsers want to read on every answer, and Encord's connectivity test."""

from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from encord_lambda.editor_api.replies import refused

TEST_HEADERS: Final = ("x-encord-editor-agent", "x-encord-agent")
"""Either one, by age of the docs, marks a connectivity test."""
ALLOWED_HEADERS: Final = ", ".join(("content-type", *TEST_HEADERS, "x-cloud-trace-context"))
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": ALLOWED_HEADERS,
    "Access-Control-Max-Age": "3600",
}


class Guarded:
    """The app, telling the pages that may call it that they may read its answers, whatever these are.

    Others are told nothing of the kind, and their calls are not carried out. A call without an origin comes from
    no web page: an origin is no proof of who calls, only a browser's word for which page does.
    """

    def __init__(self, app: ASGIApp, origins: Callable[[], Collection[str]]) -> None:
        """`origins` are those of the pages that may call."""
        self._app, self._origins = app, origins

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

        answer = _beforehand(request, trusted=trusted) or self._app
        await answer(scope, receive, send_told)


def _beforehand(request: Request, *, trusted: bool) -> Callable[[Scope, Receive, Send], Awaitable[None]] | None:
    """What is answered without the app."""
    if not trusted:
        text = "this page may not call agents; it is neither Encord's nor the stack's `EditorOrigin`"
        return refused(HTTPStatus.FORBIDDEN, text)
    if request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_PREFLIGHT)
    if request.method == "POST" and any(header in request.headers for header in TEST_HEADERS):
        return Response(media_type="text/plain")
    return None
