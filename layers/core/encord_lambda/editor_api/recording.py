"""One record of each call of an agent, however it ends. Tries of an address and a browser's questions are none."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from encord_lambda.agents.agent import Usage
from encord_lambda.dispatch.call_message import EditorCall
from encord_lambda.editor_api.cors import is_ping
from encord_lambda.editor_api.replies import unaddressed
from encord_lambda.labels.proposals import Written
from encord_lambda.outcomes import Answered, Outcome

if TYPE_CHECKING:
    from encord_lambda.editor_api.desk import Done

type Record = Callable[[Iterable[Outcome]], None]
_KNOWN: Final = "encord_lambda.known"


@dataclass(slots=True)
class Known:
    """What is known of a call by now."""

    agent: str | None = None
    call: EditorCall | None = None
    done: "Done | None" = None


def known(request: Request) -> Known:
    """Where to note what is known of the call that this request is."""
    noted = request.scope[_KNOWN]
    assert isinstance(noted, Known)  # noqa: S101 - put there below, and nobody else knows the key
    return noted


class Recorded:
    """The app, whose calls are recorded once they are answered."""

    def __init__(self, app: ASGIApp, record: Record) -> None:
        self._app, self._record = app, record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if not _is_call(Request(scope)):
            await self._app(scope, receive, send)
            return
        noted, began, status, body = Known(), time.monotonic(), HTTPStatus.INTERNAL_SERVER_ERROR.value, bytearray()

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            body.extend(message.get("body", b""))
            await send(message)

        scope[_KNOWN] = noted
        try:
            await self._app(scope, receive, watched)
        finally:
            self._record([_answered(noted, status, bytes(body), time.monotonic() - began)])


def _is_call(request: Request) -> bool:
    path = request.scope["path"]
    return request.method == "POST" and (path == "/" or path.startswith("/agents/")) and not is_ping(request)


def _answered(noted: Known, status: int, body: bytes, seconds: float) -> Answered:
    call, said = noted.call, json.loads(body) if body else {}
    usage = noted.done.decision.usage if noted.done else Usage()
    written = noted.done.written if noted.done else Written()
    # An unknown name is quoted to who sent it, and to nobody else: it may be a token in the wrong place.
    told = None if status == HTTPStatus.NOT_FOUND and noted.agent is None else said.get("message")
    return Answered(
        status,
        seconds,
        noted.agent,
        call.project if call else None,
        call.data if call else None,
        (call.frame or 0) if call else None,
        told and unaddressed(told),
        said.get("decision"),
        written.added,
        written.replaced,
        written.kept,
        usage.seconds,
        usage.input_tokens,
        usage.output_tokens,
        usage.usd,
    )
