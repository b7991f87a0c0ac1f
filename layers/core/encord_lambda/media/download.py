"""Downloads from signed URLs, streamed under a ceiling, from public addresses only."""

import io
import ipaddress
import socket
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Final, Protocol
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry as Again

from encord_lambda.errors import Reject, Retry

MAX_BYTES: Final = 50_000_000
_TIMEOUT: Final = (5, 30)
_CHUNK: Final = 1 << 16
_REDIRECTS: Final = 3
_CONNECTIONS: Final = 64
_ONCE_MORE: Final = Again(1, respect_retry_after_header=False)
"""For a kept connection that was closed while nobody looked. A busy server is not waited for here."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")  # any IPv4 address in disguise, private ones too


class Target(Protocol):
    """What takes a download: a file, or something before one."""

    def write(self, chunk: bytes, /) -> int:
        """Take the next part."""
        ...


class Downloads:
    """Reads media over HTTP; safe to share between threads, whose connections are kept for each other."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        adapter = HTTPAdapter(pool_maxsize=_CONNECTIONS, max_retries=_ONCE_MORE)
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, adapter)

    def read(self, url: str) -> bytes:
        """The content at `url`, at most 50 MB; otherwise as `write`."""
        content = io.BytesIO()
        self.write(url, content, MAX_BYTES)
        return content.getvalue()

    def write(self, url: str, target: Target, ceiling: int) -> None:
        """Write the content at `url`, following up to three redirects, each checked like the first address.

        Raises:
            Retry: No connection, 429, 5xx, or 403 (an expired signature: the next try has a fresh one).
            Reject: Another status, above `ceiling` bytes, not http(s), or a private address.
        """
        try:
            for _ in range(_REDIRECTS + 1):
                self._check_address(url)
                with self._session.get(url, stream=True, timeout=_TIMEOUT, allow_redirects=False) as response:
                    if not response.is_redirect:
                        return _save(url, response, target, ceiling)
                    url = urljoin(url, response.headers["location"])
        except ValueError:
            raise Reject(f"{shown(url)} is no address, or leads to none") from None
        except requests.RequestException as error:
            raise Retry(f"cannot read {shown(url)}: {type(error).__name__}") from None
        raise Reject(f"{shown(url)} redirects more than {_REDIRECTS} times")

    def _check_address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Reject(f"{shown(url)} is no http(s) address")
        if not self._allow_private and not all(map(_is_public, _addresses(parts.hostname))):
            raise Reject(f"{shown(url)} is at a private address, which media may not be read from")


def shown(url: str) -> str:
    """A signed URL as it may be logged: without its query, which is the signature."""
    return url.partition("?")[0]


def _save(url: str, response: requests.Response, target: Target, ceiling: int) -> None:
    if response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS) or response.status_code >= 500:
        raise Retry(f"cannot read {shown(url)}: HTTP {response.status_code}", after=_retry_after(response))
    if response.status_code != HTTPStatus.OK:
        raise Reject(f"cannot read {shown(url)}: HTTP {response.status_code}")
    size = 0
    for chunk in response.iter_content(_CHUNK):
        size += len(chunk)
        if size > ceiling:
            raise Reject(f"{shown(url)} is larger than {ceiling:,} bytes")
        target.write(chunk)


def _retry_after(response: requests.Response) -> float:
    """The seconds of its Retry-After, which may be a date, six hours at most; 0 for none, and for what is neither."""
    try:
        return float(_ONCE_MORE.get_retry_after(response.raw) or 0)
    except (InvalidHeader, ValueError):
        return 0.0


def _addresses(host: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None)]
    except UnicodeError:
        raise Reject(f"'{host[:80]}' is no host name") from None
    except OSError as error:
        raise Retry(f"cannot resolve {host}: {error}") from None


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    return found.is_global and not found.is_multicast and found not in _NAT64
