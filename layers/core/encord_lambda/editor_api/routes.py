"""The routes. Calls are answered as they come; what describes them is loaded when somebody asks for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from encord_lambda import trace_context
from encord_lambda.config import PipelineConfig
from encord_lambda.config_editor import Deciding
from encord_lambda.deadlines import Late
from encord_lambda.editor_api import replies
from encord_lambda.editor_api.access import check_signature, check_token, is_signed
from encord_lambda.editor_api.calls import parse, read_body
from encord_lambda.editor_api.containing import contain
from encord_lambda.editor_api.desk import Desk
from encord_lambda.editor_api.late_loading import LateLoaded
from encord_lambda.editor_api.recording import known

type Call = Callable[[Request], Awaitable[Response]]
DOCUMENTED: Final = ("/agents", "/openapi.json")
"""What is no call."""


def create_routes(desk: Callable[[], Desk], pipeline: Callable[[], PipelineConfig]) -> Starlette:
    """All of them. Both are called when they are needed, at each request, so that pipeline.yaml is the current one."""
    calls = _calls(desk)

    def documented() -> Starlette:
        from encord_lambda.editor_api.document import create_document

        return create_document(calls, pipeline)

    rest = LateLoaded(documented)
    routes = [Route(path, call, methods=["POST"]) for path, call in calls.items()]
    app = Starlette(routes=[*(Route(path, rest) for path in DOCUMENTED), *routes])
    app.router.redirect_slashes = False
    return contain(app)


def _calls(desk: Callable[[], Desk]) -> dict[str, Call]:
    """Each by its path; name and docstring are what the document has of it."""

    async def answered(request: Request) -> Response:
        body, wanted = await read_body(request), request.path_params
        # Nothing of ours is asynchronous; others are not to wait for it.
        return await asyncio.to_thread(
            lambda: _answer(desk(), request, body, wanted.get("name"), wanted.get("token")),
        )

    async def first_agent(request: Request) -> Response:
        """Run the first agent of pipeline.yaml."""
        return await answered(request)

    async def named_agent(request: Request) -> Response:
        """Run the agent called `name`."""
        return await answered(request)

    async def named_agent_with_its_token(request: Request) -> Response:
        """Run the agent called `name`, which has a token."""
        return await answered(request)

    return {"/": first_agent, "/agents/{name}": named_agent, "/agents/{name}/{token}": named_agent_with_its_token}


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
