"""A local AWS on loopback: ministack, in an environment of its own, started clean and ended for sure."""

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sandbox import scratch
from sandbox.guard import Guarded

ROOT = Path(__file__).parent.parent
REGION: Final = "eu-west-1"
PYTHON = ROOT / ".venv-ministack" / "bin" / "python"
HEARING = ROOT / "sandbox" / "ministack_logs.py"
PATIENCE = 30.0  # seconds until it must be ready; it takes one
# Loopback is never behind the proxy that the shell may name.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class StartError(Exception):
    """The local AWS did not come up; the message ends with what it said last."""


@contextmanager
def started(*, auth: bool = False, log: Path = ROOT / ".sandbox" / "ministack.log") -> Iterator[str]:
    """Run ministack for the length of the block; yields its address.

    With `auth`, every function runs under its own role, so a permission the template forgot is refused.
    """
    if not PYTHON.exists():
        raise StartError("no .venv-ministack here: run `python3 toolchain/prepare.py ministack`, or `make demo`")
    port = free_port()
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        scratch.directory(log.parent) as state,
        Guarded([PYTHON, "-P", HEARING], env=_environment(port, state, auth=auth), log=log) as server,
    ):
        _wait_until_ready(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def client_environment(endpoint: str, home: Path) -> dict[str, str]:
    """What `sam` and `aws` need to talk to this AWS and to no other, whatever the user's profile."""
    keys = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "test")
    region = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), REGION)
    files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    system = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return {**system, **keys, **region, **files, "AWS_ENDPOINT_URL": endpoint, "SAM_CLI_TELEMETRY": "0"}


def _environment(port: int, state: Path, *, auth: bool) -> dict[str, str]:
    # Functions inherit the emulator's whole environment: it must hold nothing of the user's.
    return client_environment(f"http://127.0.0.1:{port}", state) | {
        "TMPDIR": str(state),
        "S3_DATA_DIR": str(state / "s3"),
        "STATE_DIR": str(state / "state"),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",  # these two would listen on all addresses, whatever BIND_HOST says
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": REGION,
        "AUTH": "true" if auth else "false",
        "PYTHONDONTWRITEBYTECODE": "1",
        # What Lambda sets and ministack forgets.
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    }


def _wait_until_ready(endpoint: str, server: Guarded) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(f"{endpoint}/_ministack/ready"):
        if server.ended() or time.monotonic() > deadline:
            raise StartError(f"ministack did not start; its log, {server.log}, ends:\n{server.last_words()}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with _DIRECT.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
