"""A far side that counts: who asked what, on which connection."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Far:
    """A server that says who asked what: path, cookie and number of the connection."""

    url: str = ""
    asked: list[tuple[str, str | None, int]] = field(default_factory=list)
    opened: int = 0
    ended: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    together: threading.Barrier = field(default_factory=lambda: threading.Barrier(1))
    """How many requests have to come before one is answered."""


def _answering(far: Far) -> type[BaseHTTPRequestHandler]:
    """Answers with the path, and a cookie; connections stay open."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            far.opened += 1
            self.number = far.opened

        def do_GET(self) -> None:
            far.asked.append((self.path, self.headers["Cookie"], self.number))
            far.together.wait(timeout=10)
            self.send_response(200)
            self.send_header("Set-Cookie", "session=somebody")
            self.send_header("Content-Length", str(len(self.path)))
            self.end_headers()
            self.wfile.write(self.path.encode())

        def finish(self) -> None:
            super().finish()
            far.ended.release()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
            """Silent."""

    return Handler


@contextmanager
def served() -> Iterator[Far]:
    """Serve until the block ends; connections that clients still keep are left to them."""
    far = Far()
    with ThreadingHTTPServer(("127.0.0.1", 0), _answering(far)) as server:
        server.daemon_threads = True
        far.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield far
        finally:
            server.shutdown()
            thread.join()
