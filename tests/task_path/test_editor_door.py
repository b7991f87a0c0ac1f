"""What is refused before it is looked into: calls past the distribution, and bodies beyond all measure."""

import base64
import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.editor_api import bounded
from encord_lambda.editor_api.calls import LARGEST
from encord_lambda.editor_api.cors import DISTRIBUTION
from functions.editor_agent import handler
from tests.task_path.conftest import CONTEXT, Json, TaskPath, event
from tests.task_path.editor import ORIGIN, payload, send, send_through_gateway, written

CAT = "pets/000 Cat.jpg"
SECRET = "s3cr3t" * 10
NAMED = "/agents/describe-scene"
PAST: list[tuple[str, str, dict[str, str]]] = [
    ("POST", "/", {}),
    ("POST", NAMED, {}),
    ("POST", NAMED, {DISTRIBUTION: SECRET[:-1]}),
    ("POST", NAMED, {DISTRIBUTION: SECRET.upper()}),
    ("POST", NAMED, {"x-encord-agent": "test"}),
    ("OPTIONS", NAMED, {}),
    ("GET", "/agents", {}),
    ("GET", "/openapi.json", {}),
]


@pytest.fixture
def count() -> int:
    return 1


@pytest.fixture
def behind(path: TaskPath, monkeypatch: pytest.MonkeyPatch) -> TaskPath:
    """A stack with a web ACL, and so with a distribution."""
    monkeypatch.setenv("DISTRIBUTION_SECRET", SECRET)
    path.twin.log.reset()
    return path


def test_what_comes_past_the_distribution_is_refused_so_that_a_page_can_show_why(behind: TaskPath) -> None:
    for method, address, headers in PAST:
        answer = send(address, payload(behind, CAT), method, headers)

        assert (answer.status, answer.headers["access-control-allow-origin"]) == (403, ORIGIN), (method, headers)
        assert answer.message == "agents take no calls at this address; theirs is the stack's `EditorApiUrl`"
    assert behind.twin.log.count() == 0
    assert written(behind, CAT) == []


def test_what_comes_through_the_distribution_is_answered(behind: TaskPath) -> None:
    assert send(NAMED, payload(behind, CAT), headers={DISTRIBUTION: SECRET}).status == 200
    assert written(behind, CAT)


def test_the_function_itself_holds_to_the_secret_of_its_environment_and_logs_none(
    behind: TaskPath, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, "encord_lambda")
    sent = event("editor_agent")
    statuses = []
    for given_secret in (SECRET[1:], "\xe9", SECRET):
        sent["headers"][DISTRIBUTION] = given_secret
        statuses.append(answered(sent)["statusCode"])

    assert statuses == [403, 403, 200]
    assert SECRET[1:] not in caplog.text + capsys.readouterr().out
    assert len(written(behind, CAT)) == 1


@pytest.mark.parametrize(("length", "encoded"), [(LARGEST + 1, True), (5_000_000, True), (5_000_000, False)])
def test_a_body_beyond_all_measure_is_refused_undecoded(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch, length: int, encoded: bool
) -> None:
    decoded, decode = [0], base64.b64decode

    def counted(text: Any, *rest: Any, **options: Any) -> bytes:
        decoded.append(len(text))
        return decode(text, *rest, **options)

    monkeypatch.setattr(base64, "b64decode", counted)
    path.twin.log.reset()
    answer = send_through_gateway(NAMED, b"x" * length, encoded=encoded)

    assert (answer.status, answer.message) == (413, "the call is too large: it may have 128 KiB")
    assert max(decoded) <= LARGEST * 4 / 3 + 4
    assert path.twin.log.count() == 0


def test_a_body_as_large_as_may_be_is_read_to_its_end(path: TaskPath) -> None:
    call = json.dumps(payload(path, CAT)).encode()

    assert send_through_gateway(NAMED, call.ljust(LARGEST)).status == 200


@given(length=st.integers(LARGEST - 10, LARGEST + 10), encoded=st.booleans())
def test_the_gateways_event_keeps_every_body_that_may_be_read_and_too_much_of_every_other(
    length: int, encoded: bool
) -> None:
    raw = b"y" * length
    text = base64.b64encode(raw).decode() if encoded else raw.decode()
    kept: Any = bounded({"body": text, "isBase64Encoded": encoded, "version": "2.0"})
    read = base64.b64decode(kept["body"]) if encoded else kept["body"].encode()

    assert raw.startswith(read)
    assert (read == raw) if length <= LARGEST else (len(read) > LARGEST)
    assert (kept["isBase64Encoded"], kept["version"]) == (encoded, "2.0")


@pytest.mark.parametrize("odd", [None, [], "event", {}, {"body": None}, {"body": 7}])
def test_what_has_no_body_is_left_alone(odd: object) -> None:
    assert bounded(odd) == odd


def answered(sent: Json) -> Json:
    answer = handler.lambda_handler(sent, CONTEXT)
    assert isinstance(answer, dict)
    return answer
