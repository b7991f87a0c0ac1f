"""A small server on loopback that notes what it is sent and answers what it is told."""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Said:
    """What to answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Receiver:
    """`answer` may be exchanged at any time; `received` is in the order of arrival, and empties as it is read."""

    url: str = ""
    answer: Callable[[Received], Said] = lambda _: Said()
    received: queue.SimpleQueue[Received] = field(default_factory=queue.SimpleQueue)

    def next(self) -> Received:
        """The next request, waited for."""
        return self.received.get(timeout=10)

    def all(self) -> list[Received]:
        """The requests that came by now."""
        return [self.received.get() for _ in range(self.received.qsize())]


@contextmanager
def receiving(answer: Callable[[Received], Said] = lambda _: Said()) -> Iterator[Receiver]:
    """Serve until the block ends."""
    receiver = Receiver(answer=answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            got = Received(self.command, self.path, dict(self.headers), body)
            receiver.received.put(got)
            said = receiver.answer(got)
            self.send_response(said.status)
            for name, value in {**said.headers, "Content-Length": str(len(said.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        do_GET = do_POST = do_OPTIONS = answer  # noqa: N815 - http.server's own names

        def log_message(self, *_: object) -> None:
            pass

    return Handler
