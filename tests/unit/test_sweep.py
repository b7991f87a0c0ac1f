"""Who gets queued: what waits at an agent stage, once per visit, whatever happens to the other stages."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.config import PipelineConfig
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.dispatch.sweep import CHUNK, GATHER_SECONDS, QUEUED_LEASE, Sweeper, WaitingTask, sweep, to_queue
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.outcomes import Postponed, Queued
from tests.fakes.claims import FakeClaims

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PROJECT = UUID(int=9)
PIPELINE = """
version: 1
stages:
""" + "".join(
    f"""
  - project: {PROJECT}
    stage: {title}
    agent: {{kind: classify, model: openai:m, classification: Animal}}
    pathways: {{otherwise: Other}}
"""
    for title in ("First", "Second")
)


class FakeStage:
    def __init__(self, *tasks: WaitingTask, title: str = "First") -> None:
        self.uuid = UUID(int=len(title))
        self.waiting = list(tasks)

    def tasks(self) -> list[WaitingTask]:
        return list(self.waiting)


class FakeStages(dict[str, FakeStage]):
    def titled(self, project: UUID, title: str) -> FakeStage:
        if title not in self:
            raise Misconfigured(f"project {project} has no agent stage titled '{title}'")
        return self[title]


class FakeOutbox:
    def __init__(self) -> None:
        self.sent: list[TaskMessage] = []
        self.delays: list[int] = []
        self.sizes: list[int] = []
        self.trouble: Retry | None = None
        self.good = 0
        """How many sends go well before the trouble."""

    def send(self, messages: Sequence[TaskMessage], *, delay: int = 0) -> None:
        if self.trouble and len(self.sizes) >= self.good:
            raise self.trouble
        self.sizes.append(len(messages))
        self.sent += messages
        self.delays.append(delay)


class Scene:
    """Two configured stages; `now` is what the claims' clock says."""

    def __init__(self, *tasks: WaitingTask) -> None:
        self.now = NOON
        self.claims = FakeClaims(lambda: self.now)
        self.outbox = FakeOutbox()
        self.first = FakeStage(*tasks)
        self.stages = FakeStages(First=self.first, Second=FakeStage(title="Second"))
        pipeline = PipelineConfig.parse("p.yaml", PIPELINE)
        self.sweeper = Sweeper(pipeline, self.stages, self.claims, self.outbox)

    def sweep(self) -> list[UUID]:
        """The tasks queued now."""
        return [outcome.task for outcome in sweep(self.sweeper, self.now) if isinstance(outcome, Queued)]

    def finish(self, task: WaitingTask, state: State) -> None:
        key = TaskKey(self.first.uuid, task.task)
        [ours] = self.claims.start([Claim(key, State.RUNNING, task.updated_at, self.now + MINUTE, "m1")])
        self.claims.finish([ours], state)


def a_task(updated_at: datetime = NOON, task: UUID | None = None) -> WaitingTask:
    return WaitingTask(task or uuid4(), uuid4(), "cat.jpg", "main", updated_at)


def test_a_waiting_task_is_queued_with_all_that_a_worker_needs() -> None:
    task = a_task()
    scene = Scene(task)

    assert scene.sweep() == [task.task]

    [message] = scene.outbox.sent
    assert (message.project, message.stage, message.task, message.data) == (PROJECT, UUID(int=5), task.task, task.data)
    assert (message.title, message.branch, message.updated_at, message.swept_at) == ("cat.jpg", "main", NOON, NOON)
    assert GATHER_SECONDS in scene.outbox.delays


def test_the_stages_own_order_is_kept() -> None:
    tasks = [a_task() for _ in range(50)]

    assert Scene(*tasks).sweep() == [task.task for task in tasks]


def test_a_queued_task_is_not_queued_again_while_its_message_is_due() -> None:
    scene = Scene(a_task())
    scene.sweep()
    scene.now += QUEUED_LEASE - MINUTE

    assert scene.sweep() == []


def test_a_message_that_got_lost_is_sent_again_when_the_lease_has_run_out() -> None:
    task = a_task()
    scene = Scene(task)
    scene.sweep()
    scene.now += QUEUED_LEASE + MINUTE

    assert scene.sweep() == [task.task]


def test_a_task_that_came_back_to_its_stage_is_queued_again() -> None:
    """Having been done once does not count against it: a reviewer may send a task back."""
    # GIVEN a task we finished at noon
    task = a_task()
    scene = Scene(task)
    scene.finish(task, State.DONE)
    assert scene.sweep() == []

    # WHEN it is at the stage once more, touched since
    scene.first.waiting = [a_task(NOON + MINUTE, task.task)]

    # THEN it is new work
    assert scene.sweep() == [task.task]


def test_a_rejected_task_stays_rejected_however_long_it_waits() -> None:
    task = a_task()
    scene = Scene(task)
    scene.finish(task, State.REJECTED)
    scene.now += 100 * QUEUED_LEASE

    assert scene.sweep() == []


def test_the_same_task_at_another_stage_is_other_work() -> None:
    task = a_task()
    scene = Scene(task)
    scene.stages["Second"].waiting = [task]

    assert scene.sweep() == [task.task, task.task]
    assert {message.stage for message in scene.outbox.sent} == {UUID(int=5), UUID(int=6)}


@pytest.mark.parametrize("gone", ["First", "Second"])
def test_a_stage_in_trouble_does_not_stop_the_other(gone: str) -> None:
    task = a_task()
    scene = Scene(task)
    scene.stages["Second"].waiting = [task]
    del scene.stages[gone]

    queued, postponed = sorted(sweep(scene.sweeper, NOON), key=lambda outcome: isinstance(outcome, Postponed))

    assert isinstance(queued, Queued)
    assert isinstance(postponed, Postponed)
    assert postponed.subject == f"stage '{gone}' of project {PROJECT}"
    assert f"has no agent stage titled '{gone}'" in postponed.reason


def test_tasks_whose_messages_were_refused_are_queued_when_their_lease_has_run_out() -> None:
    scene = Scene(a_task())
    scene.outbox.trouble = Retry("SQS is busy")

    [outcome] = sweep(scene.sweeper, NOON)
    scene.outbox.trouble = None
    scene.now += QUEUED_LEASE + MINUTE

    assert isinstance(outcome, Postponed)
    assert len(scene.sweep()) == 1


@pytest.mark.parametrize(
    ("waiting", "sizes"),
    [(0, []), (1, [1]), (CHUNK, [CHUNK]), (CHUNK + 1, [CHUNK, 1]), (2 * CHUNK + 50, [CHUNK, CHUNK, 50])],
)
def test_messages_are_sent_a_hundred_at_a_time(waiting: int, sizes: list[int]) -> None:
    scene = Scene(*(a_task() for _ in range(waiting)))

    assert len(scene.sweep()) == waiting
    assert (CHUNK, scene.outbox.sizes) == (100, sizes)


def test_what_was_sent_before_the_trouble_is_queued_and_the_rest_waits() -> None:
    # GIVEN an outbox that takes one hundred and then fails
    tasks = [a_task() for _ in range(2 * CHUNK + 50)]
    ids = [task.task for task in tasks]
    scene = Scene(*tasks)
    scene.stages["Second"].waiting = [other := a_task()]
    scene.outbox.trouble, scene.outbox.good = Retry("SQS is busy"), 1

    # WHEN a sweep runs into it
    *queued, first, _ = sweep(scene.sweeper, NOON)

    # THEN the first hundred are reported as queued, and the third chunk was not even claimed
    assert queued == [Queued(task, PROJECT, "First") for task in ids[:CHUNK]]
    assert first == Postponed(f"stage 'First' of project {PROJECT}", "SQS is busy")
    assert [key.task for key in scene.claims.claims if key.stage == scene.first.uuid] == ids[: 2 * CHUNK]

    # AND the next sweep queues what was not claimed; what was, as soon as its lease has run out
    scene.outbox.trouble = None
    assert scene.sweep() == ids[2 * CHUNK :]
    scene.outbox.sent.clear()
    scene.first.waiting = tasks[CHUNK : 2 * CHUNK]
    scene.now += QUEUED_LEASE + MINUTE
    assert scene.sweep() == [*ids[CHUNK : 2 * CHUNK], other.task]


def test_of_two_sweeps_that_saw_the_same_claims_one_queues_a_task() -> None:
    """Both read before either writes: the table's condition decides, not the reading."""
    scene = Scene(a_task(), a_task())
    other = FakeOutbox()

    class Overlapped(FakeClaims):
        def read(self, keys: list[TaskKey]) -> dict[TaskKey, Claim]:
            before = scene.claims.read(keys)
            sweep(Sweeper(scene.sweeper.pipeline, scene.stages, scene.claims, other), NOON)
            return before

    overlapped = Overlapped(lambda: NOON)
    overlapped.claims = scene.claims.claims
    sweep(Sweeper(scene.sweeper.pipeline, scene.stages, overlapped, scene.outbox), NOON)

    assert (len(scene.outbox.sent), len(other.sent)) == (0, 2)


TASKS = [a_task() for _ in range(6)]
SEEN = st.lists(st.sampled_from(TASKS), unique=True)


@given(SEEN, SEEN, st.lists(st.booleans(), max_size=12))
def test_two_sweeps_in_any_interleaving_never_both_get_a_key(
    left: list[WaitingTask], right: list[WaitingTask], turns: list[bool]
) -> None:
    claims = FakeClaims(lambda: NOON)
    stage = UUID(int=1)
    # GIVEN two sweeps that both read the claims before either wrote
    waiting = {True: to_queue(stage, left, {}, NOON), False: to_queue(stage, right, {}, NOON)}
    got: dict[bool, set[TaskKey]] = {True: set(), False: set()}

    # WHEN they write their claims in any order
    for turn in [*turns, *[True] * 6, *[False] * 6]:
        if waiting[turn]:
            task = waiting[turn].pop(0)
            got[turn] |= claims.queue([Claim(TaskKey(stage, task.task), State.QUEUED, NOON, NOON + QUEUED_LEASE)])

    # THEN each key is one's, and none is lost
    assert not got[True] & got[False]
    assert {key.task for key in got[True] | got[False]} == {task.task for task in [*left, *right]}
