"""The OpenAPI document: what it says of a call, and of every answer there is; and the list of the agents there are."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from encord_lambda import trace_context
from encord_lambda.config import PipelineConfig
from encord_lambda.dispatch.call_message import EditorCall
from encord_lambda.dispatch.notification import SIGNATURE, TIMESTAMP
from encord_lambda.editor_api.containing import contain
from encord_lambda.editor_api.replies import Answer, told

_ALWAYS: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
"""What any request may be answered with."""
_REFUSALS: Final = told(
    *_ALWAYS,
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
_CALL: Final[dict[str, Any]] = {
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
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {int(HTTPStatus.OK): _DONE, **_REFUSALS}
"""What a call may be answered with."""
_PARTS: Final = {"name": "As in pipeline.yaml.", "token": "The agent's token, if it has one."}
"""Of paths."""


class ListedAgent(BaseModel):
    """An agent that can be called."""

    name: str
    kind: str


def create_document(
    calls: Mapping[str, Callable[[Request], Awaitable[Response]]], pipeline: Callable[[], PipelineConfig]
) -> FastAPI:
    """An app that describes the calls, each by its path, and lists the agents of the pipeline as it stands."""
    app = contain(FastAPI(title="encord-lambda editor agents", docs_url=None, redoc_url=None, redirect_slashes=False))
    for path, call in calls.items():
        more = {**_CALL, "parameters": [*_in_path(path), *_CALL["parameters"]]}
        app.post(path, response_class=Response, responses=_ANSWERS, openapi_extra=more)(call)

    @app.get("/agents", responses=told(*_ALWAYS))
    def agents() -> list[ListedAgent]:
        """The agents there are."""
        return [ListedAgent(name=name, kind=one.kind) for name, one in pipeline().editor_agents.items()]

    return app


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "description": text}
        for name, text in _PARTS.items()
        if f"{{{name}}}" in path
    ]
