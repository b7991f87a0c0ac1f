"""Downloads over HTTP on loopback, which has to be allowed for it; public addresses are told apart by name alone."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest

from encord_lambda.errors import Reject, Retry, Trouble
from encord_lambda.media import download
from encord_lambda.media.download import Downloads, shown

SIGNATURE = "X-Amz-Signature=5ec2e7"


class Handler(BaseHTTPRequestHandler):
    """`/200` answers that status; `/to/<address>` redirects there; `/hops/3` redirects three times.

    `/503/after-3600` answers with that status and asks to be left alone for an hour.
    """

    def do_GET(self) -> None:
        kind, _, rest = unquote(self.path.partition("?")[0]).removeprefix("/").partition("/")
        hops = {"hops": f"/hops/{int(rest) - 1}" if kind == "hops" and rest != "0" else ""}
        target = {"to": rest.replace(":/", "://", 1) if "://" not in rest else rest}.get(kind) or hops.get(kind)
        self.send_response(302 if target else int(kind) if kind.isdigit() else 200)
        if target:
            self.send_header("Location", f"{target}?{SIGNATURE}")
        if rest.startswith("after-"):
            self.send_header("Retry-After", rest.removeprefix("after-"))
        self.send_header("Content-Length", "4" if kind != "cut" else "400")
        self.end_headers()
        self.wfile.write(b"data")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
        """Silent."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def refused(url: str, *, allow_private: bool = True) -> Trouble:
    with pytest.raises(Trouble) as raised:
        Downloads(allow_private=allow_private).read(f"{url}?{SIGNATURE}")
    assert "5ec2e7" not in str(raised.value)
    return raised.value


def test_the_content_is_read(url: str) -> None:
    assert Downloads(allow_private=True).read(f"{url}/200?{SIGNATURE}") == b"data"


@pytest.mark.parametrize("hops", [1, 3])
def test_up_to_three_redirects_are_followed(url: str, hops: int) -> None:
    assert Downloads(allow_private=True).read(f"{url}/hops/{hops}") == b"data"


def test_a_fourth_redirect_is_refused(url: str) -> None:
    raised = refused(f"{url}/hops/4")

    assert isinstance(raised, Reject)
    assert raised.reason.endswith("redirects more than 3 times")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, Retry),
        (429, Retry),
        (500, Retry),
        (503, Retry),
        (400, Reject),
        (404, Reject),
        (410, Reject),
        (204, Reject),
    ],
)
def test_each_status_is_sorted(url: str, status: int, kind: type[Trouble]) -> None:
    raised = refused(f"{url}/{status}")

    assert type(raised) is kind
    assert raised.reason == f"cannot read {url}/{status}: HTTP {status}"


@pytest.mark.parametrize("status", [413, 429, 503])
def test_a_busy_server_is_not_waited_for_but_tried_later(
    url: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """urllib3 itself would sleep for as long as the server says, and a function is billed for it."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)

    raised = refused(f"{url}/{status}/after-3600")

    assert slept == []
    assert (type(raised), getattr(raised, "after", 0.0)) == ((Reject, 0.0) if status == 413 else (Retry, 3600.0))


@pytest.mark.parametrize("said", ["soon", "9" * 5000])
def test_a_retry_after_that_says_nothing_is_passed_over(url: str, said: str) -> None:
    raised = refused(f"{url}/503/after-{said}")

    assert (type(raised), getattr(raised, "after", None)) == (Retry, 0.0)


def test_more_than_the_ceiling_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MAX_BYTES", 3)

    raised = refused(f"{url}/200")

    assert isinstance(raised, Reject)
    assert raised.reason == f"{url}/200 is larger than 3 bytes"


def test_as_much_as_the_ceiling_is_read(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MAX_BYTES", 4)

    assert Downloads(allow_private=True).read(f"{url}/200") == b"data"


@pytest.mark.parametrize(("ceiling", "fits"), [(4, True), (3, False)])
def test_what_goes_to_a_file_has_a_ceiling_of_its_own(url: str, ceiling: int, fits: bool) -> None:
    file = io.BytesIO()

    with nullcontext() if fits else pytest.raises(Reject, match=r"is larger than 3 bytes$"):
        Downloads(allow_private=True).write(f"{url}/200", file, ceiling)

    assert file.getvalue() == (b"data" if fits else b"")


def test_a_connection_that_breaks_off_may_hold_next_time(url: str) -> None:
    assert isinstance(refused(f"{url}/cut"), Retry)


def test_no_connection_may_be_one_later() -> None:
    assert refused("http://127.0.0.1:9/a").reason == "cannot read http://127.0.0.1:9/a: ConnectionError"


PRIVATE = ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"]  # noqa: S104
PRIVATE += ["224.0.0.1", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]"]
PRIVATE += ["[::1]", "[fd00::1]", "[fe80::1]", "[::ffff:169.254.169.254]", "[::]", "2130706433", "0x7f.1"]


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_refused_however_it_is_spelt(host: str) -> None:
    raised = refused(f"http://{host}/latest/meta-data", allow_private=False)

    assert isinstance(raised, Reject)
    assert "is at a private address" in raised.reason


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/a", "/a", "http:///a", "gopher://x", ""])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    raised = refused(url)

    assert isinstance(raised, Reject)
    assert raised.reason.endswith("is no http(s) address")


MALFORMED = ["http://[::1", f"http://{'a' * 64}.com", "http://a..b/"]


@pytest.mark.parametrize("allow_private", [False, True])
@pytest.mark.parametrize("url", MALFORMED)
def test_a_malformed_address_is_refused(url: str, allow_private: bool) -> None:
    assert isinstance(refused(url, allow_private=allow_private), Reject)


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest", "http://10.0.0.1/", "file:///etc/passwd", *MALFORMED]
)
def test_a_redirect_is_checked_like_the_first_address(url: str, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address passes for a public one; where it leads to does not."""
    public = url.removeprefix("http://").partition(":")[0]
    real = download._is_public
    monkeypatch.setattr(download, "_is_public", lambda address: address == public or real(address))

    assert isinstance(refused(f"{url}/to/{target}", allow_private=False), Reject)


def test_one_private_address_among_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Any] = [(0, 0, 0, "", (address, 0)) for address in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)

    assert "is at a private address" in refused("http://two.example/a", allow_private=False).reason


def test_a_name_that_does_not_resolve_may_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    assert isinstance(refused("http://gone.example/a", allow_private=False), Retry)


def test_a_signed_url_is_shown_without_its_signature() -> None:
    assert shown(f"https://b.s3.amazonaws.com/a.jpg?{SIGNATURE}") == "https://b.s3.amazonaws.com/a.jpg"
