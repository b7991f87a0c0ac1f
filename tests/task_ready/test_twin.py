"""From the twin's queue over HTTP, the handler and EventBridge to a sweep of that stage, without a tick."""

from datetime import UTC, datetime
from uuid import UUID

from functions.task_ready import handler
from sandbox.encord_twin import Fault
from sandbox.scenario.world import PROJECT
from tests.task_path.conftest import CONTEXT
from tests.task_ready.conftest import Ready
from tests.task_ready.signed import envelope, signed, written


def test_what_waits_is_told_of_swept_and_told_of_no_more_once_it_is_gone(ready: Ready) -> None:
    # GIVEN six tasks at an agent stage that notifies us
    ready.subscribe()

    # WHEN Encord looks at its queues
    [delivery] = ready.path.twin.check_notifications()

    # THEN it is heard, and the event has the stage swept
    assert (delivery.outcome, delivery.status, delivery.attempts) == ("delivered", 200, 1)
    [told] = ready.told()
    assert told["detail"] == {"project": str(PROJECT), "stage": str(ready.stage)}
    assert ready.sweep(told) == 6
    assert ready.sweep(told) == 0

    # AND once the tasks have gone their way, there is no more to tell
    ready.path.run(ready.path.received())
    assert ready.path.twin.check_notifications() == []


def test_a_notification_that_comes_twice_is_acknowledged_twice_and_sweeps_once(ready: Ready) -> None:
    ready.subscribe()
    ready.path.twin.faults.add(Fault(route="OUT agent_stage_work_available_event", twice=True))

    [delivery] = ready.path.twin.check_notifications()

    assert (delivery.outcome, delivery.attempts) == ("delivered", 2)
    assert len(ready.told()) == 1


def test_a_wrong_secret_is_a_failed_delivery_and_starts_nothing(ready: Ready) -> None:
    ready.subscribe(secret="of another stage")

    [delivery] = ready.path.twin.check_notifications()

    assert (delivery.outcome, delivery.status) == ("failed", 401)
    assert ready.told() == []


def test_a_stage_that_pipeline_yaml_leaves_out_is_acknowledged_and_swept_by_nobody(ready: Ready) -> None:
    stage = UUID(int=77)

    assert (
        handler.lambda_handler(signed(written(envelope(PROJECT, stage)), datetime.now(UTC)), CONTEXT)["statusCode"]
        == 200
    )

    [told] = ready.told()
    assert ready.sweep(told) == 0
