"""`make demo` and `make sandbox`: the whole stack on this machine, then a table of what happened."""

import argparse
import os
import signal
import sys
import time
from types import FrameType

INTERRUPTED = 130  # what a shell calls a command that was ended by Ctrl-C


def main() -> int:
    """Read the command line, run, and say how it went."""
    began = time.monotonic()
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=__doc__)
    parser.add_argument("--keep-running", action="store_true", help="go on until Ctrl-C, and say where everything is")
    options = parser.parse_args()
    # All we talk to is on this machine, which a proxy would not find.
    os.environ |= dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        # Here, not above: the imports take a second, and the user's clock is running.
        from sandbox.scenario.command import run

        return run(began, keep_running=options.keep_running)
    except KeyboardInterrupt:
        return INTERRUPTED


def _leave(number: int, _frame: FrameType | None) -> None:
    """Unwind instead of dying on the spot, so that everything started is ended and removed."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
