"""The local AWS keeps all that a function logs, however late it comes through the pipe."""

import subprocess

from sandbox import ministack

SLOW = """
import queue, threading
from types import SimpleNamespace
from sandbox.ministack_logs import ALL_SAID, heard_out

said = queue.Queue()
for late, line in enumerate(("one", "two", ALL_SAID, "of the next invocation"), 1):
    threading.Timer(0.1 * late, said.put, [line]).start()
print(heard_out(SimpleNamespace(_stderr_queue=said)))
"""


def test_lines_that_come_late_are_waited_for() -> None:
    ran = subprocess.run([ministack.PYTHON, "-c", SLOW], cwd=ministack.ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout.split() == ["one", "two"]
