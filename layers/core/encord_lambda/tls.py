"""Whom we believe to be who they say: the authorities that certifi lists, read once for all that is asked over TLS."""

import functools
import ssl

import certifi


def context(url: str) -> ssl.SSLContext:
    """For connections to an address, or to many of its kind.

    Reading the authorities takes longer than all else about a client. Where the address has no TLS, nobody is
    believed: a redirection to one that has is refused.
    """
    return _authorities() if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@functools.cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
