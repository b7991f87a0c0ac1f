"""The SDK's client: keys that are none, and which kind of trouble each of the SDK's errors is."""

import inspect
from uuid import UUID

import encord.exceptions
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from encord.exceptions import (
    AnswerDictionaryError,
    AuthenticationError,
    AuthorisationError,
    CorruptedLabelError,
    EncordException,
    GenericServerError,
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
    TimeOutError,
    UnknownException,
)

from encord_lambda.encord_platform.client import SETTINGS, connect, translated, trouble
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from sandbox.ministack import free_port
from tests.twin.receivers import Said, receiving

OPENSSH, NOT_ENCRYPTED = serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
PEM = serialization.Encoding.PEM
ED25519 = Ed25519PrivateKey.generate()
GOOD = ED25519.private_bytes(PEM, OPENSSH, NOT_ENCRYPTED).decode()


def other_keys() -> dict[str, str]:
    """Keys that are keys, but not of the kind Encord takes; or no keys at all."""
    middle = len(GOOD) // 2
    public = ED25519.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    pkcs8 = ED25519.private_bytes(PEM, serialization.PrivateFormat.PKCS8, NOT_ENCRYPTED)
    return {
        "empty": "",
        "words": "hunter2-my-password",
        "the public key": public.decode(),
        "cut off": GOOD[:middle],
        "without its head": GOOD[middle:],
        "one letter off": GOOD[:middle] + ("A" if GOOD[middle] != "A" else "B") + GOOD[middle + 1 :],
        "a path": "/home/me/.ssh/id_ed25519",
        "json": f'{{"key": "{GOOD[:middle]}"}}',
        "another format": pkcs8.decode(),
        "rsa": rsa.generate_private_key(65537, 2048).private_bytes(PEM, OPENSSH, NOT_ENCRYPTED).decode(),
        "ecdsa": ec.generate_private_key(ec.SECP256R1()).private_bytes(PEM, OPENSSH, NOT_ENCRYPTED).decode(),
        "not ascii": "ключ",
    }


@pytest.mark.parametrize("key", [GOOD, GOOD.strip(), GOOD.replace("\n", "\r\n")])
def test_a_good_key_makes_a_client_without_a_request(key: str) -> None:
    assert connect("https://nowhere.invalid", key, "test") is not None


OTHER_KEYS = other_keys()


@pytest.mark.parametrize("key", OTHER_KEYS.values(), ids=OTHER_KEYS)
def test_a_bad_key_is_the_deployments_fault_and_is_not_quoted(key: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        connect("https://nowhere.invalid", key, "test")

    reason = raised.value.reason
    assert reason.startswith("the secret in ENCORD_KEY_SECRET is no Ed25519 private key in OpenSSH format")
    assert not any(line in reason for line in key.splitlines() if len(line) > 6 and not line.startswith("-----"))
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_the_client_does_not_outwait_its_function() -> None:
    assert SETTINGS.max_retries == 0
    assert SETTINGS.connect_timeout + SETTINGS.read_timeout <= 35


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (AuthenticationError("no"), Misconfigured),
        (AuthorisationError("no"), Misconfigured),
        (SshKeyNotFound("no"), Misconfigured),
        (AnswerDictionaryError("no"), Reject),
        (CorruptedLabelError("no"), Reject),
        (InvalidArgumentsError("no"), Reject),
        (LabelRowError("no"), Reject),
        (MethodNotAllowedError("no"), Reject),
        (OntologyError("no"), Reject),
        (OperationNotAllowed("no"), Reject),
        (PayloadTooLargeError("no"), Reject),
        (ResourceNotFoundError("no"), Reject),
        (RateLimitExceededError(message="no"), Retry),
        (TimeOutError("no"), Retry),
        (RequestException("no"), Retry),
        (UnknownException("no"), Retry),
        (GenericServerError("no"), Retry),
        (EncordException("no"), Retry),
    ],
)
def test_each_error_of_the_platform_is_sorted(error: EncordException, kind: type[Trouble]) -> None:
    with pytest.raises(Trouble) as raised, translated("list folder 5f0e"):
        raise error

    assert type(raised.value) is kind
    assert raised.value.reason == f"cannot list folder 5f0e: Encord says {type(error).__name__}: no"
    assert raised.value.__cause__ is error


ERRORS = [one for _, one in inspect.getmembers(encord.exceptions, inspect.isclass) if issubclass(one, EncordException)]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_the_sdk_has_becomes_trouble_in_one_line(kind: type[EncordException]) -> None:
    error = kind.__new__(kind)
    EncordException.__init__(error, "first line\nsecond line")
    error.__dict__.setdefault("retry_after", None)

    assert trouble("do it", error).reason == f"cannot do it: Encord says {kind.__name__}: first line"


@pytest.mark.parametrize(("retry_after", "after"), [(None, 0), (0, 0), (60, 60)])
def test_a_rate_limit_says_how_long_to_wait(retry_after: int | None, after: float) -> None:
    raised = trouble("do it", RateLimitExceededError(retry_after=retry_after))

    assert isinstance(raised, Retry)
    assert raised.after == after


def test_an_error_without_words_still_has_a_reason() -> None:
    assert trouble("do it", RequestException("")).reason.startswith("cannot do it: Encord says RequestException")


@pytest.mark.parametrize("page", [None, b"<html>Log in</html>"])
def test_an_encord_that_cannot_be_reached_or_read_is_told_as_such(page: bytes | None) -> None:
    with receiving(lambda _: Said(200, {}, page or b"")) as login:
        at = login.url if page else f"http://127.0.0.1:{free_port()}"
        with pytest.raises(Retry) as raised, translated("open it"):
            connect(at, GOOD, "test").get_project(str(UUID(int=1)))

    cause = "JSONDecodeError" if page else "ConnectionError"
    assert raised.value.reason == f"cannot open it: Encord gave no usable answer ({cause})"
