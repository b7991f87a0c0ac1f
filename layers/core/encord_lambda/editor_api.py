"""The HTTP API that the Label Editor calls: one agent, on one frame, while the annotator waits (seed 001).

Success is an empty 200, and the editor refreshes. Everything else is `{"message": …}`, which it shows.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.middleware.base import RequestResponseEndpoint

from encord_lambda.agents.agent import Tools
from encord_lambda.agents.describe import DescribeAgent
from encord_lambda.agents.material import DOCUMENTS
from encord_lambda.config import PipelineConfig
from encord_lambda.config_classify import EditorDescribe
from encord_lambda.encord_platform.workflow import Projects
from encord_lambda.errors import Misconfigured, Reject, Trouble

LONGEST_MESSAGE: Final = 256
"""Encord cuts longer messages off."""
TEST_HEADERS: Final = ("x-encord-editor-agent", "x-encord-agent")
"""Either one, by age of the docs, marks a connectivity test."""
_log = logging.getLogger(__name__)


class EditorCall(BaseModel):
    """What the Label Editor sends; keys we do not know are Encord's to add."""

    model_config = ConfigDict(extra="ignore")

    project: UUID = Field(alias="projectHash")
    data: UUID = Field(alias="dataHash")
    frame: int = Field(default=0, ge=0)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a call is answered with."""

    pipeline: PipelineConfig
    projects: Projects
    tools: Tools


class Refusal(Exception):  # noqa: N818 - an answer to the annotator, not a fault of ours
    """The call ends with this status, and the annotator reads this message."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def create_app(desk: Callable[[], Desk]) -> FastAPI:
    """The app. `desk` is called at each request, so that pipeline.yaml is always the current one."""
    app = FastAPI(title="encord-lambda editor agents", docs_url=None, redoc_url=None)
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(Trouble, _trouble)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.middleware("http")(_answer_test)

    @app.post("/")
    def first_agent(call: EditorCall) -> Response:
        """Run the first agent of pipeline.yaml."""
        return _run(desk(), None, call)

    @app.post("/agents/{name}")
    def named_agent(name: str, call: EditorCall) -> Response:
        """Run the agent called `name`."""
        return _run(desk(), name, call)

    return app


def _run(desk: Desk, name: str | None, call: EditorCall) -> Response:
    configured = _permitted(desk.pipeline, name, call.project)
    row = desk.projects.row(call.project, call.data)
    if row is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "this project has no such data unit")
    agent = DescribeAgent(configured)
    unit = replace(row.unit(call.frame), alone=True)
    decision = agent.decide(unit, desk.tools)
    row.open_afresh()  # while the model thought, the annotator or somebody else may have saved
    frame = None if unit.facts.data_type in DOCUMENTS else call.frame
    if row.write(decision.proposals, agent, frame).standing is not None:
        person = f"'{configured.classification}' is answered already; delete that answer to have a new one written"
        return JSONResponse({"message": person})
    row.save()
    return Response(status_code=HTTPStatus.OK)


def _permitted(pipeline: PipelineConfig, name: str | None, project: UUID) -> EditorDescribe:
    configured = pipeline.editor_agent(name)
    if configured is None:
        known = ", ".join(pipeline.editor_agents) or "none"
        raise Refusal(HTTPStatus.NOT_FOUND, f"there is no editor agent '{name or ''}'; there are: {known}")
    if not pipeline.serves(project, configured):
        raise Refusal(HTTPStatus.FORBIDDEN, "pipeline.yaml does not name this project for this agent")
    return configured


async def _answer_test(request: Request, go_on: RequestResponseEndpoint) -> Response:
    """Encord's connectivity test is answered at once and does no work."""
    if any(header in request.headers for header in TEST_HEADERS):
        return Response(status_code=HTTPStatus.OK)
    return await go_on(request)


def _refusal(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for nothing else
    return _message(refusal.status, refusal.message)


def _trouble(_: Request, trouble: Exception) -> Response:
    assert isinstance(trouble, Trouble)  # noqa: S101 - registered for nothing else
    _log.warning("%s: %s", type(trouble).__name__, trouble.reason)
    match trouble:
        case Misconfigured():
            # What is wrong with the deployment is for its owner's log, not for the public.
            text = "the agent is not set up correctly; its owner finds the reason in the log"
            return _message(HTTPStatus.INTERNAL_SERVER_ERROR, text)
        case Reject():
            return _message(HTTPStatus.UNPROCESSABLE_ENTITY, trouble.reason)
        case _:
            return _message(HTTPStatus.SERVICE_UNAVAILABLE, "a service the agent needs is busy; please try again")


def _malformed(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    fault = error.errors()[0]
    place = ".".join(str(step) for step in fault["loc"] if step != "body")
    return _message(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {fault['msg']}" if place else fault["msg"])


def _message(status: HTTPStatus, text: str) -> Response:
    return JSONResponse({"message": text[:LONGEST_MESSAGE]}, status)
