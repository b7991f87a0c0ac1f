"""A guarded server ends with the one who started it, however that one ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sandbox import template as reader
from sandbox.guard import Guarded

# A server with a child of its own, as ministack has its workers.
SERVER = """
import os, subprocess, time
subprocess.Popen(["sleep", "60"])
print(os.getpgid(0), flush=True)
time.sleep(60)
"""
STARTER = f"""
import os, pathlib, sys, time
from sandbox.guard import Guarded
with Guarded([sys.executable, "-c", {SERVER!r}], env=os.environ, log=pathlib.Path(sys.argv[1])):
    time.sleep(60)
"""


def test_leaving_the_block_ends_the_server_and_its_children(tmp_path: Path) -> None:
    with Guarded([sys.executable, "-c", SERVER], env=os.environ, log=tmp_path / "log") as server:
        group = _group(tmp_path / "log")
        assert not server.ended()
    assert server.ended()
    assert _gone(group)


def test_killing_the_starter_ends_the_server_and_its_children(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=reader.ROOT) as starter:
        group = _group(tmp_path / "log")
        starter.send_signal(signal.SIGKILL)
    assert _gone(group)


def test_a_server_that_ends_by_itself_leaves_its_last_words(tmp_path: Path) -> None:
    with Guarded(["/bin/sh", "-c", "echo no such port; exit 3"], env=os.environ, log=tmp_path / "log") as server:
        _until(server.ended)
    assert server.last_words() == "no such port"


def _group(log: Path) -> int:
    _until(lambda: log.exists() and log.read_text().endswith("\n"))
    return int(log.read_text())


def _gone(group: int) -> bool:
    def gone() -> bool:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        return False

    _until(gone)
    return True


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
