"""A batch of messages, from claims to outcomes: every kind of trouble at every step, and nobody else's affair."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

import pytest

from encord_lambda import execution
from encord_lambda.agents.agent import Question
from encord_lambda.config import PipelineConfig
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.dispatch.messages import SqsRecord, TaskMessage
from encord_lambda.errors import Misconfigured, Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Labelled, Outcome, Postponed, Rejected, Result, Routed, Skipped
from encord_lambda.stage_run import RESERVE_SECONDS
from tests.fakes.claims import FakeClaims
from tests.fakes.stages import FakeRow, FakeStage, FakeStages, ScriptedModel, ScriptedPictures, cat, tools

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROJECT, STAGE = UUID(int=9), UUID(int=8)
PIPELINE = f"""
version: 1
stages:
  - project: {PROJECT}
    stage: Agent 1
    agent: {{kind: classify, model: openai:m, classification: Animal}}
    pathways: {{Cat: Cat, otherwise: Other}}
"""
FAILED = PIPELINE.replace("otherwise: Other", "otherwise: Other, failed: Dog")
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))
TASKS = (FIRST, SECOND, THIRD)
TROUBLES = [Retry("busy"), Misconfigured("mend it"), Reject("never")]
KINDS: dict[type[Trouble], type[Postponed | Rejected]] = {Retry: Postponed, Misconfigured: Postponed, Reject: Rejected}


def data(task: UUID) -> UUID:
    return UUID(int=task.int + 100)


def key(task: UUID) -> TaskKey:
    return TaskKey(STAGE, task)


def a_record(task: UUID, message: str = "", stage: UUID = STAGE, branch: str = "main") -> SqsRecord:
    body = TaskMessage(
        version=1,
        project=PROJECT,
        stage=stage,
        task=task,
        data=data(task),
        title="cat.jpg",
        branch=branch,
        updated_at=NOON,
        swept_at=NOON,
    )
    return SqsRecord(messageId=message or f"m{task.int}", body=body.model_dump_json())


@dataclass
class Scene:
    """One stage where three tasks wait; every picture shows a cat."""

    pipeline: str = PIPELINE
    now: datetime = NOON
    time_left: Callable[[], float] = lambda: 600.0
    stage: FakeStage = field(default_factory=FakeStage)
    model: ScriptedModel = field(default_factory=ScriptedModel)
    result: Result = field(default_factory=Result)

    def __post_init__(self) -> None:
        self.stages = FakeStages({STAGE: self.stage})
        self.claims = FakeClaims(lambda: self.now)
        self.tools = tools(model=self.model)
        for task in TASKS:
            self.stage.add(task, data(task), f"url{task.int}")

    def run(self, *records: SqsRecord) -> Result:
        bench = execution.Workbench(
            PipelineConfig.parse("pipeline.yaml", self.pipeline), self.stages, self.claims, self.tools
        )
        batch = records or [a_record(task) for task in TASKS]
        self.result = execution.run(batch, lambda: bench, self.now, self.time_left)
        return self.result

    def of(self, task: UUID) -> list[Outcome]:
        """What became of a task, in order."""
        mine = [str(task)]
        return [o for o in self.result.outcomes if [str(getattr(o, "task", getattr(o, "subject", "")))] == mine]

    def kinds(self, task: UUID) -> list[type[Outcome]]:
        return [type(outcome) for outcome in self.of(task)]

    def state(self, task: UUID) -> State:
        return self.claims.claims[key(task)].state

    def row(self, task: UUID) -> FakeRow:
        return self.stage.known[data(task)]

    def untouched(self, *neighbours: UUID) -> bool:
        """Whether these went all the way, whatever befell the others."""
        return all(
            self.kinds(task) == [Labelled, Routed]
            and self.stage.moved.get(task) == "Cat"
            and self.stage.saved[task] == {"Animal": "Cat"}
            and self.state(task) is State.DONE
            and f"m{task.int}" not in self.result.keep
            for task in neighbours
        )


def reason(outcomes: list[Outcome]) -> str:
    [outcome] = outcomes
    return cast("Postponed | Rejected | Skipped", outcome).reason


def test_three_waiting_tasks_are_labelled_and_routed() -> None:
    scene = Scene()

    assert scene.run().keep == []

    assert scene.untouched(*TASKS)
    assert scene.of(FIRST) == [
        Labelled(FIRST, "Agent 1", added=1, replaced=0, confidence=0.9, model_seconds=0.5),
        Routed(FIRST, "Agent 1", "Cat", "openai:m answered Cat at 0.90"),
    ]


def test_a_group_makes_one_request_per_step() -> None:
    scene = Scene()
    scene.run()

    assert scene.stage.asked == [("waiting", 3), ("rows", 3), ("save", 3), ("proceed", 3)]


def test_no_more_model_calls_are_under_way_than_allowed() -> None:
    scene = Scene(PIPELINE + "limits: {model_calls: 1}\n")
    scene.run()

    assert (len(scene.model.questions), scene.model.at_once) == (3, 1)


def test_each_branch_is_a_group_of_its_own() -> None:
    scene = Scene()
    scene.run(a_record(FIRST), a_record(SECOND, branch="second"), a_record(THIRD))

    assert scene.untouched(*TASKS)
    assert scene.stage.branches == {"main", "second"}
    assert [size for step, size in scene.stage.asked if step == "rows"] == [2, 1]


def test_an_empty_batch_does_nothing() -> None:
    def workbench() -> execution.Workbench[FakeRow]:
        raise Misconfigured("not to be set up")

    assert execution.run([], workbench, NOON, lambda: 600.0) == Result()


def test_an_answer_without_a_pathway_of_its_own_takes_otherwise() -> None:
    scene = Scene()
    scene.tools = tools(lambda _: '{"answer": "Dog", "confidence": 1}')
    scene.run(a_record(FIRST))

    assert scene.stage.moved == {FIRST: "Other"}


def test_no_option_writes_no_label_and_takes_otherwise() -> None:
    scene = Scene()
    scene.tools = tools(lambda _: '{"answer": null, "confidence": 0.2}')
    scene.run(a_record(FIRST))

    assert scene.stage.saved == {}
    assert scene.of(FIRST) == [Routed(FIRST, "Agent 1", "Other", "openai:m answered none of the options at 0.20")]


def test_no_option_takes_the_label_of_an_earlier_run_away() -> None:
    scene = Scene()
    scene.tools = tools(lambda _: '{"answer": null, "confidence": 0.2}')
    scene.row(FIRST).earlier = {"Animal": "Cat"}
    scene.run(a_record(FIRST))

    assert scene.stage.saved == {FIRST: {}}
    assert scene.of(FIRST)[0] == Labelled(FIRST, "Agent 1", added=0, replaced=1, confidence=0.2, model_seconds=0.5)
    assert scene.stage.moved == {FIRST: "Other"}


@pytest.mark.parametrize(("person", "pathway"), [("Cat", "Cat"), ("Dog", "Other")])
@pytest.mark.parametrize(
    ("says", "said"), [('"Cat"', "Cat"), ('"Dog"', "Dog"), ("null", "none of the options")], ids=["cat", "dog", "none"]
)
def test_a_persons_answer_stands_and_chooses_the_pathway(person: str, pathway: str, says: str, said: str) -> None:
    scene = Scene()
    scene.model.says = lambda question: (
        f'{{"answer": {says}, "confidence": 0.9}}' if question.picture.content == b"url1" else cat(question)
    )
    scene.row(FIRST).person = person

    assert scene.run().keep == []

    why = f"'{person}' was answered before and stands; openai:m answered {said} at 0.90"
    assert scene.of(FIRST) == [Routed(FIRST, "Agent 1", pathway, why)]
    assert FIRST not in scene.stage.saved
    assert (scene.stage.moved[FIRST], scene.state(FIRST)) == (pathway, State.DONE)
    assert scene.untouched(SECOND, THIRD)


def test_a_label_of_an_earlier_run_is_counted_as_replaced() -> None:
    scene = Scene()
    scene.row(FIRST).earlier = {"Animal": "Dog"}
    scene.run()

    assert scene.of(FIRST)[0] == Labelled(FIRST, "Agent 1", added=0, replaced=1, confidence=0.9, model_seconds=0.5)


# Trouble of all at once


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: type(trouble).__name__)
@pytest.mark.parametrize("step", ["waiting", "rows", "save", "proceed"])
def test_a_step_that_fails_for_all_leaves_every_message(step: str, trouble: Trouble) -> None:
    scene = Scene()
    scene.stage.fails[step] = trouble

    assert sorted(scene.run().keep) == ["m1", "m2", "m3"]

    kind = KINDS[type(trouble)]
    assert all(scene.kinds(task)[-1] is kind for task in TASKS)
    assert {scene.state(task) for task in TASKS} == {State.REJECTED if kind is Rejected else State.RUNNING}
    assert scene.stage.moved == {}


def test_a_stage_that_cannot_be_opened_leaves_its_messages_and_no_others() -> None:
    scene = Scene()
    scene.run(a_record(FIRST), a_record(SECOND, stage=UUID(int=7)))

    assert scene.result.keep == ["m2"]
    assert reason(scene.of(SECOND)) == f"project {PROJECT} has no agent stage {UUID(int=7)}"
    assert scene.untouched(FIRST)


def test_a_stage_that_pipeline_yaml_does_not_name_is_rejected() -> None:
    scene = Scene(stage=FakeStage("Agent 2"))
    scene.run(a_record(FIRST))

    assert reason(scene.of(FIRST)) == f"pipeline.yaml names no agent for stage 'Agent 2' of project {PROJECT}"
    assert (scene.result.keep, scene.state(FIRST)) == (["m1"], State.REJECTED)


def test_a_pathway_that_does_not_exist_postpones_all_and_says_which_there_are() -> None:
    scene = Scene(PIPELINE.replace("Cat: Cat", "Cat: Kat"))
    scene.run()

    assert {type(outcome) for outcome in scene.result.outcomes} == {Postponed}
    assert reason(scene.of(FIRST)) == (
        "pipeline.yaml: stage 'Agent 1' has no pathway 'Kat'; it has: 'Cat', 'Dog', 'Other'"
    )
    assert scene.stage.asked == []


def test_a_missing_classification_postpones_the_tasks() -> None:
    scene = Scene(PIPELINE.replace("Animal", "Beast"))
    scene.run()

    assert sorted(scene.result.keep) == ["m1", "m2", "m3"]
    assert "the ontology has no classification titled 'Beast'" in reason(scene.of(FIRST))


# Trouble of one alone


def trouble_at(scene: Scene, step: str, trouble: Trouble) -> None:
    """FIRST is in trouble at this step."""
    match step:
        case "unit":
            scene.row(FIRST).trouble = trouble
        case "picture":
            cast("ScriptedPictures", scene.tools.pictures).troubles["url1"] = trouble
        case "write":
            scene.row(FIRST).unwritable = trouble
        case "model":
            scene.model.says = lambda question: answer_or(question, trouble)
        case _:
            scene.stage.refuses[step, FIRST] = trouble


def answer_or(question: Question, trouble: Trouble) -> str:
    if question.picture.content == b"url1":
        raise trouble
    return '{"answer": "Cat", "confidence": 0.9}'


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: type(trouble).__name__)
@pytest.mark.parametrize("step", ["unit", "picture", "model", "write", "save", "proceed"])
def test_one_in_trouble_falls_out_alone(step: str, trouble: Trouble) -> None:
    scene = Scene()
    trouble_at(scene, step, trouble)

    assert scene.run().keep == ["m1"]

    assert scene.of(FIRST)[-1] == KINDS[type(trouble)](str(FIRST), trouble.reason)
    assert scene.state(FIRST) is (State.REJECTED if isinstance(trouble, Reject) else State.RUNNING)
    assert FIRST not in scene.stage.moved
    assert scene.untouched(SECOND, THIRD)


@pytest.mark.parametrize("step", ["unit", "picture", "model", "write", "save"])
def test_what_cannot_be_saved_is_not_called_labelled(step: str) -> None:
    scene = Scene()
    trouble_at(scene, step, Reject("never"))
    scene.run()

    assert Labelled not in scene.kinds(FIRST)


@pytest.mark.parametrize("step", ["unit", "picture", "model", "write", "save"])
def test_what_can_never_work_takes_the_failed_pathway_where_there_is_one(step: str) -> None:
    scene = Scene(FAILED)
    trouble_at(scene, step, Reject("never"))

    assert scene.run().keep == []

    assert scene.of(FIRST) == [Rejected(str(FIRST), "never"), Routed(FIRST, "Agent 1", "Dog", "never")]
    assert (scene.stage.moved[FIRST], scene.state(FIRST)) == ("Dog", State.DONE)
    assert scene.untouched(SECOND, THIRD)


@pytest.mark.parametrize("step", ["unit", "picture", "model", "write", "save", "proceed"])
def test_what_may_work_later_does_not_take_the_failed_pathway(step: str) -> None:
    scene = Scene(FAILED)
    trouble_at(scene, step, Retry("busy"))

    assert scene.run().keep == ["m1"]

    assert FIRST not in scene.stage.moved
    assert scene.untouched(SECOND, THIRD)


@pytest.mark.parametrize(("pipeline", "last"), [(PIPELINE, Rejected), (FAILED, Routed)])
def test_a_data_unit_without_a_label_row_can_never_work(pipeline: str, last: type[Outcome]) -> None:
    scene = Scene(pipeline)
    del scene.stage.known[data(FIRST)]
    scene.run()

    assert scene.of(FIRST)[0] == Rejected(str(FIRST), "Encord has no label row for its data unit")
    assert scene.kinds(FIRST)[-1] is last
    assert scene.untouched(SECOND, THIRD)


def test_a_failed_pathway_that_is_refused_leaves_the_message() -> None:
    scene = Scene(FAILED)
    trouble_at(scene, "unit", Reject("never"))
    trouble_at(scene, "proceed", Reject("no such task"))
    scene.run()

    assert (scene.result.keep, scene.state(FIRST)) == (["m1"], State.REJECTED)
    assert scene.untouched(SECOND, THIRD)


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


# Tasks that are not ours any more


def test_a_task_that_left_the_stage_is_skipped_and_costs_no_model_call() -> None:
    scene = Scene()
    del scene.stage.here[FIRST]

    assert scene.run().keep == []

    assert scene.of(FIRST) == [Skipped(str(FIRST), "has left the stage 'Agent 1'")]
    assert (scene.state(FIRST), len(scene.model.questions)) == (State.DONE, 2)
    assert scene.untouched(SECOND, THIRD)


def test_when_all_have_left_nothing_more_is_asked() -> None:
    scene = Scene()
    scene.stage.here.clear()
    scene.run()

    assert scene.stage.asked[0] == ("waiting", 3)
    assert {size for _, size in scene.stage.asked[1:]} <= {0}


def test_a_task_that_left_while_it_was_worked_on_is_skipped() -> None:
    """Its labels are saved; only the move is refused, and the stage says it is gone."""
    scene = Scene()
    scene.stage.refuses["proceed", FIRST] = Reject("stale")
    here = scene.stage.here

    def leave(_: Question) -> str:
        here.pop(FIRST, None)
        return '{"answer": "Cat", "confidence": 0.9}'

    scene.model.says = leave

    assert scene.run().keep == []
    assert scene.kinds(FIRST) == [Labelled, Skipped]
    assert scene.state(FIRST) is State.DONE
    assert scene.untouched(SECOND, THIRD)


def test_skip_raised_by_a_tool_is_success() -> None:
    scene = Scene()
    trouble_at(scene, "picture", Skip("gone"))

    assert scene.run().keep == []
    assert (scene.kinds(FIRST), scene.state(FIRST)) == ([Skipped], State.DONE)


# Claims


def test_a_claim_is_held_for_the_lease() -> None:
    scene = Scene()
    scene.run(a_record(FIRST))

    assert scene.claims.claims[key(FIRST)].lease_until == NOON + execution.LEASE


def test_two_messages_of_one_task_run_once() -> None:
    scene = Scene()

    assert scene.run(a_record(FIRST, "m1"), a_record(FIRST, "other")).keep == []

    assert scene.kinds(FIRST) == [Skipped, Labelled, Routed]
    assert len(scene.model.questions) == 1


@pytest.mark.parametrize(
    ("state", "owner", "kind", "keep"),
    [
        (State.RUNNING, "m9", Skipped, []),
        (State.DONE, "m9", Skipped, []),
        (State.DONE, "m1", Skipped, []),
        (State.REJECTED, "m9", Skipped, []),
        (State.REJECTED, "m1", Rejected, ["m1"]),
    ],
)
def test_a_task_whose_claim_stands_in_the_way_is_left_alone(
    state: State, owner: str, kind: type[Outcome], keep: list[str]
) -> None:
    scene = Scene()
    scene.claims.claims[key(FIRST)] = Claim(key(FIRST), state, NOON, NOON + HOUR, owner, 3)

    assert scene.run().keep == keep

    assert scene.kinds(FIRST) == [kind]
    assert FIRST not in scene.stage.moved
    assert scene.untouched(SECOND, THIRD)


@pytest.mark.parametrize(
    ("state", "owner", "updated_at", "lease_until"),
    [
        (State.QUEUED, "", NOON, NOON + HOUR),
        (State.RUNNING, "m1", NOON, NOON + HOUR),
        (State.RUNNING, "m9", NOON, NOON - HOUR),
        (State.DONE, "m9", NOON - HOUR, NOON - HOUR),
    ],
    ids=["queued", "crashed and redelivered", "its lease ran out", "an earlier visit"],
)
def test_a_task_that_is_free_is_run(state: State, owner: str, updated_at: datetime, lease_until: datetime) -> None:
    scene = Scene()
    scene.claims.claims[key(FIRST)] = Claim(key(FIRST), state, updated_at, lease_until, owner, 3)
    scene.run()

    assert scene.untouched(*TASKS)


def test_who_lost_the_lease_meanwhile_saves_nothing() -> None:
    scene = Scene()

    def lose(_: Question) -> str:
        standing = scene.claims.claims[key(FIRST)]
        scene.claims.claims[key(FIRST)] = Claim(key(FIRST), State.RUNNING, NOON, NOON + HOUR, "m9", standing.token + 1)
        return '{"answer": "Cat", "confidence": 0.9}'

    scene.model.says = lose

    assert scene.run().keep == []
    assert scene.of(FIRST) == [Skipped(str(FIRST), "its lease ran out and another worker has it")]
    assert FIRST not in scene.stage.saved
    assert FIRST not in scene.stage.moved
    assert (scene.claims.claims[key(FIRST)].owner, scene.state(FIRST)) == ("m9", State.RUNNING)
    assert scene.untouched(SECOND, THIRD)


def test_a_crash_between_save_and_proceed_is_repaired_by_the_next_try() -> None:
    # GIVEN a run whose move got no answer
    scene = Scene()
    scene.stage.fails["proceed"] = Retry("connection lost")
    scene.run()

    # WHEN the same messages come back
    scene.stage.fails.clear()

    # THEN the same labels are there, and the tasks move
    assert scene.run().keep == []
    assert scene.untouched(*TASKS)


def test_a_malformed_message_is_kept_for_the_dead_letter_queue() -> None:
    scene = Scene()

    assert scene.run(SqsRecord(messageId="bad", body="{}"), a_record(FIRST)).keep == ["bad"]

    assert scene.result.outcomes[0] == Rejected("message bad", "malformed TaskMessage: version: Field required")
    assert scene.untouched(FIRST)


def test_claims_that_cannot_be_reached_end_the_whole_batch() -> None:
    """Nothing was started, so Lambda hands the whole batch back to its queue."""
    scene = Scene()

    def unreachable(_: list[Claim]) -> list[Claim]:
        raise Retry("DynamoDB is busy")

    scene.claims.start = unreachable  # type: ignore[assignment, method-assign]

    with pytest.raises(Retry):
        scene.run()
    assert scene.stage.asked == []
