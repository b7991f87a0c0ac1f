"""A local AWS behind a meter: each request is passed on as it is, and counted as AWS would bill it."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import urllib3

from benchmarks.metering import Meter, Request

_SERVICE: Final = re.compile(r"Credential=[^/]+/\d+/[^/]+/(\w+)/")
_OF_THE_CONNECTION: Final = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True)
class MeteredAws:
    """Where it is, and what was asked of it."""

    url: str
    meter: Meter


@contextmanager
def metered(endpoint: str) -> Iterator[MeteredAws]:
    """Stand before the AWS at `endpoint` until the block ends."""
    meter, lock, pool = Meter(), threading.Lock(), urllib3.PoolManager(maxsize=32)

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def parse_request(self) -> bool:
            """Whatever the method is, it is passed on."""
            parsed = super().parse_request()
            if parsed:
                setattr(self, f"do_{self.command}", self._pass_on)
            return parsed

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = pool.request(
                self.command,
                endpoint + self.path,
                body=body,
                headers=dict(self.headers),
                retries=False,
                redirect=False,
                decode_content=False,
            )
            with lock:
                meter.add(_request(self, body, len(answer.data)))
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in _OF_THE_CONNECTION:
                    self.send_header(name, value)
            length = answer.headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(answer.data))
            self.send_header("Content-Length", length)
            self._headers_buffer.append(b"\r\n" + answer.data)  # type: ignore[attr-defined]
            self.flush_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield MeteredAws(f"http://127.0.0.1:{server.server_port}", meter)
    finally:
        server.shutdown()


def _request(desk: BaseHTTPRequestHandler, body: bytes, answered: int) -> Request:
    """A signed link has no such header, and leads to S3."""
    signed = _SERVICE.search(desk.headers.get("Authorization", ""))
    operation = desk.headers.get("X-Amz-Target", "").rpartition(".")[2]
    return Request(signed[1] if signed else "s3", operation, desk.command, desk.path, body, answered)
