"""Starting a function's instance and invoking it, as the Lambda service does."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.lambda_worker import MARK
from sandbox.ministack import ROOT


@dataclass(frozen=True)
class Invocation:
    """An invocation's reply, how long it took, and the instance's totals up to its end."""

    reply: Any
    seconds: float
    peak_mb: float
    cpu_seconds: float


class Instance:
    """A function's instance: `cold` seconds until its handler was imported, and `worked` in all invocations.

    `logged` are the lines that it wrote besides its answers, and `invoked` is how often it was.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        started = time.perf_counter()
        self._process = process
        self.logged: list[str] = []
        self.invoked = 0
        self._forgotten = 0.0
        self.last = self._answer()
        self.cold = time.perf_counter() - started
        self.worked = 0.0

    @property
    def cpu_seconds(self) -> float:
        """Of its processor, up to the end of the last invocation."""
        return self.last.cpu_seconds - self._forgotten

    def forget(self) -> None:
        """Count anew, as of an instance that has been up for long."""
        self.cold, self.worked, self.invoked, self._forgotten = 0.0, 0.0, 0, self.last.cpu_seconds
        self.logged.clear()

    def invoke(self, event: object) -> Any:
        """The handler's reply."""
        assert self._process.stdin is not None  # noqa: S101
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()
        self.last = self._answer()
        self.worked += self.last.seconds
        self.invoked += 1
        return self.last.reply

    def _answer(self) -> Invocation:
        assert self._process.stdout is not None  # noqa: S101
        for line in self._process.stdout:
            if line.startswith(MARK):
                return Invocation(**json.loads(line.removeprefix(MARK)))
            if line.strip():
                self.logged.append(line)
        raise RuntimeError("the instance ended; what it said on standard error says why")


@contextmanager
def instance(module: str, environment: Mapping[str, str], timeout: float) -> Iterator[Instance]:
    """An instance of a module's `lambda_handler`, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.lambda_worker", module, str(timeout)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, env=environment, text=True) as process:
        try:
            yield Instance(process)
        finally:
            process.terminate()
