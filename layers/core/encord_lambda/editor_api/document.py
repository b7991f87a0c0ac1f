"""What the OpenAPI document says of a call, and of every answer there is."""

from http import HTTPStatus
from typing import Any, Final

from encord_lambda import trace_context
from encord_lambda.dispatch.call_message import EditorCall
from encord_lambda.dispatch.notification import SIGNATURE, TIMESTAMP
from encord_lambda.editor_api.replies import Answer, told

ALWAYS: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
"""What any request may be answered with."""
_REFUSALS: Final = told(
    *ALWAYS,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.CONTENT_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
)
_DONE: Final[dict[str, Any]] = {
    "description": (
        "The labels are saved. Empty, unless there is something to say. An agent that is too slow to be waited for is "
        "answered `queued: …`, and its labels are saved some minutes later; unless the call is signed: 503."
    ),
    "content": {
        "application/json": {"schema": Answer.model_json_schema()},
        "text/plain": {"schema": {"type": "string", "maxLength": 0}},
    },
}
CALL: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": EditorCall.model_json_schema()}}},
    "parameters": [
        {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": text}
        for name, text in (
            (SIGNATURE, "Encord's, over the time and the body; a call that has one must be signed rightly."),
            (TIMESTAMP, "When it was signed: Unix time in seconds."),
            (trace_context.HEADER, "`TRACE/SPAN;o=1`, for what the agent asks of Encord."),
        )
    ],
}
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {int(HTTPStatus.OK): _DONE, **_REFUSALS}
"""What a call may be answered with."""
