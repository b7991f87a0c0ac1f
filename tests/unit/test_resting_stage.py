"""A stage that asks nothing of Encord while Encord rests, and what counts as Encord's failure."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

import pytest

from encord_lambda.agent_stage import Visit
from encord_lambda.breakers import FAILURES, Breakers
from encord_lambda.errors import Deferred, Misconfigured, Reject, Retry, Skip, Trouble
from encord_lambda.resting_stage import RestingStage, RestingStages
from tests.fakes.scene import FIRST, NOON, PROJECT, SECOND, STAGE, TASKS, THIRD, Scene, data
from tests.fakes.stages import FakeRow, FakeStage, FakeStages

BUSY = Retry("HTTP 503")
LIMITED = Retry("HTTP 429", after=30.0)
DATA = {task: data(task) for task in TASKS}
VISITS = {task: Visit(unit, NOON) for task, unit in DATA.items()}
MOVES = dict.fromkeys(TASKS, "Cat")

type Step = Callable[[RestingStage[FakeRow], Mapping[UUID, FakeRow]], Collection[UUID]]
STEPS: dict[str, Step] = {
    "waiting": lambda stage, _: stage.waiting(DATA.values()),
    "rows": lambda stage, _: stage.rows(DATA.values(), "main"),
    "open": lambda stage, rows: stage.open(rows),
    "open afresh": lambda stage, rows: stage.open_afresh(rows),
    "save": lambda stage, rows: stage.save(rows),
}


class Resting:
    """A scene whose Encord may rest."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.now = 0.0
        self.breakers = Breakers(lambda: self.now, lambda: 0.0)
        self.stages = RestingStages(self.scene.stages, self.breakers)
        self.stage = self.stages.stage(PROJECT, STAGE)
        self.rows = {task: self.scene.row(task) for task in TASKS}

    @property
    def inner(self) -> FakeStage:
        return self.scene.stage

    def rests(self) -> bool:
        asked = len(self.inner.asked)
        try:
            self.stage.waiting(DATA.values())
        except Deferred:
            assert len(self.inner.asked) == asked
            return True
        return False

    def limit(self) -> None:
        """Encord wants to be left alone."""
        self.inner.fails["waiting"] = LIMITED
        with pytest.raises(Retry, match="HTTP 429"):
            self.stage.waiting(DATA.values())
        del self.inner.fails["waiting"]


def test_it_is_the_same_stage() -> None:
    resting = Resting()

    assert (resting.stage.title, resting.stage.pathways) == (resting.inner.title, resting.inner.pathways)
    assert resting.stage.waiting(DATA.values()) == set(TASKS)
    assert resting.stage.rows(DATA.values(), "main").keys() == set(DATA.values())
    assert resting.stage.open(resting.rows) == resting.stage.open_afresh(resting.rows) == {}
    assert resting.stage.save(resting.rows) == resting.stage.proceed(MOVES, VISITS) == {}
    steps = ["waiting", "rows", "open", "open afresh", "save", "proceed"]
    assert resting.inner.asked == [(step, len(TASKS)) for step in steps]


@pytest.mark.parametrize("step", STEPS)
def test_each_step_counts_and_each_is_deferred(step: str) -> None:
    resting = Resting()
    resting.inner.fails[step] = BUSY
    for _ in range(FAILURES):
        with pytest.raises(Retry, match="HTTP 503"):
            STEPS[step](resting.stage, resting.rows)

    with pytest.raises(Deferred, match=r"^Encord rests until it can be asked again: HTTP 503$"):
        STEPS[step](resting.stage, resting.rows)
    assert len(resting.inner.asked) == FAILURES


def test_tasks_that_cannot_proceed_now_are_deferred_one_and_all() -> None:
    resting = Resting()
    resting.limit()

    refused = resting.stage.proceed(MOVES, VISITS)

    assert refused.keys() == set(TASKS)
    assert {type(trouble) for trouble in refused.values()} == {Deferred}
    assert resting.inner.moved == {}


@pytest.mark.parametrize("refused", [(), TASKS[:2]])
def test_a_step_that_did_something_is_an_answer(refused: tuple[UUID, ...]) -> None:
    resting = Resting()
    resting.inner.refuses = {("save", task): LIMITED for task in refused}
    resting.stage.save(resting.rows)

    assert not resting.rests()


def test_a_step_that_fails_for_all_tasks_for_now_is_a_failure() -> None:
    resting = Resting()
    resting.inner.refuses = {("proceed", FIRST): BUSY, ("proceed", SECOND): LIMITED, ("proceed", THIRD): BUSY}

    assert resting.stage.proceed(MOVES, VISITS) == {FIRST: BUSY, SECOND: LIMITED, THIRD: BUSY}

    assert resting.rests()
    resting.now = LIMITED.after
    assert not resting.rests()


@pytest.mark.parametrize("trouble", [Reject("stale"), Skip("gone"), Misconfigured("may not see it")])
def test_a_refusal_of_all_tasks_is_an_answer(trouble: Trouble) -> None:
    resting = Resting()
    resting.inner.refuses = {("save", task): trouble for task in TASKS}
    for _ in range(FAILURES):
        resting.stage.save(resting.rows)

    assert not resting.rests()


def test_a_project_that_is_gone_does_not_stop_the_others() -> None:
    resting = Resting()
    for _ in range(2 * FAILURES):
        with pytest.raises(Misconfigured):
            resting.stages.stage(PROJECT, UUID(int=77))

    assert not resting.rests()


def test_where_there_is_nothing_to_ask_for_nobody_is_asked() -> None:
    resting = Resting()
    resting.limit()
    before = list(resting.inner.asked)

    assert resting.stage.waiting(set()) == set()
    assert resting.stage.open({}) == resting.stage.open_afresh({}) == resting.stage.save({}) == {}
    assert resting.stage.proceed({}, {}) == {}
    assert resting.inner.asked == before


def test_stages_that_are_known_from_before_say_nothing_of_encord() -> None:
    """Else a worker whose project is kept would never find out: each group begins with its stage."""
    resting = Resting()
    resting.inner.fails["waiting"] = BUSY
    for _ in range(FAILURES):
        with pytest.raises(Retry, match="HTTP 503"):
            resting.stages.stage(PROJECT, STAGE).waiting(DATA.values())

    assert resting.rests()
    with pytest.raises(Deferred):
        resting.stages.stage(PROJECT, STAGE)


def test_a_stage_that_cannot_be_found_now_is_a_failure_like_any() -> None:
    class Unreachable(FakeStages):
        def stage(self, *_: UUID) -> FakeStage:
            raise BUSY

    stages = RestingStages(Unreachable(), Breakers(lambda: 0.0, lambda: 0.0))
    for _ in range(FAILURES):
        with pytest.raises(Retry, match="HTTP 503"):
            stages.stage(PROJECT, STAGE)

    with pytest.raises(Deferred):
        stages.stage(PROJECT, STAGE)


def test_one_group_at_a_time_finds_out_whether_encord_is_back() -> None:
    resting = Resting()
    resting.limit()
    resting.now = LIMITED.after

    again = resting.stages.stage(PROJECT, STAGE)
    resting.inner.fails["waiting"] = BUSY
    with pytest.raises(Retry, match="HTTP 503"):
        again.waiting(DATA.values())

    assert resting.rests()
