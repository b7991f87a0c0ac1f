"""One running model server, and the real OpenAI client pointed at it."""

from collections.abc import Iterator

import pytest
from openai import OpenAI

from sandbox.model_server.server import Server, serve


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{server.url}/v1", api_key="sandbox", max_retries=0) as openai:
        yield openai
