"""Models that take too long."""

import threading

import pytest

from encord_lambda.agents.agent import Question
from encord_lambda.dispatch.claims import State
from encord_lambda.outcomes import Postponed, Result
from encord_lambda.stage_run import RESERVE_SECONDS
from tests.fakes.scene import (
    FAILED,
    TASKS,
    Scene,
    a_record,
)
from tests.fakes.stages import ScriptedModel, cat

# Models that take too long


class Slow:
    """A model that is asked one question at a time, and is still busy with one of them when the time runs out."""

    def __init__(self, answered: int) -> None:
        self.answered = answered
        self.begun, self.release = threading.Event(), threading.Event()
        pipeline = FAILED + "limits: {model_calls: 1}\n"
        self.scene = Scene(pipeline, time_left=self.time_left, model=ScriptedModel(self.says))

    def says(self, question: Question) -> str:
        if len(self.scene.model.questions) > self.answered:
            self.begun.set()
            self.release.wait(30)
        return cat(question)

    def time_left(self) -> float:
        """The reserve alone is left once the late question was begun, and so the others were answered."""
        assert self.begun.wait(30)
        return RESERVE_SECONDS

    def run(self) -> Result:
        try:
            return self.scene.run()
        finally:
            self.release.set()


@pytest.mark.parametrize("answered", [0, 1, 2])
def test_what_is_not_answered_in_time_is_postponed_alone(answered: int) -> None:
    slow = Slow(answered)
    result = slow.run()
    scene = slow.scene

    done = [task for task in TASKS if task in scene.stage.moved]
    late = [task for task in TASKS if task not in done]
    assert len(done) == answered
    assert scene.untouched(*done)
    assert sorted(result.keep) == [f"m{task.int}" for task in late]
    for task in late:
        assert scene.of(task) == [Postponed(str(task), "the function's time ran out before the model answered")]
        assert (scene.state(task), task in scene.stage.saved) == (State.RUNNING, False)


def test_a_question_not_begun_in_time_is_never_asked() -> None:
    slow = Slow(answered=0)
    slow.run()

    assert len(slow.scene.model.questions) == 1


def test_what_came_too_late_is_done_when_its_message_comes_back() -> None:
    # GIVEN a batch of which one task was answered in time
    slow = Slow(answered=1)
    kept = slow.run().keep

    # WHEN the messages of the others come back, to a worker with time
    slow.scene.time_left = lambda: 600.0
    slow.scene.model.says = cat
    slow.scene.run(*(a_record(task) for task in TASKS if f"m{task.int}" in kept))

    # THEN all have moved
    assert slow.scene.stage.moved == dict.fromkeys(TASKS, "Cat")
    assert slow.scene.result.keep == []


def test_a_worker_without_time_postpones_all() -> None:
    release = threading.Event()
    scene = Scene(time_left=lambda: -1.0)
    scene.model.says = lambda question: cat(question) if release.wait(30) else ""

    try:
        assert sorted(scene.run().keep) == ["m1", "m2", "m3"]
    finally:
        release.set()
    assert {type(outcome) for outcome in scene.result.outcomes} == {Postponed}
    assert (scene.stage.saved, scene.stage.moved) == ({}, {})
