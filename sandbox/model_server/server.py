"""Start and stop the model server: on the loopback interface only, in a thread of its own."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.model_server import chat, detect, infer
from sandbox.model_server.animals import NAME, AnimalModel
from sandbox.model_server.reading import Desk
from sandbox.model_server.refusals import RequestError, to_response
from sandbox.model_server.script import Received, Reply, Script
from sandbox.serving import served

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `url` is its base, without a final slash; OpenAI's clients want `url + "/v1"`."""

    url: str
    _script: Script

    @property
    def history(self) -> Sequence[Received]:
        """The requests received and parsed so far, oldest first."""
        return self._script.history

    def enqueue(self, reply: Reply) -> None:
        """Script the reply to a coming request; several are used up in order."""
        self._script.enqueue(reply)


@contextmanager
def serve(port: int = 0) -> Iterator[Server]:
    """Serve until the block ends. Port 0 takes a free one; `Server.url` says which."""
    script = Script()
    with socket.create_server((HOST, port)) as listener:
        # Silent: what was asked is in the history, and a demo's terminal has one line to spare for us.
        # A client that still waits for a slow answer shall not keep us waiting for it.
        config = uvicorn.Config(
            build(Desk(AnimalModel(), script)), log_level="error", access_log=False, timeout_graceful_shutdown=0
        )
        with served(config, listener, "model-server"):
            yield Server(f"http://{HOST}:{listener.getsockname()[1]}", script)


def build(desk: Desk) -> Starlette:
    """The application."""
    routes = [
        Route(chat.PATH, chat.complete, methods=["POST"]),
        Route(chat.MODELS_PATH, chat.list_models),
        Route(f"{chat.MODELS_PATH}/{{model}}", chat.look_up),
        Route(detect.PATH, detect.detect, methods=["POST"]),
        Route(detect.SAGEMAKER_PATH, detect.detect, methods=["POST"]),
        Route(infer.PATH, infer.infer, methods=["POST"]),
        Route("/ready", _ready),
    ]
    application = Starlette(routes=routes, exception_handlers={RequestError: to_response})
    application.state.desk = desk
    return application


async def _ready(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ready", "model": NAME})
