"""What Lambda gives to a function: its environment, a context, and an end for what takes too long."""

import os
import signal
import time
from dataclasses import dataclass
from datetime import timedelta

from encord_lambda import breakers, deadlines, execution, task_group
from encord_lambda.dispatch import backing_off, sweep
from tests.chaos.plan import Place


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers ask of Lambda's context."""

    ends: float
    function_name: str = "chaos"
    memory_limit_in_mb: int = 1769
    invoked_function_arn: str = "arn:chaos"
    aws_request_id: str = "chaos"

    def get_remaining_time_in_millis(self) -> int:
        """Until the process is ended."""
        return int((self.ends - time.monotonic()) * 1000)


class Invocation:
    """Ends the process, as Lambda does, if what is inside takes longer."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout

    def __enter__(self) -> Context:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, self._timeout)
        return Context(time.monotonic() + self._timeout)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)


def begin(place: Place, name: str) -> None:
    """Make this process an instance of a function, with the function's environment, and its prints in a log."""
    os.environ.clear()
    os.environ.update(place.environment)
    log = os.open(place.folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    _hurry(place)


def _hurry(place: Place) -> None:
    """The constants that are minutes in Lambda, in proportion to this run's shorter timeout; no rule is changed."""
    pace = place.plan.timeout / 120
    deadlines.RESERVE_SECONDS *= pace  # type: ignore[misc]
    deadlines.SHORTEST_SECONDS *= pace  # type: ignore[misc]
    backing_off.FIRST = place.plan.first_back_off  # type: ignore[misc]
    backing_off.LONGEST = place.plan.longest_back_off  # type: ignore[misc]
    breakers.FIRST_REST, breakers.LONGEST_REST = 1, 8  # type: ignore[misc]
    breakers.SOON = 1.0  # type: ignore[misc]
    for module in (task_group, execution):
        module.LEASE = timedelta(seconds=2 * place.plan.visibility)  # type: ignore[attr-defined]
    sweep.QUEUED_LEASE = timedelta(seconds=place.plan.queued_lease)
    sweep.GATHER_SECONDS = 1
    sweep.SPARE_SECONDS *= pace
