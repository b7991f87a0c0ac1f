"""A shell that types what the documentation says, with the sandbox's AWS where the reader has the real one."""

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sandbox.ministack import client_environment
from tests.docs.markdown import ROOT

PATIENCE = 240.0
DONE = "--- typed ---\n"
# `aws sqs`, of all commands, does not heed AWS_ENDPOINT_URL (aws-cli 1).
PREPARATION = 'set -euo pipefail; aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }'
# What `make test` sets for what it runs would reach the `make deploy` of the documentation.
OUTER_MAKE = ("MAKE", "MFLAGS", "ARCHITECTURE", "LAYER_PLATFORM", "PYTHON", "AWS_", "VIRTUAL_ENV")


class Shell:
    """One bash for a whole page, so that variables and functions last from block to block."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder = process, folder

    def type(self, text: str) -> str:
        """Run a block as it stands and return what it printed; any command that fails is an AssertionError."""
        file = self._folder / "block.sh"
        file.write_text(text)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"source '{file}' </dev/null; echo; echo '{DONE.strip()}'\n")
        self._process.stdin.flush()
        printed = _until_done(self._process.stdout)
        assert printed.endswith(DONE), f"this failed:\n{text}\nit printed:\n{printed[-3000:]}"
        return printed.removesuffix(DONE).strip()


@contextmanager
def shell(endpoint: str, home: Path) -> Iterator[Shell]:
    """A shell in the repository's root, at home in `home`, whose AWS is at `endpoint`."""
    bash = ["bash", "--noprofile", "--norc", "-s"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        bash, cwd=ROOT, env=_environment(endpoint, home), stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        try:
            typing = Shell(process, home)
            typing.type(PREPARATION)
            yield typing
        finally:
            watchdog.cancel()
            process.kill()


def _environment(endpoint: str, home: Path) -> Mapping[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(OUTER_MAKE)}
    # A home of its own, but not caches of its own: uv would fetch every wheel again.
    caches = {
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        "XDG_CONFIG_HOME": os.environ.get("XDG_CONFIG_HOME", str(Path.home() / ".config")),
    }
    # CloudFormation on loopback needs no patience: sam would look every five seconds.
    return {**ours, **caches, **client_environment(endpoint, home), "SAM_CLI_POLL_DELAY": "0.3"}


def _until_done(output: IO[str]) -> str:
    printed = ""
    for line in output:
        printed += line
        if line == DONE:
            break
    return printed
