"""Whose labels are whose: each is judged at the stage it is of, or at none."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from encord_lambda.agents.agent import Usage
from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.judged_stages import JudgedStages, Task
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.reviewed import KeptLabel, KeptSubmission, ReviewedUnit
from encord_lambda.config import Stage
from encord_lambda.labels.proposals import Proposal
from encord_lambda.labels.records import recorded
from encord_lambda.shadow import ShadowDecision
from tests.benchmark.drawn import FAR, SQUARE, thing
from tests.benchmark.labelled import ANN, MODEL, answer, labels
from tests.benchmark.test_scoring import ONTOLOGY

PROJECT = UUID(int=9)
AT = datetime(2026, 11, 21, tzinfo=UTC)
CAT, BOX, OTHER = answer("Cat", confidence=0.8), thing(SQUARE, key="a"), thing(FAR, "Dog", key="b")
ANSWERED = Judgement("Cat", 0.8, right=True)


def stage(title: str, kind: str, shadow: bool = False, project: UUID = PROJECT) -> Stage:
    """One that draws cats, or answers what animal it is and something else."""
    agents: dict[str, dict[str, object]] = {
        "prelabel": {
            "detector": {"kind": "http", "url": "https://detector.test"},
            "classes": {"cat": "Cat"},
            "accept": 0.9,
            "review": 0.5,
        },
        "classify": {"model": "openai:a", "classification": ["Animal", "Count"]},
        "describe": {"model": "openai:a", "classification": "Caption"},
    }
    return Stage.model_validate(
        {
            "project": project,
            "stage": title,
            "agent": {"kind": kind, **agents[kind]},
            "pathways": {"otherwise": "On"},
            "shadow": shadow,
        }
    )


def unit(*given: Proposal, number: int = 1) -> ReviewedUnit:
    """A cat in a square; and what agents gave for it, while an annotator gave the truth."""
    truth = tuple(map(KeptLabel.of, labels([answer("Cat"), thing(SQUARE, key="a")])))
    models = [KeptSubmission.of(MODEL, labels(given))] if given else []
    people = KeptSubmission.of(ANN, labels([answer("Dog")]))
    return ReviewedUnit(
        version=1,
        data=UUID(int=number),
        title="1.jpg",
        width=100,
        height=100,
        frames=1,
        truth=truth,
        submissions=(people, *models),
        updated_at=AT,
    )


def decision(title: str, *given: Proposal, rejected: bool = False, hours: int = 0) -> ShadowDecision:
    return ShadowDecision(
        version=1,
        project=PROJECT,
        stage=UUID(int=4),
        stage_title=title,
        task=UUID(int=5),
        data=UUID(int=1),
        title="1.jpg",
        branch="main",
        answer=None,
        pathway=None,
        rejected=rejected,
        reason="",
        confidence=None,
        proposals=recorded(given),
        usage=Usage(),
        decided_at=AT + timedelta(hours=hours),
    )


def judged(
    stages: list[Stage], *units: ReviewedUnit, shadows: tuple[ShadowDecision, ...] = ()
) -> dict[str, list[Task]]:
    """Each stage's tasks."""
    found = JudgedStages(stages, PROJECT, shadows, ONTOLOGY, Notes())
    for one in units:
        found.add(one)
    return {one.title: one.tasks() for one in found}


def test_labels_are_judged_at_the_stages_that_own_them() -> None:
    stages = [stage("Draw", "prelabel"), stage("Ask", "classify"), stage("Tell", "describe")]
    found = judged(stages, unit(CAT, answer(3.0, "Count"), BOX, OTHER))
    assert found == {"Draw": [(Judgement("Cat", 1.0, right=True),)], "Ask": [(ANSWERED,)]}


def test_tasks_are_told_apart() -> None:
    wrong = thing(FAR, key="c")
    found = judged([stage("Draw", "prelabel")], unit(BOX), unit(BOX, wrong, number=2), unit(number=3), unit(wrong))
    assert [[one.right for one in task] for task in found["Draw"]] == [[True], [True, False], [False]]


def test_stages_of_other_projects_are_left_out() -> None:
    assert judged([stage("Ask", "classify", project=UUID(int=1))], unit(CAT)) == {}


def test_what_two_live_stages_may_have_written_is_nobodys() -> None:
    found = judged([stage("Ask", "classify"), stage("Ask again", "classify")], unit(CAT))
    assert found == {"Ask": [], "Ask again": []}


def test_what_stands_is_no_work_of_a_stage_in_the_shadow() -> None:
    found = judged([stage("Ask", "classify"), stage("Try", "classify", shadow=True)], unit(CAT))
    assert found == {"Ask": [(ANSWERED,)], "Try": []}


def test_a_stage_in_the_shadow_is_judged_by_its_last_decision() -> None:
    dog = answer("Dog", confidence=0.6)
    shadows = (decision("Try", BOX, dog, hours=1), decision("Try", CAT), decision("Elsewhere", CAT, hours=2))
    found = judged([stage("Ask", "classify"), stage("Try", "classify", shadow=True)], unit(CAT), shadows=shadows)
    assert found == {"Ask": [(ANSWERED,)], "Try": [(Judgement("Dog", 0.6, right=False),)]}


def test_a_decision_to_label_nothing_is_a_task_and_one_that_was_refused_is_none() -> None:
    for kind in ("classify", "prelabel"):
        assert judged([stage("Try", kind, True)], unit(), shadows=(decision("Try"),)) == {"Try": [()]}
        assert judged([stage("Try", kind, True)], unit(), shadows=(decision("Try", rejected=True),)) == {"Try": []}


def test_what_a_live_stage_wrote_goes_before_what_it_decided_in_the_shadow() -> None:
    shadows = (decision("Ask", answer("Dog")),)
    assert judged([stage("Ask", "classify")], unit(CAT), shadows=shadows) == {"Ask": [(ANSWERED,)]}
