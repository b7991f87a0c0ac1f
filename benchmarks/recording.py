"""What a client really sends: a proxy on loopback that keeps the bytes of every exchange."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from socketserver import StreamRequestHandler, ThreadingTCPServer


@dataclass(frozen=True)
class Exchange:
    """One request, byte for byte, and the body it was answered with."""

    request: bytes
    answer: bytes


@dataclass
class Recording:
    """The exchanges that went through `url`, in order."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)


@contextmanager
def recording(port: int) -> Iterator[Recording]:
    """Forward to this port of loopback until the block ends; one request per connection, as the SDK does it."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            request = _read_request(self)
            with socket.create_connection(("127.0.0.1", port)) as upstream:
                upstream.sendall(request)
                answer = HTTPResponse(upstream)
                answer.begin()
                body = answer.read()
            kept.exchanges.append(Exchange(request, body))
            head = f"HTTP/1.1 {answer.status} .\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
            self.wfile.write(head.encode() + body)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        kept = Recording(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield kept
        server.shutdown()


def _read_request(handler: StreamRequestHandler) -> bytes:
    lines, length = [], 0
    while (line := handler.rfile.readline()) not in (b"\r\n", b""):
        lines.append(line)
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return b"".join(lines) + b"\r\n" + handler.rfile.read(length)
