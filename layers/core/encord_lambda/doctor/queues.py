"""Whether messages are worked on, hidden for long enough meanwhile, and kept where they fail."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from encord_lambda.doctor.deployed import FUNCTIONS, Consumer, Deployed, QueueState
from encord_lambda.doctor.results import Check, Result, fault, ok, warning
from encord_lambda.letters import Origin
from encord_lambda.task_group import LEASE

TIMES: Final = 6
"""Timeouts of its function that a message should be hidden for, and the batching window: AWS's advice."""


def checks(stack: Deployed) -> Iterator[Check]:
    """Two for each queue."""
    for name in FUNCTIONS:
        yield Check(name, partial(_queue, stack, name))
    for origin in Origin:
        yield Check(_dead_letters(origin), partial(_depth, stack, origin))


def _queue(stack: Deployed, name: str) -> Iterator[Result]:
    state = stack.queue(name)
    told = [*_kept(state, name), *_worked_on(stack, state, name)]
    yield from told or [ok(name, f"messages are hidden for {state.visibility} s; about {state.waiting:,} wait")]


def _kept(state: QueueState, name: str) -> Iterator[Result]:
    if not state.has_dead_letters:
        yield fault(
            name, "it has no dead-letter queue: what fails is tried until it is too old, and lost. Deploy again"
        )
    if name == "TasksQueue" and state.visibility >= LEASE.total_seconds():
        told = f"hides messages for {state.visibility} s, longer than a task is leased ({LEASE.total_seconds():.0f} s)"
        yield fault(name, f"{told}: sweeps queue tasks twice. Deploy again")


def _worked_on(stack: Deployed, state: QueueState, name: str) -> Iterator[Result]:
    consumers = stack.consumers(name)
    if not consumers:
        yield fault(name, f"nobody is handed its messages: {FUNCTIONS[name]} has lost its trigger. Deploy again")
    for consumer in consumers:
        yield from _handed(state, consumer, name)


def _handed(state: QueueState, consumer: Consumer, name: str) -> Iterator[Result]:
    function, wanted = FUNCTIONS[name], TIMES * consumer.timeout + consumer.window
    told = f"hides messages for {state.visibility} s, and {function} may take {consumer.timeout} s"
    if consumer.state not in ("Enabled", "Enabling", "Updating", "Creating"):
        yield fault(
            name, f"{function} is not handed its messages: its trigger is {consumer.state}. Enable it in Lambda"
        )
    if state.visibility < consumer.timeout:
        yield fault(name, f"{told}: messages are worked on twice at once. Hide them for {wanted} s, or deploy again")
    elif state.visibility < wanted:
        yield warning(name, f"{told}: AWS advises {wanted} s, or a throttled message fails without a try")


def _depth(stack: Deployed, origin: Origin) -> Iterator[Result]:
    name = _dead_letters(origin)
    if waiting := stack.queue(name).waiting:
        option = "" if origin is Origin.TASKS else f" --queue {origin}"
        stack_option = "" if stack.name == "encord-lambda" else f" --stack {stack.name}"
        yield warning(name, f"about {waiting:,} letters wait; what failed: encord-lambda replay{option}{stack_option}")
    else:
        yield ok(name, "empty")


def _dead_letters(origin: Origin) -> str:
    return f"{origin.capitalize()}DeadLetters"
