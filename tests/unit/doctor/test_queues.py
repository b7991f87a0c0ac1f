"""How long messages must be hidden, for whatever a stack was deployed with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.doctor import queues
from encord_lambda.doctor.deployed import Consumer, Deployed, QueueState
from encord_lambda.doctor.results import Result, Verdict

QUEUE = "UploadsQueue"
SECONDS = st.integers(0, 43_200)


@dataclass
class OneQueue:
    """A stack whose queues are all alike."""

    state: QueueState
    consumer: Consumer | None
    name: str = "encord-lambda"
    asked: list[str] = field(default_factory=list)

    def queue(self, name: str) -> QueueState:
        self.asked.append(name)
        return self.state

    def consumers(self, queue: str) -> Sequence[Consumer]:
        self.asked.append(queue)
        return [self.consumer] if self.consumer else []


def looked_at(visibility: int, consumer: Consumer | None, name: str = QUEUE, **more: Any) -> list[Result]:
    state = QueueState(visibility, more.get("waiting", 0), has_dead_letters=more.get("has_dead_letters", True))
    stack = OneQueue(state, consumer, more.get("stack", "encord-lambda"))
    [check] = [one for one in queues.checks(cast("Deployed", stack)) if one.subject == name]
    return list(check.results())


@given(SECONDS, st.integers(1, 900), st.integers(0, 300))
def test_a_message_is_hidden_for_six_timeouts_and_the_window_or_it_is_told(
    visibility: int, timeout: int, window: int
) -> None:
    [result] = looked_at(visibility, Consumer(timeout, window, "Enabled"))

    if visibility < timeout:
        assert result.verdict is Verdict.FAULT
    elif visibility < 6 * timeout + window:
        assert result.verdict is Verdict.WARNING
        assert f"AWS advises {6 * timeout + window} s" in result.told
    else:
        assert result.verdict is Verdict.OK


@given(SECONDS)
def test_no_task_is_hidden_for_as_long_as_it_is_leased(visibility: int) -> None:
    results = looked_at(visibility, Consumer(1, 0, "Enabled"), "TasksQueue")

    assert any("longer than a task is leased" in one.told for one in results) == (visibility >= 900)


def test_a_queue_without_dead_letters_loses_what_fails() -> None:
    [result] = looked_at(740, Consumer(120, 20, "Enabled"), has_dead_letters=False)

    assert (result.verdict, result.told[:28]) == (Verdict.FAULT, "it has no dead-letter queue:")


def test_all_that_is_wrong_with_a_queue_is_told() -> None:
    results = looked_at(900, Consumer(901, 0, "Disabled"), "TasksQueue", has_dead_letters=False)

    assert [one.verdict for one in results] == [Verdict.FAULT] * 4


def test_letters_are_told_with_the_command_for_this_stack() -> None:
    [result] = looked_at(0, None, "CallsDeadLetters", waiting=1200, stack="pets")

    assert result.verdict is Verdict.WARNING
    assert result.told.endswith(
        "about 1,200 letters wait; what failed: encord-lambda replay --queue calls --stack pets"
    )
