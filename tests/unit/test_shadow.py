"""Stages in the shadow: the agent decides, and nothing but a record comes of it."""

from typing import cast

import pytest

from encord_lambda.agents.agent import Usage
from encord_lambda.dispatch.claims import State
from encord_lambda.errors import Misconfigured, OverBudget, Reject, Retry, Trouble
from encord_lambda.labels.proposals import Answer
from encord_lambda.outcomes import Decided, Postponed, Shadowed
from encord_lambda.shadow import ShadowDecision, prefix
from tests.fakes.scene import FAILED, FIRST, NOON, PIPELINE, PROJECT, SECOND, STAGE, TASKS, THIRD, Scene, a_record, data
from tests.fakes.stages import ScriptedPictures

SHADOW = "    shadow: true\n"
WHY = "openai:m answered Cat at 0.90"


def in_the_shadow(pipeline: str = PIPELINE) -> Scene:
    return Scene(pipeline + SHADOW)


def nothing_was_written(scene: Scene) -> bool:
    """Whether no request that writes was made."""
    return not {step for step, _ in scene.stage.asked} & {"save", "proceed"}


def test_a_decision_is_written_down_and_nothing_else_is_done() -> None:
    scene = in_the_shadow()

    assert scene.run().keep == []

    assert nothing_was_written(scene)
    assert set(scene.stage.here) == set(TASKS)
    assert {scene.state(task) for task in TASKS} == {State.SHADOWED}
    assert scene.of(FIRST) == [Shadowed(FIRST, "Agent 1", "Cat", WHY)]
    assert [type(one) for one in scene.decided(FIRST)] == [Decided]


def test_the_record_says_all_about_the_decision() -> None:
    scene = in_the_shadow()
    scene.run(a_record(FIRST))

    assert scene.shadows.kept == {
        FIRST: ShadowDecision(
            version=1,
            project=PROJECT,
            stage=STAGE,
            stage_title="Agent 1",
            task=FIRST,
            data=data(FIRST),
            title="cat.jpg",
            branch="main",
            answer="Cat",
            pathway="Cat",
            rejected=False,
            reason=WHY,
            confidence=0.9,
            proposals=(Answer("Animal", "Cat", 0.9),),
            usage=Usage(0.5),
            decided_at=NOON,
        )
    }


def test_a_reason_with_half_a_character_is_written_down_all_the_same() -> None:
    scene = in_the_shadow(FAILED)
    cast("ScriptedPictures", scene.tools.pictures).troubles["url1"] = Reject("the model declined: \ud83d")
    scene.run(a_record(FIRST))
    record = scene.shadows.kept[FIRST]

    assert ShadowDecision.model_validate_json(record.model_dump_json()) == record
    assert record.reason == "the model declined: ?"


def test_a_record_is_read_back_equal_and_has_a_place_below_its_stage() -> None:
    scene = in_the_shadow()
    scene.run(a_record(FIRST))
    record = scene.shadows.kept[FIRST]

    assert ShadowDecision.model_validate_json(record.model_dump_json()) == record
    assert record.proposed == (Answer("Animal", "Cat", 0.9),)
    assert record.key == f"shadow/{PROJECT}/{STAGE}/{data(FIRST)}/{FIRST}.json"
    assert record.key.startswith(prefix(PROJECT, STAGE))


@pytest.mark.parametrize(("pipeline", "pathway"), [(PIPELINE, None), (FAILED, "Dog")])
@pytest.mark.parametrize("step", ["unit", "picture", "write"])
def test_what_can_never_work_is_written_down_with_the_pathway_it_would_take(
    pipeline: str, pathway: str | None, step: str
) -> None:
    scene = in_the_shadow(pipeline)
    in_trouble(scene, step, Reject("never"))

    assert scene.run().keep == []

    record = scene.shadows.kept[FIRST]
    assert (record.rejected, record.reason, record.pathway, record.proposals) == (True, "never", pathway, ())
    assert scene.of(FIRST) == [Shadowed(FIRST, "Agent 1", pathway, "never")]
    assert scene.state(FIRST) is State.SHADOWED
    assert nothing_was_written(scene)
    assert not any(scene.shadows.kept[task].rejected for task in (SECOND, THIRD))


def in_trouble(scene: Scene, step: str, trouble: Trouble) -> None:
    match step:
        case "unit":
            scene.row(FIRST).trouble = trouble
        case "picture":
            cast("ScriptedPictures", scene.tools.pictures).troubles["url1"] = trouble
        case _:
            scene.row(FIRST).unwritable = trouble


@pytest.mark.parametrize("trouble", [Retry("busy"), Misconfigured("mend it"), OverBudget("spent")], ids=str)
def test_what_may_work_later_is_tried_again(trouble: Trouble) -> None:
    scene = in_the_shadow(FAILED)
    in_trouble(scene, "picture", trouble)

    assert scene.run().keep == ["m1"]

    [postponed] = scene.of(FIRST)
    assert isinstance(postponed, Postponed)
    assert postponed.reason == trouble.reason
    assert set(scene.shadows.kept) == {SECOND, THIRD}


def test_the_pathway_for_a_spent_budget_is_written_down_too() -> None:
    scene = in_the_shadow(PIPELINE.replace("otherwise: Other", "otherwise: Other, over_budget: Dog"))
    in_trouble(scene, "picture", OverBudget("spent"))

    assert scene.run().keep == []

    assert (scene.shadows.kept[FIRST].pathway, scene.shadows.kept[FIRST].rejected) == ("Dog", True)
    assert nothing_was_written(scene)


def test_a_persons_answer_would_choose_the_pathway() -> None:
    scene = in_the_shadow()
    scene.row(FIRST).meanwhile = "Dog"
    scene.run()

    record = scene.shadows.kept[FIRST]
    assert (record.answer, record.pathway) == ("Cat", "Other")
    assert record.reason == f"'Dog' was answered before and stands; {WHY}"


def test_records_that_cannot_be_written_leave_the_messages() -> None:
    scene = in_the_shadow()
    scene.shadows.trouble = Retry("S3 is busy")

    assert sorted(scene.run().keep) == ["m1", "m2", "m3"]
    assert {scene.state(task) for task in TASKS} == {State.QUEUED}


def test_a_stage_works_for_real_unless_it_is_told_otherwise() -> None:
    scene = Scene()
    scene.run()

    assert scene.untouched(*TASKS)
    assert scene.shadows.kept == {}
