"""One instance of a function: a process that keeps a module's `lambda_handler` and is handed events, one at a time.

    python -m benchmarks.lambda_worker MODULE TIMEOUT

It keeps to one processor, which is what Lambda gives for 1,769 MB. Events come as lines of JSON; what is answered
comes as lines that begin with `ANSWER`, between whatever the handler prints.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path

MARK = "ANSWER "


class Context:
    """What handlers ask of Lambda's context."""

    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "bench"

    def __init__(self, timeout: float) -> None:
        self._end = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        """Until Lambda would end the invocation."""
        return int((self._end - time.monotonic()) * 1000)


def main() -> None:
    """Import the handler, then run it on each event."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    handler, timeout = importlib.import_module(sys.argv[1]).lambda_handler, float(sys.argv[2])
    _answer(None, 0.0)
    for line in sys.stdin:
        started = time.perf_counter()
        reply = handler(json.loads(line), Context(timeout))
        _answer(reply, time.perf_counter() - started)


def _answer(reply: object, seconds: float) -> None:
    told = {"reply": reply, "seconds": seconds, "peak_mb": _peak(), "cpu_seconds": time.process_time()}
    sys.stdout.write(f"\n{MARK}{json.dumps(told)}\n")
    sys.stdout.flush()


def _peak() -> float:
    """The most resident memory this process had. Its resource usage would count what it was forked from."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
