"""What goes wrong with OpenAI's API, in our own three kinds of trouble."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

import httpx2
import openai

from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.models.posting import retry_after

_PARAMETERS: Final = frozenset({"model", "max_completion_tokens", "response_format"})
_UNSUPPORTED: Final = frozenset({"unknown_parameter", "unsupported_parameter", "unsupported_value"})
_NOT_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


@contextmanager
def translated(model: str) -> Iterator[None]:
    """Run the block that asks a model.

    Raises:
        Retry: Rate limit, 5xx, timeout, no connection, or an answer that is no JSON.
        Misconfigured: The key is refused, or the model does not exist or cannot be asked like this.
        Reject: The media is refused.
    """
    try:
        yield
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        # The provider's message quotes a part of the key, so it is not passed on.
        raise Misconfigured(f"{model}: the API key in OPENAI_KEY_SECRET is refused ({error.status_code})") from None
    except openai.NotFoundError as error:
        raise Misconfigured(f"{model}: there is no such model: {error.message}") from error
    except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
        raise _refused(model, error) from error
    except openai.APIStatusError as error:
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise Reject(f"{model}: the media is too large for the endpoint") from error
        raise Retry(
            f"{model}: HTTP {error.status_code}", after=retry_after(error.response.headers.get("retry-after", ""))
        ) from error
    except (openai.APIError, json.JSONDecodeError) as error:
        # Who closed the connection after our request, or breaks off its answer, may have done the work.
        sent = not isinstance(error.__cause__, _NOT_SENT)
        raise Retry(f"{model}: {type(error).__name__}: {error}", billed=sent) from error


def _refused(model: str, error: openai.APIStatusError) -> Misconfigured | Reject:
    """What a refused request means: what all requests have is the deployment's fault, the rest the media's."""
    param = str(error.param or "")
    if "logprobs" in f"{param} {error.message}":
        return without_log_probabilities(model)
    ours = param.partition(".")[0] in _PARAMETERS or error.code in _UNSUPPORTED
    # That a model takes no pictures is told of a part's type, that it takes no schema in words alone.
    if ours or param.endswith(".type") or "'response_format'" in error.message:
        return Misconfigured(f"{model} cannot be asked for JSON about media: {error.message}")
    return Reject(f"{model} refused the request: {error.message}")


def without_log_probabilities(model: str) -> Misconfigured:
    """What it means that an endpoint tells none."""
    return Misconfigured(f"{model}: the endpoint tells no log-probabilities; say `confidence: stated`")
