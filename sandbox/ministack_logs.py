"""ministack, which hears a function out: run by its own Python in place of `python -m ministack.app`.

It takes 5 ms of silence for the end of what an invocation logs, and so loses what a busy machine is slow to pass on;
for a function that logs nothing it waits 50 ms. Here a function's worker says when it has said all.
"""

import queue
import runpy
import sys
import time
from typing import Final

from ministack.core import lambda_runtime  # type: ignore[import-not-found]  # in an environment of its own

ALL_SAID: Final = "\x04"
PATIENCE: Final = 2.0  # seconds, for a worker that died
ANSWERED: Final = "        _real_stdout.flush()\n\nrun()\n"
"""How its script of a worker ends: an answer is written, and sent off."""


def heard_out(worker: lambda_runtime.Worker, **_bounds: float) -> str:
    """What a worker says from its last invocation on, in lines."""
    said, deadline = list[str](), time.monotonic() + PATIENCE
    while (left := deadline - time.monotonic()) > 0:
        try:
            line = worker._stderr_queue.get(timeout=left)
        except queue.Empty:
            break
        if line == ALL_SAID:
            break
        said.append(line)
    return "\n".join(said)


if __name__ == "__main__":
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    if not script.endswith(ANSWERED):
        sys.exit("this ministack's workers are not those that sandbox/ministack_logs.py knows")
    telling = f"        print({ALL_SAID!r}, file=sys.stderr, flush=True)\n"
    lambda_runtime._PYTHON_WORKER_SCRIPT = script.removesuffix(ANSWERED) + telling + ANSWERED
    lambda_runtime.Worker._drain_stderr_bounded = heard_out
    runpy.run_module("ministack.app", run_name="__main__")
