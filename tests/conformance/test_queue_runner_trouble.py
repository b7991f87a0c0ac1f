"""Trouble on the way of encord-agents' queue runner, which reports most of it in its result."""

import pytest
from encord.exceptions import AuthorisationError, EncordException, UnknownException
from encord_agents.tasks import QueueRunner
from encord_agents.tasks.models import TaskCompletionResult

from sandbox.encord_twin import Fault, Twin

from .agents import by_name
from .looking import answers, moves, queues, saves, struck
from .trouble import ACTIONS, ATTEMPTS, CREATE, EVERY_ONE, PROJECT_READ, SAVE, TASKS


def consumed(twin: Twin, *faults: Fault) -> TaskCompletionResult:
    """The result of the first message of the queue, the faults ordered after it was produced."""
    runner = QueueRunner(project_hash=str(twin.ids.projects["Pets"]))
    consume = runner.stage("Agent 1")(by_name)
    [stage] = runner.get_agent_stages()
    message = next(iter(stage.get_tasks())).model_dump_json()
    twin.faults.add(*faults)
    return TaskCompletionResult.model_validate_json(consume(message))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(route=PROJECT_READ, status=403), AuthorisationError),
        (Fault(route=PROJECT_READ, status=500, times=ATTEMPTS), UnknownException),
    ],
    ids=["403", "500"],
)
def test_a_project_that_cannot_be_read_raises(fault: Fault, error: type[EncordException], twin: Twin) -> None:
    twin.faults.add(fault)

    with pytest.raises(error):
        QueueRunner(project_hash=str(twin.ids.projects["Pets"]))


def test_a_stage_that_cannot_be_listed_raises(twin: Twin) -> None:
    with pytest.raises(UnknownException):
        consumed(twin, Fault(route=TASKS, status=500, times=ATTEMPTS))

    assert (saves(twin), moves(twin)) == (0, 0)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(route="labelrowmetadata", code="AUTHORISATION_ERROR"), "AuthorisationError"),
        (Fault(route=CREATE, code="RESOURCE_EXISTS_ERROR"), "ResourceExistsError"),
        (Fault(route=SAVE, code="CORRUPTED_LABEL_ERROR"), "CorruptedLabelError"),
        (Fault(route=SAVE, status=500, times=ATTEMPTS), "GenericServerError"),
    ],
    ids=["label rows refused", "creation refused", "labels refused", "save 500"],
)
def test_trouble_with_labels_is_a_failure_with_its_stack_trace(fault: Fault, words: str, twin: Twin) -> None:
    result = consumed(twin, fault)

    assert (result.success, result.pathway) == (False, None)
    assert words in (result.error or "")
    assert (saves(twin), moves(twin)) == (0, 0)


@pytest.mark.parametrize("status", [403, 500])
def test_a_task_that_cannot_be_moved_is_a_failure_without_a_reason(status: int, twin: Twin) -> None:
    result = consumed(twin, Fault(route=ACTIONS, status=status, times=EVERY_ONE))

    assert (result.success, result.pathway, result.error) == (False, None, None)
    assert (saves(twin), moves(twin)) == (1, 0)


def test_a_move_refused_every_time_passes_for_a_success_though_the_task_stays(twin: Twin) -> None:
    """It takes every 400 for "somebody else moved it". Only the missing pathway tells."""
    result = consumed(twin, Fault(route=ACTIONS, status=400, times=EVERY_ONE))

    assert (result.success, result.pathway) == (True, None)
    assert "000-cat.jpg" in queues(twin)["Agent 1"]


@pytest.mark.parametrize(
    ("fault", "pathway", "stored"),
    [
        (Fault(route=SAVE, status=503, times=3), True, 1),
        (Fault(route=SAVE, drop_after_commit=True), True, 2),
        (Fault(route=ACTIONS, status=400), True, 1),
        (Fault(route=ACTIONS, status=502, times=3), True, 1),
        (Fault(route=ACTIONS, drop_after_commit=True), False, 1),
    ],
    ids=["save 503", "answer to the save lost", "move refused once", "move 502", "answer to the move lost"],
)
def test_retries_and_replays_repair_the_task_and_double_nothing(
    fault: Fault, pathway: bool, stored: int, twin: Twin
) -> None:
    """After a lost answer to the move the runner no longer knows that it was its own."""
    result = consumed(twin, fault)

    assert (result.success, result.pathway is not None) == (True, pathway)
    assert queues(twin)["Cat specialists"] == ["000-cat.jpg"]
    assert answers(twin) == {"000-cat.jpg": ["Cat"]}
    assert (saves(twin), moves(twin), struck(twin)) == (stored, 1, fault.times)
