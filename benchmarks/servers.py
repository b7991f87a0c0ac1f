"""Servers in processes of their own, whose memory can be read."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 30.0  # seconds until a server must accept connections


@dataclass(frozen=True)
class Server:
    """A running server on loopback."""

    port: int
    process: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def megabytes(self) -> float:
        """Resident memory right now, as Linux tells it."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def server(port: int, module: str, *arguments: str) -> Iterator[Server]:
    """Run `python -m module` until the block ends."""
    with subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until_open(port, process)
            yield Server(port, process.pid)
        finally:
            process.terminate()


@contextmanager
def announced(module: str, *arguments: str) -> Iterator[str]:
    """Run `python -m module` until the block ends; yields the line it prints once it serves.

    Raises:
        RuntimeError: It ended before.
    """
    with subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError(f"{module} did not come up")
            yield line.strip()
        finally:
            process.terminate()


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing came up on port {port}")
