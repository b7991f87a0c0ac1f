"""Detectors over HTTP: our own JSON protocol, against the sandbox's model server and servers that misbehave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import cast

import pytest

from encord_lambda.agents.agent import Picture
from encord_lambda.agents.boxes import overlap
from encord_lambda.agents.detector import Detected
from encord_lambda.config_prelabel import HttpDetector as Configured
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from encord_lambda.models import posting
from encord_lambda.models.http_detector import HttpDetector
from encord_lambda.models.posting import Poster, retry_after
from sandbox.model_server.script import Delay, Status, Text
from sandbox.model_server.server import Server
from sandbox.model_server.wire import DetectRequest
from tests.adapters.detectors.seeing import CAT, NOT_THERE, the_cat

TOKEN = "very-secret"


def detect(url: str, picture: Picture = CAT, timeout: float = 10) -> Detected:
    return HttpDetector(Poster(TOKEN, timeout, allow_private=True)).detect(
        Configured(kind="http", url=f"{url}/detect"), picture
    )


def trouble(url: str, picture: Picture = CAT, timeout: float = 10) -> Trouble:
    with pytest.raises(Trouble) as raised:
        detect(url, picture, timeout)
    assert TOKEN not in str(raised.value)
    return raised.value


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that answers this whatever it is asked; its address, and the headers of each request."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append({name.lower(): value for name, value in self.headers.items()})
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_cat_is_found_where_it_was_drawn(server: Server) -> None:
    detected = detect(server.url)

    best = detected.detections[0]
    assert best.label == "cat"
    assert best.confidence > 0.5
    assert overlap(best.shape, the_cat()) > 0.7
    assert detected.usage.seconds > 0
    request = cast("DetectRequest", server.history[-1].request)
    assert (request.mime_type, request.content) == ("image/png", CAT.content)


def test_the_token_goes_to_the_server_and_no_netrc_speaks_for_us() -> None:
    with answering(200, b'{"detections": []}') as (url, asked):
        detect(url)
        HttpDetector(Poster("", 10, allow_private=True)).detect(Configured(kind="http", url=url), CAT)

    assert [headers.get("authorization") for headers in asked] == [f"Bearer {TOKEN}", None]


@pytest.mark.parametrize(
    "url", ["http://detector.example/detect", "http://10.0.0.7/detect", "http://127.0.0.1:9/x", "http://[::1]:9/x"]
)
def test_the_token_goes_nowhere_in_the_clear(url: str) -> None:
    with pytest.raises(Misconfigured, match="token goes over https only") as raised:
        Poster(TOKEN, 10, allow_private=False).post(url, b"", "image/png")

    assert TOKEN not in raised.value.reason


def test_the_sandbox_may_send_it_to_private_addresses_and_to_no_others() -> None:
    for private in (NOT_THERE, "http://localhost:9", "http://[::1]:9"):
        with pytest.raises(Retry):
            Poster(TOKEN, 10, allow_private=True).post(private, b"", "image/png")
    for public in ("http://detector.example", "http://8.8.8.8", "http://localhost.example"):
        with pytest.raises(Misconfigured, match="token goes over https only"):
            Poster(TOKEN, 10, allow_private=True).post(public, b"", "image/png")


def test_without_a_token_plain_http_is_as_good() -> None:
    with pytest.raises(Retry):
        Poster("", 10, allow_private=False).post(NOT_THERE, b"", "image/png")


STATUSES: list[tuple[int, type[Trouble]]] = [
    (400, Reject),
    (401, Misconfigured),
    (403, Misconfigured),
    (404, Misconfigured),
    (405, Misconfigured),
    (408, Retry),
    (413, Reject),
    (415, Reject),
    (422, Reject),
    (429, Retry),
    (500, Retry),
    (503, Retry),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_each_status_is_sorted_and_the_servers_words_are_passed_on(
    server: Server, status: int, kind: type[Trouble]
) -> None:
    server.enqueue(Status(status, message="Because."))

    raised = trouble(server.url)

    assert type(raised) is kind
    assert raised.reason.startswith(f"{server.url}/detect: HTTP {status}: ")
    assert "Because." in raised.reason


def test_a_busy_server_says_how_long_to_wait_and_is_not_slept_through(server: Server) -> None:
    server.enqueue(Status(429, retry_after=7))
    before = len(server.history)

    raised = trouble(server.url)

    assert isinstance(raised, Retry)
    assert raised.after == 7
    assert len(server.history) == before + 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("", 0.0), ("-3", 0.0), ("inf", 0.0), ("nan", 0.0), ("²", 0.0), ("soon", 0.0)],
)
def test_retry_after_is_seconds_or_nothing(header: str, seconds: float) -> None:
    assert retry_after(header) == seconds


SCRIPTED: list[tuple[str, type[Trouble], str]] = [
    ('{"detections": [{"label": "cat", "conf', Retry, "answered no JSON"),
    ("<title>Log in</title>", Retry, "answered no JSON"),
    ('{"predictions": []}', Misconfigured, "does not speak the protocol"),
    ('{"detections": [{"label": "cat", "confidence": NaN, "box": [0, 0, 1, 1]}]}', Reject, "confidence: Input should"),
    ('{"detections": [{"label": "cat", "confidence": 1, "box": [9, 9, 64, 64]}]}', Reject, "box.0: Input should be"),
    ('{"detections": [{"label": "cat", "confidence": 1, "box": [1, 1, 1, 1]}]}', Reject, "nothing of it lies in"),
]


@pytest.mark.parametrize(("text", "kind", "words"), SCRIPTED, ids=[words for _, _, words in SCRIPTED])
def test_an_answer_that_is_none_is_sorted(server: Server, text: str, kind: type[Trouble], words: str) -> None:
    server.enqueue(Text(text))

    raised = trouble(server.url)

    assert type(raised) is kind
    assert words in raised.reason


def test_a_bad_detection_among_good_ones_is_counted(server: Server) -> None:
    server.enqueue(
        Text(
            '{"detections": [{"label": "cat", "confidence": Infinity, "box": [0, 0, 1, 1]},'
            ' {"label": "unicorn", "confidence": 0.9, "box": [0, 0, 1, 1]}]}'
        )
    )
    detected = detect(server.url)

    assert ([one.label for one in detected.detections], detected.refused) == (["unicorn"], 1)


def test_a_picture_the_server_cannot_read_is_rejected(server: Server) -> None:
    assert type(trouble(server.url, Picture(b"no picture", "image/png"))) is Reject


def test_a_server_that_is_not_there_may_be_there_later() -> None:
    raised = trouble(NOT_THERE)

    assert type(raised) is Retry
    assert raised.reason == f"{NOT_THERE}/detect: ConnectionError"
    assert not raised.billed


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_request_that_was_refused_is_not_billed(server: Server, status: int) -> None:
    server.enqueue(Status(status))

    assert not trouble(server.url).billed


@pytest.mark.parametrize("text", [text for text, _, _ in SCRIPTED])
def test_an_answer_that_is_none_was_work_all_the_same(server: Server, text: str) -> None:
    server.enqueue(Text(text))

    assert trouble(server.url).billed


def test_a_server_that_takes_too_long_may_be_faster_later(server: Server) -> None:
    server.enqueue(Delay(0.3))

    raised = trouble(server.url, timeout=0.05)

    assert type(raised) is Retry
    assert raised.billed


def test_a_body_that_breaks_off_may_be_whole_later() -> None:
    with answering(200, b'{"detections": []', Content_Length="400") as (url, _):
        raised = trouble(url)

    assert type(raised) is Retry
    assert raised.billed


def test_a_redirect_is_not_followed() -> None:
    with answering(302, b"", Location="http://127.0.0.1:9/elsewhere") as (url, asked):
        raised = trouble(url)

    assert type(raised) is Misconfigured
    assert len(asked) == 1


def test_an_answer_without_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "MOST_BYTES", 100)
    with answering(200, b" " * 101) as (url, _):
        raised = trouble(url)

    assert type(raised) is Reject
    assert raised.reason.endswith("answered more than 100 bytes")
    assert raised.billed


@pytest.mark.parametrize("token", ["schlüssel", "two\nlines", "\x00"])
def test_a_token_that_can_be_none_is_the_deployments_fault(token: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        Poster(token, 10, allow_private=True)

    assert token not in raised.value.reason
