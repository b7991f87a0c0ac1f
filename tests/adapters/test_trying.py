"""Whether a model is there, by OpenAI's real client: the sandbox's model server, and endpoints that are none."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.models import trying
from sandbox.model_server.server import serve
from tests.twin.receivers import Received, Said, receiving

KEY = "sk-very-secret"


@contextmanager
def telling(answers: dict[str, tuple[int, object]]) -> Iterator[str]:
    """An endpoint with these answers by path; 404 to all else."""

    def told(asked: Received) -> Said:
        status, body = answers.get(asked.path, (404, {"error": {"message": f"no {asked.path}"}}))
        return Said(status, {"Content-Type": "application/json"}, json.dumps(body).encode())

    with receiving(told) as endpoint:
        yield endpoint.url.removesuffix("/hook")


def looked_up(url: str, key: str = KEY) -> str:
    return trying.look_up("openai:gpt-4o-mini", key, url, 5)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_model_that_is_there() -> None:
    with serve() as server:
        assert looked_up(f"{server.url}/v1") == f"{server.url}/v1 has it"
        assert list(server.history) == []


def test_a_model_that_is_not_there_is_told_with_those_alike() -> None:
    models = {"object": "list", "data": [{"id": name, "object": "model"} for name in ("gpt-4o-minor", "whisper-1")]}
    with telling({"/models": (200, models)}) as url, pytest.raises(Misconfigured) as told:
        looked_up(url)

    assert told.value.reason == f"openai:gpt-4o-mini: {url} has no such model; it has 2, alike are: gpt-4o-minor"


def test_an_address_that_knows_of_no_models_is_doubted() -> None:
    with telling({}) as url, pytest.raises(Misconfigured, match="tells of no models; is OpenAiBaseUrl right"):
        looked_up(url)


def test_a_key_that_is_refused_is_not_quoted() -> None:
    refused = (401, {"error": {"message": f"Incorrect API key provided: {KEY}"}})
    with telling({"/models/gpt-4o-mini": refused}) as url, pytest.raises(Misconfigured) as told:
        looked_up(url)

    assert "the API key in OPENAI_KEY_SECRET is refused (401)" in told.value.reason
    assert KEY not in told.value.reason


def test_an_address_where_nobody_answers_is_trouble() -> None:
    with pytest.raises(Retry, match="APIConnectionError"):
        looked_up("http://127.0.0.1:9")


def test_a_key_that_no_header_can_carry_is_told_as_such() -> None:
    with pytest.raises(Misconfigured, match="has characters that no key has"):
        looked_up("http://127.0.0.1:9", "schlüssel")


def test_the_grey_picture_is_one() -> None:
    picture = trying.grey_picture()

    assert picture.content.startswith(b"\xff\xd8\xff")
    assert (picture.mime_type, picture.width, picture.height) == ("image/jpeg", 64, 64)
