"""What the OpenAI adapter says of money: which tries may be billed, which refusals concern all tasks, what was used."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from encord_lambda.agents.agent import Picture, Question, Usage
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from encord_lambda.models.openai_model import OpenAiModel

QUESTION = Question("openai:mini", "Which animal?", (Picture(b"pixels", "image/png"),), {"type": "object"})


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@contextmanager
def answering(status: int, body: object, promised: int = 0) -> Iterator[OpenAiModel]:
    """A model behind an endpoint that answers this; with `promised` bytes more, it breaks off; None hangs up."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if body is None:
                return
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content) + promised))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield OpenAiModel("sk-test", f"http://127.0.0.1:{server.server_port}/v1", timeout=10)
        finally:
            server.shutdown()
            thread.join()


def trouble(status: int, body: object, promised: int = 0) -> Trouble:
    with answering(status, body, promised) as model, pytest.raises(Trouble) as raised:
        model.ask(QUESTION)
    return raised.value


def completion(
    content: str | None, finish: str = "stop", refusal: str | None = None, usage: dict[str, object] | None = None
) -> object:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return {"choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}


def error(message: str, param: str | None = None, code: str | None = None) -> object:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


@pytest.mark.parametrize(
    "body", [completion("", refusal="No."), completion("{", "length"), completion(None, "content_filter")]
)
def test_a_reply_that_is_no_answer_is_billed(body: object) -> None:
    raised = trouble(200, body)
    assert type(raised) is Reject
    assert raised.billed


@pytest.mark.parametrize(("status", "kind"), [(400, Reject), (401, Misconfigured), (429, Retry), (500, Retry)])
def test_a_request_that_was_refused_is_not_billed(status: int, kind: type[Trouble]) -> None:
    raised = trouble(status, error("no"))
    assert type(raised) is kind
    assert not raised.billed


def test_a_reply_that_breaks_off_may_be_billed() -> None:
    raised = trouble(200, completion("{}"), promised=100)
    assert type(raised) is Retry
    assert raised.billed


def test_a_connection_that_is_closed_without_a_reply_may_be_billed() -> None:
    raised = trouble(200, None)
    assert type(raised) is Retry
    assert raised.billed


def test_somebody_elses_page_is_not_billed() -> None:
    raised = trouble(200, {"title": "Log in"})
    assert type(raised) is Retry
    assert not raised.billed


SETUP = [
    error("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."),
    error("Invalid schema for response_format 'answer': ...", param="response_format"),
    error("Invalid value: 'json_schema'.", param="response_format.type", code="invalid_value"),
    error("Unsupported parameter: 'max_completion_tokens'", "max_completion_tokens", "unsupported_parameter"),
    error("Unsupported value: 'messages[0].role' does not support 'system'", "messages[0].role", "unsupported_value"),
    error("Invalid content type. image_url is only supported by certain models.", "messages.[1].content.[0].type"),
    error("invalid model ID", param="model"),
]
MEDIA = [
    error("You uploaded an unsupported image.", code="invalid_image_format"),
    error("You uploaded an unsupported image.", code="sanitizer_server_error"),
    error("This model's maximum context length is 128000 tokens.", "messages", "context_length_exceeded"),
    error("Invalid 'messages[1].content[0].image_url.url'.", "messages[1].content[0].image_url.url", "invalid_value"),
    error("Your input image may contain content that is not allowed.", code="content_policy_violation"),
]


@pytest.mark.parametrize("body", SETUP)
def test_what_would_be_refused_of_every_task_waits_for_a_person(body: object) -> None:
    raised = trouble(400, body)
    assert type(raised) is Misconfigured
    assert raised.reason.startswith("openai:mini cannot be asked for JSON about media: ")


@pytest.mark.parametrize("body", MEDIA)
def test_what_is_wrong_with_the_media_rejects_its_task(body: object) -> None:
    assert type(trouble(400, body)) is Reject


@pytest.mark.parametrize(
    ("told", "tokens"),
    [
        ({"prompt_tokens": 7, "completion_tokens": 3}, (7, 3)),
        ({"prompt_tokens": None, "completion_tokens": "many"}, (0, 0)),
        ({"prompt_tokens": -7}, (0, 0)),
        ({}, (0, 0)),
    ],
)
def test_what_an_endpoint_tells_of_its_tokens_is_not_believed_blindly(
    told: dict[str, object], tokens: tuple[int, int]
) -> None:
    with answering(200, completion("{}", usage=told)) as model:
        usage = model.ask(QUESTION).usage
    assert usage == Usage(usage.seconds, *tokens)
