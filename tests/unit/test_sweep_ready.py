"""A `TaskReady` event has the stage it names swept, and no other."""

from uuid import UUID

import pytest

from encord_lambda.dispatch import notification
from encord_lambda.dispatch.notification import TaskReady
from encord_lambda.dispatch.sweep import SPARE_SECONDS, sweep
from encord_lambda.errors import Reject, Retry
from encord_lambda.outcomes import Listed, Outcome, Postponed, Queued, Skipped
from tests.fakes.sweeping import FIRST, PROJECT, SECOND, FakeStages, Swept, a_task


def outcomes(scene: Swept, stage: UUID, project: UUID = PROJECT) -> list[Outcome]:
    return list(sweep(scene.sweeper, scene.now, scene.time_left, TaskReady(project=project, stage=stage)))


@pytest.fixture
def scene() -> Swept:
    """A task at each of the two stages."""
    scene = Swept(a_task())
    scene.second.waiting = [a_task()]
    return scene


@pytest.mark.parametrize(("stage", "title"), [(FIRST, "First"), (SECOND, "Second")])
def test_the_stage_that_is_named_is_swept_and_no_other(scene: Swept, stage: UUID, title: str) -> None:
    [waiting] = (scene.first if stage == FIRST else scene.second).waiting

    assert outcomes(scene, stage) == [Queued((waiting.task,), PROJECT, title), Listed(PROJECT, title, 1, 0.0)]
    assert scene.first.taken + scene.second.taken == 1


def test_told_twice_a_task_is_queued_once(scene: Swept) -> None:
    outcomes(scene, FIRST)

    assert outcomes(scene, FIRST) == [Listed(PROJECT, "First", 1, 0.0)]
    assert len(scene.outbox.sent) == 1


@pytest.mark.parametrize(("project", "stage"), [(PROJECT, UUID(int=77)), (UUID(int=77), FIRST)])
def test_a_stage_without_an_agent_is_skipped(scene: Swept, project: UUID, stage: UUID) -> None:
    subject = f"stage {stage} of project {project}"

    assert outcomes(scene, stage, project) == [Skipped(subject, "pipeline.yaml has no agent for it")]
    assert scene.outbox.sent == []


def test_a_wrong_title_of_another_stage_is_in_nobodys_way(scene: Swept) -> None:
    del scene.stages["First"]

    queued, _ = outcomes(scene, SECOND)

    assert isinstance(queued, Queued)


def test_a_wrong_title_that_may_be_the_stages_own_is_told(scene: Swept) -> None:
    del scene.stages["First"]

    [postponed] = outcomes(scene, FIRST)

    assert isinstance(postponed, Postponed)
    assert "no agent stage titled 'First'" in postponed.reason


def test_a_resting_encord_is_told_and_left_to_the_next_tick(scene: Swept) -> None:
    class Resting(FakeStages):
        def __contains__(self, title: object) -> bool:
            raise Retry("Encord is busy", after=7.0)

    scene.stages = Resting()

    assert outcomes(scene, FIRST) == [Postponed(f"stage {FIRST} of project {PROJECT}", "Encord is busy", 7.0)]


def test_the_stage_has_all_the_time_there_is(scene: Swept) -> None:
    scene.seconds = SPARE_SECONDS + 1
    scene.second.seconds = 0.6  # more than half of what is left

    queued, _ = outcomes(scene, SECOND)

    assert isinstance(queued, Queued)


def event(**changes: object) -> dict[str, object]:
    detail = {"project": str(PROJECT), "stage": str(FIRST)}
    return {"detail-type": "TaskReady", "source": "encord-lambda", "detail": detail} | changes


def test_an_event_names_its_stage() -> None:
    assert notification.told(event()) == TaskReady(project=PROJECT, stage=FIRST)


@pytest.mark.parametrize("tick", [{}, "", None, [], event(**{"detail-type": "Scheduled Event"})])
def test_a_tick_names_none(tick: object) -> None:
    assert notification.told(tick) is None


@pytest.mark.parametrize("detail", [None, {}, {"project": str(PROJECT)}, {"project": "x", "stage": "y"}])
def test_an_event_that_names_no_stage_is_refused(detail: object) -> None:
    with pytest.raises(Reject, match="malformed TaskReady event: detail"):
        notification.told(event(detail=detail))
