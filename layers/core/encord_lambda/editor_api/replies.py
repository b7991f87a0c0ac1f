"""What a caller is answered: nothing, a message for the annotator, or a status that says why not."""

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from encord_lambda.deadlines import Late
from encord_lambda.errors import Failed, Misconfigured, OverBudget, Reject, Retry, Trouble

if TYPE_CHECKING:
    from starlette.applications import Starlette

LONGEST: Final = 256
"""Characters of a message or a decision: Encord cuts the one off and drops the other."""
BUSY: Final = "a service the agent needs is busy; please try again"
QUEUED: Final = "queued: this takes longer than usual. The labels come by themselves; reload in a minute or two"
_LATE: Final = "the agent took too long, and nothing was written; please try again later"
FAILED: Final = "the agent failed; its owner finds the reason in the log"
_ADDRESS: Final = re.compile(r"https?://\S+")
"""Where media lie is nothing that a message needs to tell."""
_BROKEN: Final = "the agent is not set up correctly; its owner finds the reason in the log"
_log = logging.getLogger(__name__)


class Message(BaseModel):
    """What the annotator reads."""

    message: str = Field(max_length=LONGEST)


class Answer(BaseModel):
    """What an agent has to say, if anything."""

    message: str | None = Field(default=None, max_length=LONGEST, description="Shown to the annotator.")
    decision: str | None = Field(
        default=None, max_length=LONGEST, description="Name of the pathway, for a workflow that called."
    )


class Refusal(Exception):  # noqa: N818 - an answer to the annotator, not a fault of ours
    """The call ends with this status, and the annotator reads this message."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def done(message: str | None, decision: str | None = None) -> Response:
    """Success: empty, unless there is something to say."""
    answer = Answer(message=message and message[:LONGEST], decision=decision)
    if said := answer.model_dump(exclude_none=True):
        return JSONResponse(said)
    # With a type of its own, for Mangum calls everything else JSON, which an empty body is not.
    return Response(media_type="text/plain")


def refused(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal, or trouble, with its reason."""
    return JSONResponse({"message": message[:LONGEST]}, status, headers)


def register(app: "Starlette") -> None:
    """Have the app answer with these whatever is raised."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(Trouble, _trouble)
    app.add_exception_handler(HTTPException, _unrouted)


def _refusal(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for nothing else
    return refused(refusal.status, refusal.message)


def _trouble(_: Request, trouble: Exception) -> Response:
    assert isinstance(trouble, Trouble)  # noqa: S101 - registered for nothing else
    _log.warning("%s: %s", type(trouble).__name__, trouble.reason)
    match trouble:
        case Misconfigured():
            # What is wrong with the deployment is for its owner's log, not for the public.
            return refused(HTTPStatus.INTERNAL_SERVER_ERROR, _BROKEN)
        case Failed():
            return refused(HTTPStatus.INTERNAL_SERVER_ERROR, FAILED)
        case Reject():
            return refused(HTTPStatus.UNPROCESSABLE_ENTITY, unaddressed(trouble.reason))
        case OverBudget():
            text = "the model's budget for today is spent; ask the agent's owner, or try again tomorrow"
            return refused(HTTPStatus.TOO_MANY_REQUESTS, text, _after(trouble))
        case Late():
            return refused(HTTPStatus.SERVICE_UNAVAILABLE, _LATE, _after(trouble))
        case Retry():
            return refused(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, _after(trouble))
        case _:
            return refused(HTTPStatus.CONFLICT, trouble.reason)


def _after(trouble: Retry) -> dict[str, str]:
    return {"Retry-After": str(ceil(trouble.after))} if trouble.after > 0 else {}


def _unrouted(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    text = {
        HTTPStatus.NOT_FOUND: "there is nothing at this address; an agent's is /agents/ and its name",
        HTTPStatus.METHOD_NOT_ALLOWED: "agents are called with POST",
    }
    return refused(error.status_code, text.get(HTTPStatus(error.status_code), str(error.detail)), error.headers)


def unaddressed(text: str) -> str:
    """A text that tells of no address, for it may have a signature."""
    return _ADDRESS.sub("its address", text)


def told(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Responses with a message, for the OpenAPI document."""
    message = {"application/json": {"schema": Message.model_json_schema()}}
    return {int(status): {"content": message, "description": status.phrase} for status in statuses}
