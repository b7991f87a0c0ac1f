"""Run a built function under AWS's Runtime Interface Emulator: what `sam local invoke` does, without Docker.

The emulator comes with sam-cli; the runtime beside it is `.venv-rt`, which holds what Lambda's own image does
and nothing else. It proves packaging, imports, handler paths, settings, timeouts and the shape of errors. It
does not emulate IAM, memory limits, event sources or Amazon Linux.
"""

import json
import os
import socket
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.guard import Guarded
from sandbox.ministack import free_port
from sandbox.template import BUILD, ROOT, Function

PYTHON = ROOT / ".venv-rt" / "bin" / "python"
PATIENCE = 10.0  # seconds until it must listen; it takes a few hundredths of one


class NotRunnableError(Exception):
    """Something the emulator needs is missing; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """A function that is loaded and waits for events, one at a time."""

    url: str
    server: Guarded

    def invoke(self, event: object, timeout: float = 60.0) -> Any:
        """Hand the function an event and return its answer; an exception comes back as `{"errorType": …}`."""
        request = urllib.request.Request(self.url, json.dumps(event).encode())  # noqa: S310 (our own loopback address)
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            body = answer.read()
        try:
            return json.loads(body)
        except json.JSONDecodeError:  # a timeout is told in plain words, with status 200
            return {"errorType": "Sandbox.Timedout", "errorMessage": body.decode(errors="replace")}


@contextmanager
def running(function: Function, environment: Mapping[str, str], log: Path, build: Path = BUILD) -> Iterator[Runtime]:
    """Load a built function for the length of the block; what it logs goes to `log`."""
    port, api = free_port(), free_port()
    # Both addresses are given because the emulator's own defaults listen beyond loopback.
    command: list[str | Path] = [
        emulator(),
        "--log-level",
        "info",
        "--runtime-interface-emulator-address",
        f"127.0.0.1:{port}",
    ]
    command += ["--runtime-api-address", f"127.0.0.1:{api}", PYTHON, "-m", "awslambdaric", function.handler]
    # Lambda starts a function in its own folder.
    command = ["/bin/sh", "-c", 'cd "$1" && shift && exec "$@"', "-", build / function.name, *command]
    with Guarded(command, env=_environment(function, build) | dict(environment), log=log) as server:
        _wait_until_listening(port, server)
        yield Runtime(f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations", server)


def emulator() -> str:
    """The emulator's binary: `AWS_LAMBDA_RIE` if set, else the one in sam-cli's package.

    Raises:
        NotRunnableError: There is none, or no runtime to put beside it.
    """
    machine = {"aarch64": "arm64"}.get(name := os.uname().machine, name)
    shipped = ROOT.glob(f".venv-sam/lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}")
    found = os.environ.get("AWS_LAMBDA_RIE") or next(map(str, shipped), "")
    if not found or not PYTHON.exists():
        raise NotRunnableError("needs .venv-sam and .venv-rt: run `python3 toolchain/prepare.py sam rt`")
    return found


def _environment(function: Function, build: Path) -> dict[str, str]:
    """What Lambda sets, and nothing of ours."""
    task = build / function.name
    code = [str(task), *(str(build / layer / "python") for layer in function.layers)]
    keys = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), "testing")
    region = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), "eu-west-1")
    system = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "en_US.UTF-8", "TZ": ":UTC"}  # noqa: S108 (as in Lambda)
    return {
        **keys,
        **region,
        **system,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EC2_METADATA_DISABLED": "true",
        "LAMBDA_TASK_ROOT": str(task),
        "PYTHONPATH": os.pathsep.join(code),
        "PYTHONDONTWRITEBYTECODE": "1",  # else running a build would change what is deployed
    }


def _wait_until_listening(port: int, server: Guarded) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.ended() or time.monotonic() > deadline:
            raise NotRunnableError(f"the emulator did not start; its log ends:\n{server.last_words()}")
        time.sleep(0.02)
