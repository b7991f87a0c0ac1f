"""Start a server that cannot outlive us: it ends when we stop it, when we die, and when its terminal closes.

`Guarded` runs this module as a small process of its own, between us and the server. The guard holds one end
of a pipe; when the other closes, for whatever reason, it ends the server with everything the server started.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

GRACE = 5.0  # seconds between asking the server to end and ending it


class Guarded:
    """A running server. Its output goes to `log`; leaving the `with` block ends it for sure."""

    def __init__(self, command: Sequence[str | Path], *, env: Mapping[str, str], log: Path) -> None:
        self.log = log
        words = [
            sys.executable,
            "-I",
            __file__,
            *map(str, command),
        ]  # -I: `env` is the server's, PYTHONPATH and all
        with log.open("wb") as output:
            self._guard = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
                start_new_session=True,  # Ctrl-C is for us; we tell the server when we are ready
            )

    def ended(self) -> bool:
        """Whether the server has ended, by itself or by us."""
        return self._guard.poll() is not None

    def last_words(self, lines: int = 20) -> str:
        """The end of the server's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """End the server and whatever it started; harmless when it has ended."""
        if self._guard.stdin:
            self._guard.stdin.close()
        self._guard.wait(2 * GRACE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child's whole process group, politely first."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _main(command: Sequence[str]) -> int:
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: _end(child))

    def wait_for_our_starter() -> None:
        os.read(sys.stdin.fileno(), 1)  # nobody writes: it returns when the other end closes
        _end(child)

    threading.Thread(target=wait_for_our_starter, daemon=True).start()
    status = child.wait()
    _end(child)  # its children may still be there
    return status


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
