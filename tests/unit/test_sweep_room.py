"""A stage is topped up to so many tasks in flight, highest priority first, whoever else is sweeping it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.dispatch.sweep import CHUNK, READ_AHEAD, WaitingTask, sweep
from encord_lambda.outcomes import Queued
from tests.fakes.sweeping import FIRST, MINUTE, Swept, SweptClaims, a_task, some_tasks

LIVE = [State.QUEUED, State.RUNNING]


def ids(tasks: Sequence[WaitingTask | TaskMessage]) -> list[UUID]:
    return [task.task for task in tasks]


@pytest.mark.parametrize("most", [1, 70, CHUNK, CHUNK + 1, 250])
def test_no_more_than_the_maximum_are_queued_and_those_first_in_line(most: int) -> None:
    tasks = some_tasks(300)

    assert Swept(*tasks, max_in_flight=most).sweep() == ids(tasks[:most])


def test_listing_stops_when_the_room_is_used_up() -> None:
    scene = Swept(*some_tasks(50 * CHUNK), max_in_flight=3 * CHUNK)

    scene.sweep()

    assert scene.first.taken <= (3 + READ_AHEAD) * CHUNK


@pytest.mark.parametrize("state", LIVE)
def test_a_task_that_arrives_at_the_head_of_a_full_stage_waits_for_room_and_goes_first(state: State) -> None:
    # GIVEN a stage that is full with tasks further down
    below = some_tasks(3 * CHUNK)
    scene = Swept(*below, max_in_flight=CHUNK)
    scene.claim(below[-CHUNK:], state)

    # WHEN a task of higher priority arrives
    urgent = a_task()
    scene.first.waiting.insert(0, urgent)

    # THEN it waits, and goes before the others once one is done
    assert scene.sweep() == []
    scene.claim(below[-1:], State.DONE)
    assert scene.sweep() == [urgent.task]


@pytest.mark.parametrize("state", [State.DONE, State.REJECTED])
def test_finished_tasks_take_no_room(state: State) -> None:
    tasks = some_tasks(2 * CHUNK)
    scene = Swept(*tasks, max_in_flight=CHUNK)
    scene.claim(tasks[:CHUNK], state)

    assert scene.sweep() == ids(tasks[CHUNK:])


def test_tasks_whose_lease_ran_out_take_no_room_but_their_own() -> None:
    tasks = some_tasks(2 * CHUNK)
    scene = Swept(*tasks, max_in_flight=CHUNK)
    scene.claim(tasks[CHUNK:], State.RUNNING, lease=-MINUTE)

    assert scene.sweep() == ids(tasks[:CHUNK])


@pytest.mark.parametrize(("waiting", "most", "asked"), [(99, 99, 0), (99, 98, 1), (100, 2000, 1), (900, 2000, 1)])
def test_what_is_in_flight_is_asked_once_unless_the_whole_stage_fits(waiting: int, most: int, asked: int) -> None:
    scene = Swept(*some_tasks(waiting), max_in_flight=most)

    scene.sweep()

    assert scene.claims.asked == asked


def test_tasks_seen_in_flight_count_though_the_index_does_not_know_them_yet() -> None:
    class Lagging(SweptClaims):
        def in_flight(self, stage: UUID, now: datetime) -> set[UUID]:  # noqa: ARG002 - knows nothing
            return set()

    tasks = some_tasks(4 * CHUNK)
    scene = Swept(*tasks, max_in_flight=2 * CHUNK)
    scene.claims = Lagging()
    scene.claim(tasks[:CHUNK], State.QUEUED)

    assert scene.sweep() == ids(tasks[CHUNK : 2 * CHUNK])


class Overtaken(SweptClaims):
    """Another sweep does all of its work between our reading of claims and our writing."""

    def __init__(self, other: Callable[[], object]) -> None:
        super().__init__()
        self.other = other

    def read(self, keys: Sequence[TaskKey]) -> dict[TaskKey, Claim]:
        before = super().read(keys)
        self.other()
        return before


@pytest.mark.parametrize("most", [CHUNK, 2000])
def test_of_two_sweeps_that_saw_the_same_claims_one_queues_a_task(most: int) -> None:
    """The table's condition decides, not the reading; and what the other took leaves that much less room."""
    tasks = some_tasks(3 * CHUNK)
    ours, theirs = Swept(*tasks, max_in_flight=most), Swept(*tasks, max_in_flight=most)
    ours.claims = Overtaken(theirs.sweep)
    theirs.claims.claims = ours.claims.claims

    queued = ours.sweep()

    assert queued == []
    assert set(ids(theirs.outbox.sent)) == set(ids(tasks[:most]))


TASKS = some_tasks(4 * CHUNK)


@settings(max_examples=25)
@given(
    most=st.sampled_from([50, CHUNK, 230, 3 * CHUNK]),
    busy=st.sets(st.integers(0, len(TASKS) - 1), max_size=40),
    turns=st.lists(st.booleans(), max_size=300),
)
def test_two_sweeps_in_any_interleaving_queue_each_task_once_and_keep_the_maximum(
    most: int, busy: set[int], turns: list[bool]
) -> None:
    # GIVEN a stage where some tasks are in flight already
    left, right = Swept(*TASKS, max_in_flight=most), Swept(*TASKS, max_in_flight=most)
    right.claims = left.claims
    left.claim([TASKS[number] for number in busy], State.QUEUED)

    # WHEN two sweeps take turns
    going = {scene is left: sweep(scene.sweeper, scene.now, scene.time_left) for scene in (left, right)}
    told = [next(going[turn], None) for turn in turns] + [*going[True], *going[False]]

    # THEN no task was sent twice, all that was sent is told, and the stage is as full as it may be
    sent = ids([*left.outbox.sent, *right.outbox.sent])
    assert len(set(sent)) == len(sent)
    assert sorted(task for outcome in told if isinstance(outcome, Queued) for task in outcome.tasks) == sorted(sent)
    assert len(left.claims.in_flight(FIRST, left.now)) == max(most, len(busy))
