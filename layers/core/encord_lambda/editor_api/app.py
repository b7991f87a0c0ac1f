"""The routes, and the OpenAPI document that tells of them."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, Path, Request, Response
from pydantic import BaseModel

from encord_lambda.config import PipelineConfig
from encord_lambda.config_editor import Deciding
from encord_lambda.editor_api import replies
from encord_lambda.editor_api.access import check_signature, check_token, is_signed
from encord_lambda.editor_api.calls import EditorCall, parse, read_body
from encord_lambda.editor_api.containing import Contained
from encord_lambda.editor_api.cors import Guarded
from encord_lambda.editor_api.desk import Desk
from encord_lambda.editor_api.replies import Answer

_ALWAYS: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
"""What any request may be answered with."""
_REFUSALS: Final = replies.told(
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
    "description": "The labels are saved. Empty, unless there is something to say.",
    "content": {
        "application/json": {"schema": Answer.model_json_schema()},
        "text/plain": {"schema": {"type": "string", "maxLength": 0}},
    },
}
_CALL: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": EditorCall.model_json_schema()}}}
}
Name = Annotated[str, Path(description="As in pipeline.yaml.")]
Token = Annotated[str, Path(description="The agent's token, if it has one.")]
Body = Annotated[bytes, Depends(read_body)]


class ListedAgent(BaseModel):
    """An agent that can be called."""

    name: str
    kind: str


def create_app(
    desk: Callable[[], Desk], pipeline: Callable[[], PipelineConfig], origins: Callable[[], Collection[str]]
) -> Guarded:
    """The app. All three are called when they are needed, at each request, so that pipeline.yaml is the current one."""
    app = FastAPI(title="encord-lambda editor agents", docs_url=None, redoc_url=None, redirect_slashes=False)
    replies.register(app)
    app.add_middleware(Contained)
    call = partial(
        app.post, response_class=Response, responses={int(HTTPStatus.OK): _DONE, **_REFUSALS}, openapi_extra=_CALL
    )

    @call("/")
    def first_agent(request: Request, body: Body) -> Response:
        """Run the first agent of pipeline.yaml."""
        return _answer(desk(), request.headers, body)

    @call("/agents/{name}")
    def named_agent(name: Name, request: Request, body: Body) -> Response:
        """Run the agent called `name`."""
        return _answer(desk(), request.headers, body, name)

    @call("/agents/{name}/{token}")
    def named_agent_with_its_token(name: Name, token: Token, request: Request, body: Body) -> Response:
        """Run the agent called `name`, which has a token."""
        return _answer(desk(), request.headers, body, name, token)

    @app.get("/agents", responses=replies.told(*_ALWAYS))
    def agents() -> list[ListedAgent]:
        """The agents there are."""
        return [ListedAgent(name=name, kind=one.kind) for name, one in pipeline().editor_agents.items()]

    return Guarded(app, origins)


def _answer(
    desk: Desk, headers: Mapping[str, str], body: bytes, name: str | None = None, token: str | None = None
) -> Response:
    agent = desk.configured(name)
    if signed := is_signed(headers):
        check_signature(agent, headers, body, desk.secrets, desk.now())
    else:
        check_token(agent, token)
    decision = desk.run(agent, parse(body))
    pathway = agent.pathway(decision.answer) if signed and isinstance(agent, Deciding) else None
    return replies.done(decision.message, pathway)
