"""Language models over OpenAI's API, or any endpoint that speaks it."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import openai
from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

from encord_lambda.agents.agent import Picture, Question, Reply, Usage
from encord_lambda.agents.spending import REPLY_TOKENS
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.models.posting import retry_after


class OpenAiModel:
    """Asks chat models with structured outputs. Shared between threads; makes no retry of its own.

    Raises:
        Misconfigured: The key cannot be one.
    """

    def __init__(self, api_key: str, base_url: str, timeout: float) -> None:
        if not api_key.isascii():
            raise Misconfigured("the secret in OPENAI_KEY_SECRET has characters that no API key has")
        self._client = OpenAI(api_key=api_key, base_url=base_url, max_retries=0, timeout=timeout)

    def ask(self, question: Question) -> Reply:
        """The model's JSON, constrained by the question's schema.

        Raises:
            Retry: Rate limit, 5xx, timeout, no connection.
            Misconfigured: The key is refused, or the model does not exist.
            Reject: The request or the picture is refused, the model declines, or its answer was cut off.
        """
        started = time.perf_counter()
        with _translated(question.model):
            completion = self._complete(question)
        text, usage = _text(question.model, completion), completion.usage
        read, written = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
        return Reply(text, Usage(time.perf_counter() - started, read, written))

    def _complete(self, question: Question) -> ChatCompletion:
        return self._client.chat.completions.create(
            model=question.model.removeprefix("openai:"),
            messages=_messages(question),
            max_completion_tokens=REPLY_TOKENS,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(question.schema)},
            },
        )


def _messages(question: Question) -> list[ChatCompletionMessageParam]:
    return [
        {"role": "system", "content": question.prompt},
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": {"url": _data_url(one)}} for one in question.pictures],
        },
    ]


def _data_url(picture: Picture) -> str:
    return f"data:{picture.mime_type};base64,{base64.b64encode(picture.content).decode()}"


def _text(model: str, completion: ChatCompletion) -> str:
    # The client does not validate: a proxy's login page, or any other JSON, arrives as what it is.
    if not isinstance(completion, ChatCompletion) or not completion.choices or not completion.choices[0].message:
        raise Retry(f"{model}: the endpoint answered something that is no chat completion; is OPENAI_BASE_URL right?")
    choice = completion.choices[0]
    if choice.message.refusal:
        raise Reject(f"{model} declined: {choice.message.refusal[:200]}")
    if choice.finish_reason == "length":
        raise Reject(f"{model}'s answer was cut off after {REPLY_TOKENS} tokens")
    if not choice.message.content:
        raise Reject(f"{model} gave an empty answer ({choice.finish_reason})")
    return choice.message.content


@contextmanager
def _translated(model: str) -> Iterator[None]:
    try:
        yield
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        # The provider's message quotes a part of the key, so it is not passed on.
        raise Misconfigured(f"{model}: the API key in OPENAI_KEY_SECRET is refused ({error.status_code})") from None
    except openai.NotFoundError as error:
        raise Misconfigured(f"{model}: there is no such model: {error.message}") from error
    except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
        raise Reject(f"{model} refused the request: {error.message}") from error
    except openai.APIStatusError as error:
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise Reject(f"{model}: the picture is too large for the endpoint") from error
        raise Retry(
            f"{model}: HTTP {error.status_code}", after=retry_after(error.response.headers.get("retry-after", ""))
        ) from error
    except (openai.APIError, json.JSONDecodeError) as error:
        raise Retry(f"{model}: {type(error).__name__}: {error}") from error
