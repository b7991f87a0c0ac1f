"""Start and stop the model server: on the loopback interface only, in a thread of its own."""

import socket
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
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

HOST = "127.0.0.1"
PATIENCE = 10.0  # seconds until a server that does not start or stop is an error


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
    script, ready = Script(), threading.Event()
    with socket.create_server((HOST, port)) as listener:
        application = build(Desk(AnimalModel(), script), ready)
        # Silent: what was asked is in the history, and a demo's terminal has one line to spare for us.
        runner = uvicorn.Server(uvicorn.Config(application, log_level="error", access_log=False, lifespan="on"))
        thread = threading.Thread(target=runner.run, args=([listener],), name="model-server", daemon=True)
        thread.start()
        try:
            if not ready.wait(PATIENCE):
                raise RuntimeError(f"the model server did not start within {PATIENCE:g} s")
            yield Server(f"http://{HOST}:{listener.getsockname()[1]}", script)
        finally:
            runner.should_exit = True
            # A client that keeps its connection open shall not keep us waiting for it.
            runner.force_exit = True
            thread.join(PATIENCE)


def build(desk: Desk, ready: threading.Event | None = None) -> Starlette:
    """The application; `ready` is set once it takes requests."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if ready is not None:
            ready.set()
        yield

    routes = [
        Route(chat.PATH, chat.complete, methods=["POST"]),
        Route(detect.PATH, detect.detect, methods=["POST"]),
        Route(detect.SAGEMAKER_PATH, detect.detect, methods=["POST"]),
        Route(infer.PATH, infer.infer, methods=["POST"]),
        Route("/ready", _ready),
    ]
    application = Starlette(routes=routes, exception_handlers={RequestError: to_response}, lifespan=lifespan)
    application.state.desk = desk
    return application


async def _ready(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ready", "model": NAME})
