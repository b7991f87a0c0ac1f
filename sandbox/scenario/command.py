"""What `python -m sandbox.demo` does once its command line is read."""

import sys
import time
from contextlib import ExitStack

from rich.console import Console

from sandbox.deploy import DeployError
from sandbox.ministack import StartError
from sandbox.scenario import closing
from sandbox.scenario.playing import play
from sandbox.scenario.progress import console_for_stdout, shown
from sandbox.scenario.report import Report
from sandbox.scenario.servers import started
from sandbox.scenario.standing import stand

FAILED = 1


def run(began: float, *, keep_running: bool) -> int:
    """Play the scenario and print the table; 0 only if every check holds. `began` is on the monotonic clock."""
    try:
        return _run(began, keep_running=keep_running)
    except (StartError, DeployError) as error:
        sys.stderr.write(f"{error}\n")
        return FAILED


def _run(began: float, *, keep_running: bool) -> int:
    console = console_for_stdout()
    with ExitStack() as running:
        with shown(began) as progress:
            sandbox = running.enter_context(started(progress))
            report = play(sandbox, progress)
            if not keep_running:
                progress.say("ending everything, and removing what the functions unpacked")
                running.close()  # the seconds in the table are those of the whole command
        status = _close(console, report, time.monotonic() - began)
        if keep_running:
            stand(sandbox, console)
    return status


def _close(console: Console, report: Report, seconds: float) -> int:
    holds = closing.write(console, report, seconds)
    console.file.write(f"{closing.result(report, seconds)}\n")
    console.file.flush()
    return 0 if holds else FAILED
