"""Language models over OpenAI's API, or any endpoint that speaks it."""

import base64
import math
import time

from openai import DefaultHttpxClient, OpenAI
from openai.types.chat import (
    ChatCompletion,
    ChatCompletionContentPartParam,
    ChatCompletionMessage,
    ChatCompletionMessageParam,
)
from openai.types.chat.chat_completion import Choice

from encord_lambda import tls
from encord_lambda.agents.agent import Document, Picture, Question, Reply, Usage
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.labels.tokens import Token
from encord_lambda.models.openai_trouble import translated, without_log_probabilities
from encord_lambda.models.posting import answered


class OpenAiModel:
    """Asks chat models with structured outputs. Shared between threads; makes no retry of its own.

    Raises:
        Misconfigured: The key cannot be one.
    """

    def __init__(self, api_key: str, base_url: str, timeout: float) -> None:
        if not api_key.isascii():
            raise Misconfigured("the secret in OPENAI_KEY_SECRET has characters that no API key has")
        connections = DefaultHttpxClient(verify=tls.context(base_url))
        self._client = OpenAI(
            api_key=api_key, base_url=base_url, max_retries=0, timeout=timeout, http_client=connections
        )

    def ask(self, question: Question) -> Reply:
        """The model's JSON, constrained by the question's schema.

        Raises:
            Retry: Rate limit, 5xx, timeout, no connection.
            Misconfigured: The key is refused, the model does not exist or does not take
                media and a schema, or it tells no log-probabilities.
            Reject: The request or the media is refused, the model declines, or its answer was cut off.
        """
        started = time.perf_counter()
        with translated(question.model):
            completion = self._complete(question)
        usage = _usage(question.model, completion, time.perf_counter() - started)
        with answered():
            text = _text(question, completion.choices[0])
            tokens = _tokens(question.model, completion) if question.log_probabilities else ()
        return Reply(text, usage, tokens)

    def _complete(self, question: Question) -> ChatCompletion:
        wanted: dict[str, object] = {
            "model": question.model.removeprefix("openai:"),
            "messages": _messages(question),
            "max_completion_tokens": question.reply_tokens,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(question.schema)},
            },
        }
        if question.log_probabilities:
            wanted["logprobs"] = True
        # The typed method looks through all of the body for parts to rename, of which there are none.
        return self._client.post("/chat/completions", body=wanted, cast_to=ChatCompletion)


def _messages(question: Question) -> list[ChatCompletionMessageParam]:
    media = [*map(_image, question.pictures), *map(_document, question.documents)]
    return [{"role": "system", "content": question.prompt}, {"role": "user", "content": media}]


def _image(picture: Picture) -> ChatCompletionContentPartParam:
    return {"type": "image_url", "image_url": {"url": _data_url(picture)}}


def _document(document: Document) -> ChatCompletionContentPartParam:
    if document.mime_type == "text/plain":
        return {"type": "text", "text": document.content.decode()}
    return {"type": "file", "file": {"filename": "document.pdf", "file_data": _data_url(document)}}


def _data_url(media: Picture | Document) -> str:
    return f"data:{media.mime_type};base64,{base64.b64encode(media.content).decode()}"


def _is_completion(answer: object) -> bool:
    if not isinstance(answer, ChatCompletion) or not isinstance(answer.choices, list) or not answer.choices:
        return False
    message = getattr(answer.choices[0], "message", None)
    return isinstance(message, ChatCompletionMessage) and all(
        isinstance(said, str | None) for said in (message.content, message.refusal)
    )


def _usage(model: str, completion: ChatCompletion, seconds: float) -> Usage:
    # The client does not validate: a proxy's login page, or any other JSON, arrives as what it is.
    if not _is_completion(completion):
        raise Retry(f"{model}: the endpoint answered something that is no chat completion; is OPENAI_BASE_URL right?")
    told = (getattr(completion.usage, name, None) for name in ("prompt_tokens", "completion_tokens"))
    return Usage(seconds, *(count if isinstance(count, int) and count > 0 else 0 for count in told))


def _text(question: Question, choice: Choice) -> str:
    model = question.model
    if choice.message.refusal:
        raise Reject(f"{model} declined: {choice.message.refusal[:200]}")
    if choice.finish_reason == "length":
        silent = "" if choice.message.content else ", all of them thoughts: take a model that answers at once"
        raise Reject(f"{model}'s answer was cut off after {question.reply_tokens} tokens{silent}")
    if not choice.message.content:
        raise Reject(f"{model} gave an empty answer ({choice.finish_reason})")
    return choice.message.content


def _tokens(model: str, completion: ChatCompletion) -> tuple[Token, ...]:
    told = completion.choices[0].logprobs
    try:
        # The client does not validate, and some endpoints leave the bytes out.
        pieces = (told.content if told else None) or []
        spelt = [(one.token.encode() if one.bytes is None else bytes(one.bytes), one.logprob) for one in pieces]
        tokens = tuple(Token(text, float(logprob)) for text, logprob in spelt)
    except (AttributeError, TypeError, ValueError):
        tokens = ()
    if not tokens or any(math.isnan(token.logprob) for token in tokens):
        raise without_log_probabilities(model)
    return tokens
