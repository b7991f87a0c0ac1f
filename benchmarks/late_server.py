"""A web server that takes its time and next to no processor: each answer comes so many seconds after its request.

Any number at once. What it takes to read a request and to make the answer is part of that time.

It reads HTTP/1.1 as far as clients with a known `Content-Length` speak it, and keeps connections open.
"""

import asyncio
import threading
from collections.abc import Callable

type Answer = Callable[[str, bytes], tuple[str, bytes]]
"""From a request's target and body to the answer's content type and body."""


class LateServer:
    """Serves on loopback."""

    def __init__(self, answer: Answer, seconds: float) -> None:
        self.answer, self.seconds = answer, seconds

    async def listen(self, port: int) -> int:
        """Open a port, 0 takes a free one; says which. It serves for as long as the loop runs."""
        server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), "127.0.0.1", port)
        return int(server.sockets[0].getsockname()[1])


def serve_beside(answer: Answer, seconds: float) -> int:
    """Serve from a thread for as long as the process runs; says the port."""
    loop = asyncio.new_event_loop()
    port = loop.run_until_complete(LateServer(answer, seconds).listen(0))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return port


class _Connection(asyncio.Protocol):
    def __init__(self, server: LateServer) -> None:
        self._server, self._received, self._since = server, bytearray(), 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        self._since = self._since if self._received else loop.time()
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head, length = bytes(self._received[:end]), end + 4
        length += content_length(head)
        if len(self._received) >= length:
            body = bytes(self._received[end + 4 : length])
            del self._received[:length]
            reply = self._reply(head.split(b" ", 2)[1], body)
            loop.call_at(self._since + self._server.seconds, self._transport.write, reply)

    def _reply(self, target: bytes, body: bytes) -> bytes:
        kind, answer = self._server.answer(target.decode(), body)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
        return head.encode() + answer


def content_length(head: bytes) -> int:
    """How long the body after a head is; 0 where it does not say."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
