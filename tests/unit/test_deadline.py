"""Models that take too long: what is answered in time is done, the rest is handed back and costs nothing more."""

import concurrent.futures
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import Future

import pytest

from encord_lambda import stage_run
from encord_lambda.agents.agent import DataUnit, Decision, Question, Tools
from encord_lambda.agents.classify import ClassifyAgent
from encord_lambda.deadlines import LAST_WORDS, LATE, RESERVE_SECONDS
from encord_lambda.dispatch.claims import State
from encord_lambda.outcomes import Postponed
from tests.fakes.scene import FAILED, FIRST, SECOND, TASKS, Scene, a_record
from tests.fakes.stages import ScriptedModel, cat

PATIENCE = 30.0
LONG = 600.0
ONE_AT_A_TIME = FAILED + "limits: {model_calls: 1}\n"


class Slow:
    """A model that is asked one question at a time, and is still busy with one of them when the time runs out."""

    def __init__(self, answered: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answered = answered
        self.begun, self.release = threading.Event(), threading.Event()
        self.scene = Scene(ONE_AT_A_TIME, time_left=self.time_left, model=ScriptedModel(self.says))
        monkeypatch.setattr(stage_run, "wait", lambda *_, **__: self.begun.wait(PATIENCE))

    def says(self, question: Question) -> str:
        if len(self.scene.model.questions) > self.answered and not self.release.is_set():
            self.begun.set()
            assert self.release.wait(PATIENCE)
        return cat(question)

    def time_left(self) -> float:
        """The reserve alone is left once the late question was begun, and so the others were answered."""
        return RESERVE_SECONDS if self.begun.is_set() else LONG


@pytest.fixture
def slow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """It answers as many questions as the test says, else none."""
    made = Slow(getattr(request, "param", 0), monkeypatch)
    yield made
    made.release.set()


@pytest.mark.parametrize("slow", [0, 1, 2], indirect=True)
def test_what_is_not_answered_in_time_is_postponed_alone(slow: Slow) -> None:
    result = slow.scene.run()
    scene = slow.scene

    done = [task for task in TASKS if task in scene.stage.moved]
    late = [task for task in TASKS if task not in done]
    assert len(done) == slow.answered
    assert scene.untouched(*done)
    assert sorted(result.keep) == [f"m{task.int}" for task in late]
    for task in late:
        [postponed] = scene.of(task)
        assert isinstance(postponed, Postponed)
        assert "time ran out" in postponed.reason
        assert (scene.state(task), task in scene.stage.saved) == (State.QUEUED, False)


def test_a_question_not_begun_in_time_is_never_asked(slow: Slow) -> None:
    slow.scene.run()

    assert len(slow.scene.model.questions) == 1


@pytest.mark.parametrize("slow", [1], indirect=True)
def test_what_came_too_late_is_done_when_its_message_comes_back(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a batch of which one task was answered in time
    kept = slow.scene.run().keep
    monkeypatch.undo()

    # WHEN the messages of the others come back, to a worker with time
    slow.release.set()
    slow.scene.time_left = lambda: LONG
    slow.scene.run(*(a_record(task) for task in TASKS if f"m{task.int}" in kept))

    # THEN all have moved
    assert slow.scene.stage.moved == dict.fromkeys(TASKS, "Cat")
    assert slow.scene.result.keep == []


@pytest.mark.parametrize("left", [RESERVE_SECONDS, 0.0, -1.0])
def test_a_worker_without_time_asks_nobody_and_postpones_all(left: float) -> None:
    scene = Scene(time_left=lambda: left)

    assert sorted(scene.run().keep) == ["m1", "m2", "m3"]

    assert scene.result.outcomes == [Postponed(str(task), LATE, after=3) for task in TASKS]
    assert (scene.model.questions, scene.stage.asked) == ([], [])


def test_a_worker_without_time_does_not_even_ask_for_the_project() -> None:
    scene = Scene(time_left=lambda: RESERVE_SECONDS)
    scene.stages.clear()  # whoever asks for the stage is told that there is none
    scene.run()

    assert scene.result.outcomes == [Postponed(str(task), LATE, after=3) for task in TASKS]


def test_when_listing_took_all_the_time_no_model_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(FAILED)
    scene.time_left = lambda: RESERVE_SECONDS if ("rows", 3) in scene.stage.asked else LONG
    begun: list[DataUnit] = []
    monkeypatch.setattr(ClassifyAgent, "decide", lambda _, unit, __: begun.append(unit))

    assert sorted(scene.run().keep) == ["m1", "m2", "m3"]

    assert begun == []
    assert scene.stage.moved == {}


def test_a_postponed_task_makes_no_further_call_when_its_thread_wakes_up(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent that asks twice is busy with its first question when the time runs out."""
    asks_once, ended = ClassifyAgent.decide, threading.Event()

    def asks_twice(agent: ClassifyAgent, unit: DataUnit, tools: Tools) -> Decision:
        try:
            asks_once(agent, unit, tools)
            return asks_once(agent, unit, tools)
        finally:
            ended.set()

    monkeypatch.setattr(ClassifyAgent, "decide", asks_twice)
    slow.scene.run(a_record(FIRST))

    slow.release.set()

    assert ended.wait(PATIENCE)
    assert len(slow.scene.model.questions) == 1


def test_agents_are_told_how_much_of_their_own_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    asks = ClassifyAgent.decide

    def tells(agent: ClassifyAgent, unit: DataUnit, tools: Tools) -> Decision:
        told.append(tools.time_left())
        return asks(agent, unit, tools)

    monkeypatch.setattr(ClassifyAgent, "decide", tells)
    Scene(time_left=lambda: LONG).run(a_record(FIRST))

    assert told == [LONG - RESERVE_SECONDS - LAST_WORDS]


# Several groups in one batch: FIRST and SECOND are on different branches


def hung(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The model hangs at FIRST's picture until its group's share is over; how long was waited for each group."""
    left, waits, release = [scene.time_left()], list[float](), threading.Event()
    monkeypatch.setattr(scene, "time_left", lambda: left[0])

    def says(question: Question) -> str:
        if question.pictures[0].content == b"url1":
            assert release.wait(PATIENCE)
        return cat(question)

    def wait(futures: Collection[Future[Decision]], timeout: float) -> None:
        waits.append(timeout)
        if len(waits) == 1:
            left[0] -= timeout
        else:
            concurrent.futures.wait(futures, timeout=PATIENCE)
            release.set()

    scene.model.says = says
    monkeypatch.setattr(stage_run, "wait", wait)
    return waits


def test_a_group_that_used_up_its_share_leaves_the_next_one_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(time_left=lambda: LONG)
    waits = hung(scene, monkeypatch)

    assert scene.run(a_record(FIRST), a_record(SECOND, branch="second")).keep == ["m1"]

    assert waits == [LONG / 2 - RESERVE_SECONDS, LONG / 2]
    assert scene.of(FIRST) == [Postponed(str(FIRST), LATE, after=3)]
    assert scene.untouched(SECOND)


def test_a_group_for_which_nothing_is_left_is_handed_back_before_anybody_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene(time_left=lambda: 3 * RESERVE_SECONDS)
    waits = hung(scene, monkeypatch)

    assert sorted(scene.run(a_record(FIRST), a_record(SECOND, branch="second")).keep) == ["m1", "m2"]

    assert waits == [2 * RESERVE_SECONDS]
    assert scene.of(SECOND) == [Postponed(str(SECOND), LATE, after=3)]
    assert scene.stage.branches == {"main"}


def test_what_a_group_does_not_need_is_the_next_ones() -> None:
    scene = Scene(time_left=lambda: 3 * RESERVE_SECONDS)

    assert scene.run(a_record(FIRST), a_record(SECOND, branch="second")).keep == []

    assert scene.untouched(FIRST, SECOND)
