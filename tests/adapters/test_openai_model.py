"""The real OpenAI client, against the sandbox's model server and its scripted replies."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest

from encord_lambda.agents.agent import Document, Picture, Question
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from encord_lambda.labels.steps import Step
from encord_lambda.labels.tokens import Token
from encord_lambda.models.openai_model import OpenAiModel
from sandbox.artwork import papers
from sandbox.model_server.script import Delay, Refusal, Reply, Status, Text, Truncated
from sandbox.model_server.server import Server, serve
from sandbox.model_server.wire import ChatRequest
from tests.adapters.answering import answering
from tests.fakes.stages import radio
from tests.model_server.conversation import a_cat, png

KEY = "sk-very-secret"
PICTURE = Picture(png(a_cat()), "image/png")
SCHEMA = Step((radio("Animal", "Cat", "Dog"),)).schema


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


@pytest.fixture
def model(server: Server, monkeypatch: pytest.MonkeyPatch) -> OpenAiModel:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return OpenAiModel(KEY, f"{server.url}/v1", timeout=10)


def a_question(model: str = "openai:gpt-4o-mini", picture: Picture = PICTURE) -> Question:
    return Question(model, "Which animal is this?", (picture,), SCHEMA)


def trouble(model: OpenAiModel, question: Question | None = None) -> Trouble:
    with pytest.raises(Trouble) as raised:
        model.ask(question or a_question())
    assert KEY not in str(raised.value)
    return raised.value


def test_a_picture_is_looked_at_and_answered_in_the_schema(model: OpenAiModel) -> None:
    reply = model.ask(a_question())

    assert '"answer": "Cat"' in reply.text
    assert reply.usage.seconds > 0


def test_what_is_sent_is_the_prompt_the_picture_and_the_strict_schema(server: Server, model: OpenAiModel) -> None:
    model.ask(a_question())

    request = cast("ChatRequest", server.history[-1].request)
    assert request.model == "gpt-4o-mini"
    assert request.image_urls == [f"data:image/png;base64,{base64.b64encode(PICTURE.content).decode()}"]
    assert request.response_format is not None
    assert request.response_format.json_schema is not None
    assert request.response_format.json_schema.strict


def test_documents_are_sent_after_the_pictures(server: Server, model: OpenAiModel) -> None:
    pdf, text = Document(papers.document(["Dog"], 7), "application/pdf", 1), Document("Größe 3".encode(), "text/plain")
    model.ask(replace(a_question(), documents=(pdf, text)))

    request = cast("ChatRequest", server.history[-1].request)
    *_, message = request.messages
    assert [part.type for part in message.parts] == ["image_url", "file", "text"]
    assert request.files == [f"data:application/pdf;base64,{base64.b64encode(pdf.content).decode()}"]
    assert request.read_aloud == "Größe 3"
    assert request.logprobs is None


def test_a_pdf_alone_is_looked_at(model: OpenAiModel) -> None:
    document = Document(papers.document(["Dog", "Dog"], 9_300_000), "application/pdf", 2)

    assert '"answer": "Dog"' in model.ask(replace(a_question(), pictures=(), documents=(document,))).text


def test_with_log_probabilities_the_tokens_spell_the_answer(model: OpenAiModel) -> None:
    reply = model.ask(replace(a_question(), log_probabilities=True))

    assert b"".join(token.text for token in reply.tokens).decode() == reply.text
    assert min(token.logprob for token in reply.tokens) < 0
    assert model.ask(a_question()).tokens == ()


def test_an_endpoint_that_tells_none_is_the_deployments_fault(server: Server, model: OpenAiModel) -> None:
    server.enqueue(Text('{"answer": "Cat", "confidence": 1}'))

    raised = trouble(model, replace(a_question(), log_probabilities=True))

    assert type(raised) is Misconfigured
    assert raised.reason == "openai:gpt-4o-mini: the endpoint tells no log-probabilities; say `confidence: stated`"


def test_a_model_that_refuses_to_tell_them_is_the_deployments_fault_too(server: Server, model: OpenAiModel) -> None:
    server.enqueue(Status(400, message="Unsupported parameter: 'logprobs' is not supported with this model."))

    raised = trouble(model, replace(a_question(), log_probabilities=True))

    assert type(raised) is Misconfigured
    assert "tells no log-probabilities" in raised.reason


CONTENTS = [
    ("null", None),
    ('{"content": null}', None),
    ('{"content": []}', None),
    ('{"content": 7}', None),
    ('{"content": [{}]}', None),
    ('{"content": [{"token": "a", "bytes": [300], "logprob": 0}]}', None),
    ('{"content": [{"token": "a", "bytes": null, "logprob": "x"}]}', None),
    ('{"content": [{"token": "a", "bytes": null, "logprob": NaN}]}', None),
    ('{"content": [{"token": null, "bytes": null, "logprob": 0}]}', None),
    ('{"content": [{"token": "é", "bytes": null, "logprob": -1}]}', (Token("é".encode(), -1.0),)),
    ('{"content": [{"token": "?", "bytes": [195], "logprob": -1}]}', (Token(b"\xc3", -1.0),)),
]


@pytest.mark.parametrize(("logprobs", "tokens"), CONTENTS, ids=[text[:60] for text, _ in CONTENTS])
def test_tokens_are_read_with_suspicion(
    monkeypatch: pytest.MonkeyPatch, logprobs: str, tokens: tuple[Token, ...] | None
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    choice = f'{{"index": 0, "message": {{"content": "{{}}"}}, "finish_reason": "stop", "logprobs": {logprobs}}}'

    with answering("application/json", f'{{"choices": [{choice}]}}') as url:
        asking = OpenAiModel(KEY, url, timeout=10)
        if tokens is None:
            assert type(trouble(asking, replace(a_question(), log_probabilities=True))) is Misconfigured
        else:
            assert asking.ask(replace(a_question(), log_probabilities=True)).tokens == tokens


def test_a_model_that_only_thought_is_told_from_one_that_wrote_too_much(
    server: Server, model: OpenAiModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.enqueue(Truncated())
    assert trouble(model).reason.endswith("cut off after 1000 tokens")

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    body = '{"choices": [{"index": 0, "message": {"content": ""}, "finish_reason": "length"}]}'
    with answering("application/json", body) as url:
        raised = trouble(OpenAiModel(KEY, url, timeout=10))
    assert raised.reason.endswith("cut off after 1000 tokens, all of them thoughts: take a model that answers at once")


def test_text_that_is_not_what_was_asked_for_is_passed_on_unchecked(server: Server, model: OpenAiModel) -> None:
    server.enqueue(Text("Miaow!"))

    assert model.ask(a_question()).text == "Miaow!"


REPLIES: list[tuple[Reply, type[Trouble], str]] = [
    (Refusal("I'd rather not."), Reject, "openai:gpt-4o-mini declined: I'd rather not."),
    (Truncated(), Reject, "openai:gpt-4o-mini's answer was cut off after 1000 tokens"),
    (Text(""), Reject, "openai:gpt-4o-mini gave an empty answer (stop)"),
    (Status(400), Reject, "openai:gpt-4o-mini refused the request: "),
    (Status(422), Reject, "openai:gpt-4o-mini refused the request: "),
    (Status(401), Misconfigured, "openai:gpt-4o-mini: the API key in OPENAI_KEY_SECRET is refused (401)"),
    (Status(403), Misconfigured, "openai:gpt-4o-mini: the API key in OPENAI_KEY_SECRET is refused (403)"),
    (Status(404), Misconfigured, "openai:gpt-4o-mini: there is no such model: "),
    (Status(413), Reject, "openai:gpt-4o-mini: the media is too large for the endpoint"),
    (Status(429), Retry, "openai:gpt-4o-mini: HTTP 429"),
    (Status(500), Retry, "openai:gpt-4o-mini: HTTP 500"),
    (Status(503), Retry, "openai:gpt-4o-mini: HTTP 503"),
]


@pytest.mark.parametrize(("reply", "kind", "reason"), REPLIES, ids=[reason[19:60] for _, _, reason in REPLIES])
def test_each_kind_of_failure_is_sorted(
    server: Server, model: OpenAiModel, reply: Reply, kind: type[Trouble], reason: str
) -> None:
    server.enqueue(reply)

    raised = trouble(model)

    assert type(raised) is kind
    assert raised.reason.startswith(reason)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("seconds", [7, 0.5])
def test_a_busy_endpoint_says_how_long_to_wait_and_is_not_slept_through(
    server: Server, model: OpenAiModel, status: int, seconds: float
) -> None:
    server.enqueue(Status(status, retry_after=seconds))
    before = len(server.history)

    raised = trouble(model)

    assert isinstance(raised, Retry)
    assert raised.after == seconds
    assert len(server.history) == before + 1


def test_the_providers_message_about_the_key_is_not_passed_on(server: Server, model: OpenAiModel) -> None:
    server.enqueue(Status(401, message=f"Incorrect API key provided: {KEY}"))

    assert KEY not in trouble(model).reason


@pytest.mark.parametrize("key", ["sk-schlüssel", "ключ", "sk-very\u2010secret"])
def test_a_key_that_can_be_none_is_the_deployments_fault_and_is_not_quoted(key: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        OpenAiModel(key, "http://127.0.0.1:9/v1", timeout=10)

    assert raised.value.reason == "the secret in OPENAI_KEY_SECRET has characters that no API key has"
    assert raised.value.__cause__ is raised.value.__context__ is None


JSON = "application/json"
OTHER_ANSWERS = [
    ("text/html", "<title>Log in</title>"),
    ("text/plain", ""),
    (JSON, ""),
    (JSON, "{"),
    (JSON, "null"),
    (JSON, "7"),
    (JSON, '"hello"'),
    (JSON, "[]"),
    (JSON, "{}"),
    (JSON, '{"choices": null}'),
    (JSON, '{"choices": []}'),
    (JSON, '{"choices": [{}]}'),
    (JSON, '{"choices": [{"message": null}]}'),
    (JSON, '{"choices": 7}'),
    (JSON, '{"choices": [7]}'),
    (JSON, '{"choices": [{"message": 7}]}'),
    (JSON, '{"choices": [{"message": {"content": 7}}]}'),
    (JSON, '{"choices": [{"message": {"content": ["{}"]}}]}'),
    (JSON, '{"choices": [{"message": {"content": null, "refusal": 7}}]}'),
]


@pytest.mark.parametrize(("kind", "body"), OTHER_ANSWERS)
def test_an_endpoint_that_answers_something_else_may_be_mended(
    monkeypatch: pytest.MonkeyPatch, kind: str, body: str
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    with answering(kind, body) as url:
        raised = trouble(OpenAiModel(KEY, url, timeout=10))

    assert type(raised) is Retry
    assert raised.reason.startswith("openai:gpt-4o-mini: ")


def test_a_model_that_does_not_exist_is_the_configurations_fault(model: OpenAiModel) -> None:
    raised = trouble(model, a_question("openai:no-such-model"))

    assert isinstance(raised, Misconfigured)
    assert "no-such-model" in raised.reason


def test_a_picture_the_endpoint_cannot_read_is_rejected(model: OpenAiModel) -> None:
    assert isinstance(trouble(model, a_question(picture=Picture(b"no picture", "image/png"))), Reject)


def test_an_endpoint_that_is_not_there_may_be_there_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    raised = trouble(OpenAiModel(KEY, "http://127.0.0.1:9/v1", timeout=10))

    assert type(raised) is Retry
    assert "APIConnectionError" in raised.reason
    assert not raised.billed


def test_an_endpoint_that_takes_too_long_may_be_faster_later(server: Server, model: OpenAiModel) -> None:
    server.enqueue(Delay(0.3))

    raised = trouble(OpenAiModel(KEY, str(model._client.base_url), timeout=0.05))

    assert type(raised) is Retry
    assert "APITimeoutError" in raised.reason
    assert raised.billed
