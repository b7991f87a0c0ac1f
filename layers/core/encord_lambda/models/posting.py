"""Sending a picture to a server of the user's, and what its answers mean for the task."""

import ipaddress
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble

MOST_BYTES: Final = 20_000_000
"""The longest answer that is read."""
_CONNECT_SECONDS: Final = 5
_CHUNK: Final = 1 << 16
_SETUP: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
)
_BUSY: Final = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


class Poster:
    """Posts to servers that pipeline.yaml names; safe to share between threads, each with its own connections.

    `token` goes to every one of them as `Authorization: Bearer`; empty sends none. It goes nowhere in the clear: only
    over https, or, if `allow_private`, to private addresses; and redirects are not followed. `timeout` is in seconds.
    """

    def __init__(self, token: str, timeout: float, *, allow_private: bool) -> None:
        if not token.isascii() or not token.isprintable():
            raise Misconfigured("the secret with the detectors' token has characters that no token has")
        self._token, self._timeout, self._allow_private = token, timeout, allow_private
        self._local = threading.local()

    def post(self, url: str, body: bytes, mime_type: str) -> bytes:
        """What the server answers, up to 20 MB.

        Raises:
            Retry: No connection, a timeout, 408, 425, 429 or 5xx.
            Misconfigured: It redirects, or answers 401, 403, 404 or 405, or the token would go there in the clear.
            Reject: Any other status, or a longer answer.
        """
        if self._token and not self._confidential(url):
            raise Misconfigured(f"{url}: the detectors' token goes over https only; say https, or take it away")
        headers = {"Content-Type": mime_type, "Accept": "application/json"}
        timeout = (_CONNECT_SECONDS, self._timeout)
        try:
            with self._session().post(
                url, body, headers=headers, stream=True, timeout=timeout, allow_redirects=False
            ) as answer:
                content = _content(url, answer)
        except requests.RequestException as error:
            raise Retry(f"{url}: {type(error).__name__}", billed=_may_have_arrived(error)) from None
        if answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
            return content
        raise trouble(url, answer.status_code, content, retry_after(answer.headers.get("Retry-After", "")))

    def _confidential(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme == "https" or (self._allow_private and _is_private(parts.hostname or ""))

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            session = requests.Session()
            # Else a .netrc of the machine would speak for us.
            session.auth = self._authorize
            self._local.session = session
        kept: requests.Session = self._local.session
        return kept

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def trouble(who: str, status: int, content: bytes, after: float = 0.0) -> Trouble:
    """What a refused request means; the beginning of the server's own words is part of the reason."""
    words = " ".join(content[:200].decode(errors="replace").split())
    reason = f"{who}: HTTP {status}: {words}" if words else f"{who}: HTTP {status}"
    if status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Retry(reason, after=after)
    return Misconfigured(reason) if status in _SETUP or status < HTTPStatus.BAD_REQUEST else Reject(reason)


@contextmanager
def answered() -> Iterator[None]:
    """Run the block that reads a server's answer: trouble with it comes after the server did its work."""
    try:
        yield
    except Trouble as trouble:
        trouble.billed = True
        raise


def retry_after(header: str) -> float:
    """The seconds of a `Retry-After` header; 0 for none, a date, or what is no number of seconds."""
    try:
        seconds = float(header)
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0


def _may_have_arrived(error: requests.RequestException) -> bool:
    """Whether a request may have reached the server before it failed."""
    unsent = (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError, ValueError)
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return not isinstance(error, unsent) and not isinstance(cause, NewConnectionError)


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"


def _content(url: str, answer: requests.Response) -> bytes:
    content = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise Reject(f"{url} answered more than {MOST_BYTES:,} bytes", billed=True)
    return bytes(content)
