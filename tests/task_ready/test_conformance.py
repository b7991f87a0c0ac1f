"""Our verifier beside Encord's own, of `encord-agents`, on whatever is sent."""

import hmac
import time
from collections.abc import Mapping
from unittest.mock import patch

import pytest
from encord_agents.core import webhooks
from encord_agents.exceptions import PrintableError
from hypothesis import example, given
from hypothesis import strategies as st

from encord_lambda.dispatch import notification
from encord_lambda.dispatch.notification import SIGNATURE, TIMESTAMP, Signature, TaskReady
from encord_lambda.errors import Misconfigured, Skip
from sandbox.encord_twin.outbound import signing
from tests.task_ready.signed import NOW, SECRET, Json, envelope, written

SECONDS = NOW.timestamp()
NAMES = st.sampled_from([SIGNATURE, TIMESTAMP, SIGNATURE.lower(), TIMESTAMP.upper(), f"{SIGNATURE}-V2", "Host"])
BODIES = st.binary(max_size=200) | st.just(written(envelope()))


def ours(body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        Signature.of(headers, SECONDS).check(body, [SECRET])
    except notification.Unverified:
        return False
    return True


def theirs(body: bytes, headers: Mapping[str, str]) -> bool:
    with patch.object(time, "time", lambda: SECONDS):
        try:
            webhooks.verify_and_parse_notification(body, headers, secret=SECRET)
        except webhooks.WebhookVerificationError:
            return False
        except (AttributeError, ValueError, webhooks.UnexpectedEventType, webhooks.UnsupportedNotificationVersion):
            return True  # it was verified, and then could not be read
    return True


@given(BODIES, st.integers(-310, 310), st.booleans(), st.sampled_from([SECRET, "other"]))
@example(b"", -300, True, SECRET)
@example(b"", -301, True, SECRET)
@example(b"", 300, True, SECRET)
@example(b"", 301, True, SECRET)
def test_both_believe_the_same_signatures(body: bytes, ahead: int, small: bool, secret: str) -> None:
    timestamp = str(int(SECONDS) + ahead)
    headers = signing.signature(secret, body, NOW) if ahead == 0 else sign(secret, body, timestamp)
    headers = {name.lower() if small else name: value for name, value in headers.items()}

    assert ours(body, headers) == theirs(body, headers) == (secret == SECRET and abs(ahead) <= 300)


@given(BODIES, st.dictionaries(NAMES, st.text(max_size=70) | st.just(str(int(SECONDS))), max_size=4))
def test_neither_believes_what_is_not_signed(body: bytes, headers: dict[str, str]) -> None:
    assert ours(body, headers) is theirs(body, headers) is False


@pytest.mark.parametrize("odd", ["+1795262400", " 1795262400", "1_795262400", "\uff11795262400"])
def test_ours_takes_no_number_that_encord_would_not_write(odd: str) -> None:
    """Theirs reads a timestamp as Python does."""
    assert int(odd) == SECONDS
    headers = sign(SECRET, b"{}", odd)

    assert (ours(b"{}", headers), theirs(b"{}", headers)) == (False, True)


@pytest.mark.parametrize(
    "changes",
    [{}, {"more": 1}, {"event_type": "task_submitted_event", "version": 9}, {"version": 2}, {"version": "1"}],
    ids=str,
)
def test_both_read_the_same(changes: Json) -> None:
    body = written(envelope(**changes))

    assert read(body) == read_by_theirs(body)


def test_without_a_secret_neither_calls_it_a_failed_verification(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENCORD_WEBHOOK_SECRET", raising=False)
    headers = sign(SECRET, b"{}", str(int(SECONDS)))

    with pytest.raises(Misconfigured):
        Signature.of(headers, SECONDS).check(b"{}", [])
    with pytest.raises(PrintableError):
        webhooks.verify_and_parse_notification(b"{}", headers)


def sign(secret: str, body: bytes, timestamp: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest()
    return {TIMESTAMP: timestamp, SIGNATURE: digest}


def read(body: bytes) -> TaskReady | str:
    try:
        return notification.read(body)
    except Skip:
        return "other event"
    except notification.UnknownVersion:
        return "unknown version"


def read_by_theirs(body: bytes) -> TaskReady | str:
    try:
        said = webhooks.parse_notification(body)
    except webhooks.UnexpectedEventType:
        return "other event"
    except webhooks.UnsupportedNotificationVersion:
        return "unknown version"
    return TaskReady(project=said.project_hash, stage=said.stage_uuid)
