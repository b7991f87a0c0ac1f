"""The only addresses the twin may call."""

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator


def loopback(url: str) -> str:
    """The URL itself if it leads to this machine.

    Raises:
        ValueError: It leads elsewhere, or is no http(s) URL; the twin is a stand-in and must never reach out.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is not an http(s) URL")
    if not _is_here(parts.hostname):
        raise ValueError(
            f"the twin calls this machine only, and {parts.hostname} is elsewhere: use a 127.0.0.1 address"
        )
    return url


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


LoopbackUrl = Annotated[str, AfterValidator(loopback)]
