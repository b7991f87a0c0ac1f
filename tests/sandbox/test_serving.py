"""Servers in threads of their own: they start or say why not, and end with what they began."""

import asyncio
import socket
import threading
import urllib.request
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandbox.serving import served


def test_a_request_under_way_is_answered_and_the_next_is_refused() -> None:
    begun = threading.Event()

    async def slow(_: Request) -> Response:
        begun.set()
        await asyncio.sleep(0.05)
        return PlainTextResponse("done")

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as client:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        config = uvicorn.Config(Starlette(routes=[Route("/", slow)]), log_level="error", timeout_graceful_shutdown=10)
        with served(config, listener, "slow"):
            answer = client.submit(asked, url)
            assert begun.wait(10)
        assert answer.result() == b"done"
    with pytest.raises(OSError, match="refused"):
        asked(url)


def test_the_application_is_told_of_its_end() -> None:
    told = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        told.append("ended")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        with served(uvicorn.Config(Starlette(lifespan=lifespan), log_level="error"), listener, "short"):
            assert told == []
        assert told == ["ended"]


def test_an_application_that_does_not_start_is_an_error() -> None:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        raise ValueError("no")
        yield

    config = uvicorn.Config(Starlette(lifespan=lifespan), log_level="critical", lifespan="on")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(RuntimeError, match="broken did not start"),
        served(config, listener, "broken"),
    ):
        pass


def asked(url: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as answer:
        body: bytes = answer.read()
        return body
