"""The SDK's client, made for Lambda: short timeouts, few retries, errors in our own kinds of trouble."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from encord.exceptions import (
    AnswerDictionaryError,
    AuthenticationError,
    AuthorisationError,
    CorruptedLabelError,
    EncordException,
    InvalidArgumentsError,
    LabelRowError,
    MethodNotAllowedError,
    OntologyError,
    OperationNotAllowed,
    PayloadTooLargeError,
    RateLimitExceededError,
    RequestException,
    ResourceNotFoundError,
    SshKeyNotFound,
)
from encord.http.constants import RequestsSettings
from encord.user_client import EncordUserClient

from encord_lambda import trace_context
from encord_lambda.encord_platform.connections import keep_connections
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble


def _trace() -> str:
    """Asked at every request, so that no trace outlives its call; without one to follow a new one, as the SDK's own."""
    return trace_context.followed() or f"{uuid4().hex}/1;o=1"


# The SDK's defaults may hold a function for 12 minutes (4 attempts of 180 s), and sleep through a Retry-After.
# With no retries of its own, a 429 surfaces at once and the message waits on its queue instead.
SETTINGS = RequestsSettings(
    max_retries=0,
    connection_retries=2,
    backoff_factor=0.3,
    connect_timeout=5,
    read_timeout=20,
    write_timeout=20,
    trace_id_provider=_trace,
)

_NEVER = (
    AnswerDictionaryError,
    CorruptedLabelError,
    InvalidArgumentsError,
    LabelRowError,
    MethodNotAllowedError,
    OntologyError,
    OperationNotAllowed,
    PayloadTooLargeError,
    ResourceNotFoundError,
)


def connect(
    domain: str, private_key: str, function: str, origin: str = "the secret in ENCORD_KEY_SECRET"
) -> EncordUserClient:
    """A client for `domain`; makes no request. `function` is named in the user agent of every request.

    From then on the SDK keeps its connections, in the whole process.
    `origin` says where the key was found, should it be none.

    Raises:
        Misconfigured: The text is no Ed25519 private key in OpenSSH's format.
    """
    keep_connections()
    client = _client(domain, private_key, function)
    if client is None:
        raise Misconfigured(
            f"{origin} is no Ed25519 private key in OpenSSH format: store the whole file that "
            "ssh-keygen -t ed25519 wrote, from '-----BEGIN OPENSSH PRIVATE KEY-----' on"
        )
    return client


def _client(domain: str, private_key: str, function: str) -> EncordUserClient | None:
    suffix = f"encord-lambda/{function}"
    try:
        return EncordUserClient.create_with_ssh_private_key(
            private_key, requests_settings=SETTINGS, domain=domain, user_agent_suffix=suffix
        )
    except Exception:  # noqa: BLE001 - the SDK lets its parsers' errors through, and their texts quote the key
        return None


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Run the block; `doing` (for example "list folder 5f0e…") begins the reason of whatever goes wrong.

    Raises:
        Reject: The platform says it can never be: unknown thing, invalid argument, too large.
        Misconfigured: The key is unknown, or may not do this.
        Retry: Anything else: rate limit, 5xx, no connection.
    """
    try:
        yield
    except EncordException as error:
        raise trouble(doing, error) from error


def trouble(doing: str, error: EncordException) -> Trouble:
    """Which kind of trouble an SDK error is (encord-protocol §4)."""
    reason = f"cannot {doing}: {_said(error)}"
    match error:
        case RateLimitExceededError():
            return Retry(reason, after=float(error.retry_after or 0))
        case AuthenticationError() | AuthorisationError() | SshKeyNotFound():
            return Misconfigured(reason)
        case _ if isinstance(error, _NEVER):
            return Reject(reason)
        case _:
            return Retry(reason)


def _said(error: EncordException) -> str:
    if isinstance(error, RequestException) and error.__cause__:
        return f"Encord gave no usable answer ({type(error.__cause__).__name__})"
    return f"Encord says {type(error).__name__}: {next(iter(str(error.message or error).splitlines()), '')}"
