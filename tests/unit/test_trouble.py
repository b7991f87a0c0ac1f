"""Every kind of trouble at every step, and nobody else's affair."""

import re
from typing import cast
from uuid import UUID

import pytest

from encord_lambda.agents.agent import Question
from encord_lambda.dispatch.claims import State
from encord_lambda.errors import Misconfigured, Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Labelled, Outcome, Postponed, Rejected, Routed, Skipped
from tests.fakes.scene import (
    FAILED,
    FIRST,
    KINDS,
    PIPELINE,
    PROJECT,
    SECOND,
    TASKS,
    THIRD,
    TROUBLES,
    Scene,
    a_record,
    data,
    key,
    reason,
)
from tests.fakes.stages import FakeStage, ScriptedPictures

# Trouble of all at once


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: type(trouble).__name__)
@pytest.mark.parametrize("step", ["rows", "open", "open afresh", "save", "proceed"])
def test_a_step_that_fails_for_all_puts_every_task_off_or_buries_it(step: str, trouble: Trouble) -> None:
    scene = Scene()
    scene.stage.fails[step] = trouble
    scene.run()

    kind = KINDS[type(trouble)]
    assert all(scene.kinds(task)[-1] is kind for task in TASKS)
    assert {scene.state(task) for task in TASKS} == {State.REJECTED if kind is Rejected else State.QUEUED}
    assert (len(scene.inbox.letters), len(scene.result.keep)) == ((3, 0) if kind is Rejected else (0, 3))
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
    assert (scene.result.keep, scene.state(FIRST)) == ([], State.REJECTED)


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
    if question.pictures[0].content == b"url1":
        raise trouble
    return '{"answer": "Cat", "confidence": 0.9}'


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: type(trouble).__name__)
@pytest.mark.parametrize("step", ["open", "unit", "picture", "model", "open afresh", "write", "save", "proceed"])
def test_one_in_trouble_falls_out_alone(step: str, trouble: Trouble) -> None:
    scene = Scene()
    trouble_at(scene, step, trouble)

    never = isinstance(trouble, Reject)

    assert scene.run().keep == ([] if never else ["m1"])

    after = 60 if isinstance(trouble, Misconfigured) else 3
    last = Rejected(str(FIRST), "never") if never else Postponed(str(FIRST), trouble.reason, after)
    assert scene.of(FIRST)[-1] == last
    assert scene.state(FIRST) is (State.REJECTED if never else State.QUEUED)
    assert [letter.subject for letter in scene.inbox.letters] == [str(FIRST)] * never
    assert FIRST not in scene.stage.moved
    assert scene.untouched(SECOND, THIRD)


def test_a_fault_of_ours_is_the_task_s_alone_and_says_where_it_is() -> None:
    scene = Scene()
    scene.model.says = lambda question: answer_or(question, cast("Trouble", KeyError("https://x/cat.jpg?signature")))

    assert scene.run().keep == ["m1"]

    [postponed] = scene.of(FIRST)
    assert isinstance(postponed, Postponed)
    assert re.search(r": KeyError at test_trouble\.py:\d+$", postponed.reason)
    assert scene.state(FIRST) is State.QUEUED
    assert scene.untouched(SECOND, THIRD)


@pytest.mark.parametrize("step", ["open", "unit", "picture", "model", "open afresh", "write", "save"])
def test_what_cannot_be_saved_is_not_called_labelled(step: str) -> None:
    scene = Scene()
    trouble_at(scene, step, Reject("never"))
    scene.run()

    assert Labelled not in scene.kinds(FIRST)


@pytest.mark.parametrize("step", ["open", "unit", "picture", "model", "open afresh", "write", "save"])
def test_what_can_never_work_takes_the_failed_pathway_where_there_is_one(step: str) -> None:
    scene = Scene(FAILED)
    trouble_at(scene, step, Reject("never"))

    assert scene.run().keep == []

    assert scene.of(FIRST) == [Rejected(str(FIRST), "never"), Routed(FIRST, "Agent 1", "Dog", "never")]
    assert (scene.stage.moved[FIRST], scene.state(FIRST)) == ("Dog", State.DONE)
    assert {task: scene.claims.claims[key(task)].reason for task in TASKS} == {FIRST: "never", SECOND: "", THIRD: ""}
    assert scene.untouched(SECOND, THIRD)


@pytest.mark.parametrize("step", ["open", "unit", "picture", "model", "open afresh", "write", "save", "proceed"])
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


def test_a_failed_pathway_that_is_refused_buries_the_message() -> None:
    scene = Scene(FAILED)
    trouble_at(scene, "unit", Reject("never"))
    trouble_at(scene, "proceed", Reject("no such task"))
    scene.run()

    assert (scene.result.keep, scene.state(FIRST)) == ([], State.REJECTED)
    assert scene.untouched(SECOND, THIRD)


def test_skip_raised_by_a_tool_is_success() -> None:
    scene = Scene()
    trouble_at(scene, "picture", Skip("gone"))

    assert scene.run().keep == []
    assert (scene.kinds(FIRST), scene.state(FIRST)) == ([Skipped], State.DONE)


def test_what_is_doubtful_and_cannot_be_looked_up_puts_off_the_group() -> None:
    scene = Scene()
    scene.stage.tells = False
    scene.stage.fails["waiting"] = Retry("busy")

    assert sorted(scene.run().keep) == ["m1", "m2", "m3"]
    assert scene.of(FIRST) == [Postponed(str(FIRST), "busy", after=3)]


def test_tasks_whose_rows_do_not_say_that_they_wait_are_looked_up() -> None:
    scene = Scene()
    scene.stage.tells = False
    scene.run()

    assert ("waiting", 3) in scene.stage.asked
    assert scene.untouched(*TASKS)
