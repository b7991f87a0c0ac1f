"""However the demo ends, nothing of it goes on running."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from sandbox.ministack import ROOT

PATIENCE = 20.0
GUARDED = 6  # three guards and their servers
PS = shutil.which("ps") or ""


@pytest.mark.skipif(not PS, reason="needs ps, to see what runs")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_everything(number: signal.Signals) -> None:
    states = set(ROOT.glob(".sandbox/ministack-*/"))
    command = [sys.executable, "-m", "sandbox.demo"]
    # A session of its own, so that the signal reaches the demo alone and not the servers, nor us.
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as demo:
        assert demo.stdout is not None
        said = next((line for line in demo.stdout if "deploying" in line), "")
        started = _started(demo.pid)
        demo.send_signal(number)
        demo.stdout.read()

    assert said, "it ended before it deployed anything"
    assert len(started) >= GUARDED
    assert _until_gone(started) == set()
    if number != signal.SIGKILL:
        assert set(ROOT.glob(".sandbox/ministack-*/")) <= states


def _started(pid: int) -> set[int]:
    """What runs below it, once it is so much: a server may be slower than the words of the demo."""
    deadline = time.monotonic() + PATIENCE
    while len(found := set(_descendants(pid))) < GUARDED and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _descendants(pid: int) -> Iterator[int]:
    listed = subprocess.run([PS, "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for child, parent in (map(int, line.split()) for line in listed.splitlines()):
        children.setdefault(parent, []).append(child)
    found = [pid]
    while found:
        for child in children.get(found.pop(), []):
            found.append(child)
            yield child


def _until_gone(pids: set[int]) -> set[int]:
    """Those that are still there when the time is up."""
    deadline = time.monotonic() + PATIENCE
    while (left := {pid for pid in pids if _runs(pid)}) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
