"""The routes, and the OpenAPI document that tells of them."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, FastAPI, Path, Request, Response
from pydantic import BaseModel

from encord_lambda import trace_context
from encord_lambda.config import PipelineConfig
from encord_lambda.config_editor import Deciding
from encord_lambda.deadlines import Late
from encord_lambda.editor_api import document, replies
from encord_lambda.editor_api.access import check_signature, check_token, is_signed
from encord_lambda.editor_api.calls import parse, read_body
from encord_lambda.editor_api.containing import Contained
from encord_lambda.editor_api.desk import Desk
from encord_lambda.editor_api.recording import known

Name = Annotated[str, Path(description="As in pipeline.yaml.")]
Token = Annotated[str, Path(description="The agent's token, if it has one.")]
Body = Annotated[bytes, Depends(read_body)]


class ListedAgent(BaseModel):
    """An agent that can be called."""

    name: str
    kind: str


def create_routes(desk: Callable[[], Desk], pipeline: Callable[[], PipelineConfig]) -> FastAPI:
    """All of them. Both are called when they are needed, at each request, so that pipeline.yaml is the current one."""
    app = FastAPI(title="encord-lambda editor agents", docs_url=None, redoc_url=None, redirect_slashes=False)
    replies.register(app)
    app.add_middleware(Contained)
    call = partial(app.post, response_class=Response, responses=document.ANSWERS, openapi_extra=document.CALL)

    @call("/")
    def first_agent(request: Request, body: Body) -> Response:
        """Run the first agent of pipeline.yaml."""
        return _answer(desk(), request, body)

    @call("/agents/{name}")
    def named_agent(name: Name, request: Request, body: Body) -> Response:
        """Run the agent called `name`."""
        return _answer(desk(), request, body, name)

    @call("/agents/{name}/{token}")
    def named_agent_with_its_token(name: Name, token: Token, request: Request, body: Body) -> Response:
        """Run the agent called `name`, which has a token."""
        return _answer(desk(), request, body, name, token)

    @app.get("/agents", responses=replies.told(*document.ALWAYS))
    def agents() -> list[ListedAgent]:
        """The agents there are."""
        return [ListedAgent(name=name, kind=one.kind) for name, one in pipeline().editor_agents.items()]

    return app


def _answer(desk: Desk, request: Request, body: bytes, name: str | None = None, token: str | None = None) -> Response:
    agent, noted = desk.configured(name), known(request)
    noted.agent = name or next(iter(desk.pipeline.editor_agents))
    if signed := is_signed(request.headers):
        check_signature(agent, request.headers, body, desk.secrets, desk.now())
    else:
        check_token(agent, token)
    noted.call = parse(body)
    with trace_context.following(request.headers.get(trace_context.HEADER)):
        try:
            noted.done = desk.run(agent, noted.call)
        except Late:
            if signed:  # the workflow would go on, without labels and decision
                raise
            desk.queue(noted.agent, noted.call)
            return replies.done(replies.QUEUED)
    decision = noted.done.decision
    pathway = agent.pathway(decision.answer) if signed and isinstance(agent, Deciding) else None
    return replies.done(decision.message, pathway)
