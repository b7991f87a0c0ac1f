"""Who gets queued: what waits at an agent stage, once per visit, whatever happens to the other stages."""

from collections.abc import Sequence

import pytest

from encord_lambda.dispatch.claims import State
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.dispatch.sweep import AT_ONCE, CHUNK, GATHER_SECONDS, QUEUED_LEASE, SPARE_SECONDS
from encord_lambda.errors import Retry
from encord_lambda.outcomes import Postponed, Queued
from tests.fakes.sweeping import FIRST, MINUTE, NOON, PROJECT, SECOND, FakeOutbox, Swept, a_task, some_tasks


def test_a_waiting_task_is_queued_with_all_that_a_worker_needs() -> None:
    task = a_task()
    scene = Swept(task)

    assert scene.sweep() == [task.task]

    [message] = scene.outbox.sent
    assert (message.project, message.stage, message.task, message.data) == (PROJECT, FIRST, task.task, task.data)
    assert (message.title, message.branch, message.updated_at, message.swept_at) == ("cat.jpg", "main", NOON, NOON)
    assert scene.outbox.delays == {GATHER_SECONDS}


def test_the_stages_own_order_is_kept() -> None:
    tasks = some_tasks(5 * CHUNK)

    assert Swept(*tasks).sweep() == [task.task for task in tasks]


def test_a_task_that_is_listed_twice_is_queued_once() -> None:
    """Pages shift while they are gone through; DynamoDB refuses a whole request that names a task twice."""
    tasks = some_tasks(CHUNK + 1)
    scene = Swept(*tasks[:2], tasks[0], *tasks[1:])

    assert scene.sweep() == [task.task for task in tasks]
    assert scene.outbox.sizes == [CHUNK, 1]


def test_a_queued_task_is_not_queued_again_while_its_message_is_due() -> None:
    scene = Swept(a_task())
    scene.sweep()
    scene.now += QUEUED_LEASE - MINUTE

    assert scene.sweep() == []


def test_a_message_that_got_lost_is_sent_again_when_the_lease_has_run_out() -> None:
    task = a_task()
    scene = Swept(task)
    scene.sweep()
    scene.now += QUEUED_LEASE + MINUTE

    assert scene.sweep() == [task.task]


def test_a_task_that_came_back_to_its_stage_is_queued_again() -> None:
    """Having been done once does not count against it: a reviewer may send a task back."""
    # GIVEN a task we finished at noon
    task = a_task()
    scene = Swept(task)
    scene.claim([task], State.DONE)
    assert scene.sweep() == []

    # WHEN it is at the stage once more, touched since
    scene.first.waiting = [a_task(NOON + MINUTE, task.task)]

    # THEN it is new work
    assert scene.sweep() == [task.task]


def test_a_rejected_task_stays_rejected_however_long_it_waits() -> None:
    task = a_task()
    scene = Swept(task)
    scene.claim([task], State.REJECTED)
    scene.now += 100 * QUEUED_LEASE

    assert scene.sweep() == []


def test_the_same_task_at_another_stage_is_other_work() -> None:
    task = a_task()
    scene = Swept(task)
    scene.second.waiting = [task]

    assert scene.sweep() == [task.task, task.task]
    assert {message.stage for message in scene.outbox.sent} == {FIRST, SECOND}


@pytest.mark.parametrize("gone", ["First", "Second"])
def test_a_stage_in_trouble_does_not_stop_the_other(gone: str) -> None:
    task = a_task()
    scene = Swept(task)
    scene.second.waiting = [task]
    del scene.stages[gone]

    queued, postponed = sorted(scene.outcomes(), key=lambda outcome: isinstance(outcome, Postponed))

    assert isinstance(queued, Queued)
    assert isinstance(postponed, Postponed)
    assert postponed.subject == f"stage '{gone}' of project {PROJECT}"
    assert f"has no agent stage titled '{gone}'" in postponed.reason


def test_a_fault_at_a_stage_is_named_without_its_words_and_does_not_stop_the_other() -> None:
    scene = Swept(a_task())
    scene.first.trouble = KeyError("https://signed.example/?secret")
    scene.second.waiting = [other := a_task()]

    postponed, queued = scene.outcomes()

    assert isinstance(postponed, Postponed)
    assert "KeyError at sweeping.py:" in postponed.reason
    assert "secret" not in postponed.reason
    assert queued == Queued((other.task,), PROJECT, "Second")


def test_what_was_listed_before_the_trouble_is_queued() -> None:
    tasks = some_tasks(3 * CHUNK)
    scene = Swept(*tasks)
    scene.first.trouble, scene.first.good = Retry("Encord is busy", after=7.0), 2 * CHUNK

    *queued, last = scene.outcomes()

    assert queued == [
        Queued(tuple(task.task for task in some), PROJECT, "First")
        for some in (tasks[:CHUNK], tasks[CHUNK : 2 * CHUNK])
    ]
    assert last == Postponed(f"stage 'First' of project {PROJECT}", "Encord is busy", 7.0)


@pytest.mark.parametrize(
    ("waiting", "sizes"),
    [(0, []), (1, [1]), (CHUNK, [CHUNK]), (CHUNK + 1, [1, CHUNK]), (2 * CHUNK + 50, [50, CHUNK, CHUNK])],
)
def test_messages_are_sent_a_hundred_at_a_time(waiting: int, sizes: list[int]) -> None:
    scene = Swept(*some_tasks(waiting))

    assert len(scene.sweep()) == waiting
    assert (CHUNK, sorted(scene.outbox.sizes)) == (100, sizes)


def test_tasks_whose_messages_were_refused_are_queued_by_the_next_sweep() -> None:
    scene = Swept(a_task())
    scene.outbox.trouble = Retry("SQS is busy")

    [outcome] = scene.outcomes()
    scene.outbox.trouble = None
    scene.now += MINUTE

    assert isinstance(outcome, Postponed)
    assert len(scene.sweep()) == 1


def test_after_trouble_in_sending_nothing_more_is_claimed_and_what_was_sent_is_told() -> None:
    # GIVEN an outbox that takes a hundred and then fails, and more tasks than are claimed at once
    tasks = some_tasks(3 * AT_ONCE * CHUNK)
    scene = Swept(*tasks, max_in_flight=len(tasks))
    scene.second.waiting = [a_task()]
    scene.outbox.trouble, scene.outbox.good = Retry("SQS is busy"), 1

    # WHEN a sweep runs into it
    *queued, first, second = scene.outcomes()

    # THEN exactly those that were sent are told as queued
    [told] = queued
    assert isinstance(told, Queued)
    assert list(told.tasks) == [message.task for message in scene.outbox.sent]
    assert len(told.tasks) == CHUNK
    assert first == Postponed(f"stage 'First' of project {PROJECT}", "SQS is busy")
    assert second == Postponed(f"stage 'Second' of project {PROJECT}", "SQS is busy")

    # AND what was not begun by then is not claimed, and what was not sent is queued by the next sweep
    claimed = {key.task for key in scene.claims.claims if key.stage == FIRST}
    assert claimed <= {task.task for task in tasks[: 2 * AT_ONCE * CHUNK]}
    scene.outbox.trouble = None
    scene.now += MINUTE
    assert set(scene.sweep()) == {task.task for task in [*tasks, *scene.second.waiting]} - set(told.tasks)


def test_a_task_that_a_worker_has_in_hand_keeps_its_claim_though_its_message_was_called_refused() -> None:
    task = a_task()
    scene = Swept(task)

    class TakenMeanwhile(FakeOutbox):
        def send(self, messages: Sequence[TaskMessage], *, delay: int = 0) -> None:
            super().send(messages, delay=delay)
            scene.claim([task], State.RUNNING)
            raise Retry("the answer was lost")

    scene.outbox = TakenMeanwhile()
    scene.outcomes()

    assert [claim.state for claim in scene.claims.claims.values()] == [State.RUNNING]


def test_stages_share_the_time_and_what_one_leaves_goes_to_the_next() -> None:
    # GIVEN ten seconds to share, and a first stage that takes six to list two hundred
    first, second = some_tasks(9 * CHUNK), some_tasks(3 * CHUNK)
    scene = Swept(*first)
    scene.second.waiting = second
    scene.seconds, scene.first.seconds = SPARE_SECONDS + 10, 0.03

    outcomes = scene.outcomes()

    # THEN it ends in good time, with what had its turn by then, and the second is swept to its end
    queued = [task for outcome in outcomes if isinstance(outcome, Queued) for task in outcome.tasks]
    [postponed] = [outcome for outcome in outcomes if isinstance(outcome, Postponed)]
    assert queued == [task.task for task in [*first[:CHUNK], *second]]
    assert postponed.subject == f"stage 'First' of project {PROJECT}"
    assert "time is over; the next sweep goes on" in postponed.reason


def test_no_stage_is_begun_when_the_time_is_over() -> None:
    scene = Swept(a_task())
    scene.seconds = SPARE_SECONDS

    first, second = scene.outcomes()

    assert isinstance(first, Postponed)
    assert isinstance(second, Postponed)
    assert "time is over; the next sweep goes on" in first.reason
    assert (scene.first.taken, scene.claims.claims) == (0, {})
