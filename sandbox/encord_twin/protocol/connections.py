"""The sockets requests come in on: told apart, and cut on demand."""

import asyncio
import itertools
import socket
import struct

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

NAME = "connection"
AT_ONCE = struct.pack("ii", 1, 0)  # lingering on, for no time: the kernel resets instead of saying goodbye


class Connection:
    """One client's socket; `number` is its own within this process."""

    _numbers = itertools.count(1)

    def __init__(self, transport: asyncio.Transport) -> None:
        self.number = next(self._numbers)
        self._transport = transport

    def close(self) -> None:
        """Close it, whatever was still to be sent."""
        self._transport.abort()

    def reset(self) -> None:
        """Close it so that the client reads "connection reset by peer"."""
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self._transport.abort()


class Protocol(H11Protocol):
    """Uvicorn's HTTP/1.1, with the connection in each request's state: ASGI itself says nothing of sockets."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Note the new connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, NAME: Connection(transport)}


def connection(request: Request) -> Connection:
    """The connection a request came on."""
    known: Connection = request.scope["state"][NAME]
    return known


class Cut(Response):
    """An answer that never leaves: the connection ends instead."""

    def __init__(self, served: Response | None = None) -> None:
        super().__init__(b"" if served is None else bytes(served.body), 0 if served is None else served.status_code)
        self._reset = served is None

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """End the connection and wait until uvicorn has noticed, or it would still try to answer."""
        socket_: Connection = scope["state"][NAME]
        (socket_.reset if self._reset else socket_.close)()
        while (await receive())["type"] != "http.disconnect":
            pass
