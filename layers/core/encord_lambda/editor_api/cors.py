"""Around the whole app: what browsers want to read on every answer, Encord's connectivity test, and our own faults."""

import logging
import re
from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from encord_lambda.editor_api.replies import FAILED, refused
from encord_lambda.errors import Trouble, fault

ENCORD: Final = re.compile(r"https://(?:app|staging|dev)\.(?:us\.)?encord\.com")
"""Origins of Encord's own Label Editors (the official library's pattern, without its preview hosts)."""
TEST_HEADERS: Final = ("x-encord-editor-agent", "x-encord-agent")
"""Either one, by age of the docs, marks a connectivity test."""
_LONGEST_ORIGIN: Final = 300
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": ", ".join(("content-type", *TEST_HEADERS, "x-cloud-trace-context")),
    "Access-Control-Max-Age": "3600",
}
_log = logging.getLogger(__name__)


class Guarded:
    """The app, answering whatever happens, and telling allowed origins that they may read it.

    Other origins are told nothing of the kind, and their calls are not carried out. A call without an origin comes from
    no web page: an origin is no proof of who calls, only a browser's word for which page does.
    """

    def __init__(self, app: ASGIApp, origins: Callable[[], Collection[str]]) -> None:
        """`origins` are those besides Encord's; asked only about an origin that is not Encord's."""
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        origin = request.headers.get("origin", "")
        allowed = bool(origin) and await run_in_threadpool(self._allows, origin)

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if allowed:
                    headers["Access-Control-Allow-Origin"] = origin
            await send(message)

        answer = _beforehand(request, allowed=allowed) if origin else _beforehand(request, allowed=True)
        await (answer or self._contained)(scope, receive, send_told)

    async def _contained(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The app, whose faults are answered as well: the annotator's browser shows nothing without our headers."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # whatever it is, the annotator waits for an answer
            if begun:
                raise
            _log.error(fault(error).reason)  # the error's own words may hold a signed URL
            await refused(HTTPStatus.INTERNAL_SERVER_ERROR, FAILED)(scope, receive, send)

    def _allows(self, origin: str) -> bool:
        if len(origin) > _LONGEST_ORIGIN:
            return False
        if ENCORD.fullmatch(origin):
            return True
        try:
            return origin in self._origins()
        except Trouble as trouble:
            _log.warning("%s: %s", type(trouble).__name__, trouble.reason)
            return False


def _beforehand(request: Request, *, allowed: bool) -> Callable[[Scope, Receive, Send], Awaitable[None]] | None:
    """What is answered without the app."""
    if not allowed:
        text = "this page may not call agents; its address can be added to `editor_origins` of pipeline.yaml"
        return refused(HTTPStatus.FORBIDDEN, text)
    if request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_PREFLIGHT)
    if request.method == "POST" and any(header in request.headers for header in TEST_HEADERS):
        return Response(media_type="text/plain")
    return None
