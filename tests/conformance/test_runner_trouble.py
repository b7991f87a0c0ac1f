"""Trouble on the way of encord-agents' sequential runner: what it repairs, what it raises, what it keeps to itself."""

import logging

import pytest
import requests
from encord.exceptions import (
    AuthorisationError,
    CorruptedLabelError,
    EncordException,
    ResourceExistsError,
    UnknownException,
)
from encord_agents.tasks import Runner

from sandbox.encord_twin import Fault, Twin

from .agents import by_asset, by_name
from .looking import answers, moves, queues, saves, struck
from .trouble import ACTIONS, ATTEMPTS, CREATE, EVERY_ONE, PROJECT_READ, SAVE, TASKS
from .worlds import CountingObjects, titles, url


def run(twin: Twin) -> None:
    runner = Runner(project_hash=str(twin.ids.projects["Pets"]))
    runner.stage("Agent 1")(by_name)
    runner()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(route=PROJECT_READ, status=403), AuthorisationError),
        (Fault(route=TASKS, status=500, times=ATTEMPTS), UnknownException),
        (Fault(route="labelrowmetadata", code="AUTHORISATION_ERROR"), AuthorisationError),
        (Fault(route=CREATE, code="RESOURCE_EXISTS_ERROR"), ResourceExistsError),
        (Fault(route=SAVE, status=500, times=ATTEMPTS), EncordException),
        (Fault(route=SAVE, code="CORRUPTED_LABEL_ERROR"), CorruptedLabelError),
    ],
    ids=["project read 403", "tasks 500", "label rows refused", "creation refused", "save 500", "labels refused"],
)
def test_the_runner_raises_and_neither_labels_nor_moves(fault: Fault, error: type[EncordException], twin: Twin) -> None:
    twin.faults.add(fault)

    with pytest.raises(error):
        run(twin)

    assert (saves(twin), moves(twin)) == (0, 0)


def test_the_runner_raises_when_a_file_is_gone_and_loses_the_labels_of_its_batch(
    twin: Twin, objects: CountingObjects, kinds: tuple[str, ...]
) -> None:
    objects.remove(url(titles(kinds)[2]))
    runner = Runner(project_hash=str(twin.ids.projects["Pets"]))
    runner.stage("Agent 1")(by_asset)

    with pytest.raises(requests.HTTPError, match="404"):
        runner()

    assert (saves(twin), moves(twin)) == (0, 0)


@pytest.mark.parametrize(
    ("fault", "stored", "requests_to_move"),
    [
        (Fault(route=TASKS, status=502, times=3), 5, 1),
        (Fault(route=SAVE, status=503, times=3), 5, 1),
        (Fault(route=SAVE, drop_after_commit=True), 10, 1),
        (Fault(route=ACTIONS, status=500, times=3), 5, 4),
        (Fault(route=ACTIONS, status=400), 5, 6),
        (Fault(route=ACTIONS, drop_after_commit=True), 5, 7),
    ],
    ids=[
        "tasks 502",
        "save 503",
        "answer to the save lost",
        "move 500",
        "move refused once",
        "answer to the move lost",
    ],
)
def test_retries_and_replays_repair_the_run_and_double_nothing(
    fault: Fault, stored: int, requests_to_move: int, twin: Twin
) -> None:
    """A refused bundle is replayed one by one. A lost answer makes the SDK ask again, and be refused."""
    twin.faults.add(fault)

    run(twin)

    assert {stage: len(waiting) for stage, waiting in queues(twin).items()} == {
        "Cat specialists": 2,
        "Dog specialists": 2,
        "Archive": 1,
    }
    assert answers(twin)["000-cat.jpg"] == ["Cat"]
    assert (saves(twin), moves(twin), struck(twin)) == (stored, 5, fault.times)
    assert twin.log.count(ACTIONS) == requests_to_move


@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_run_that_can_move_no_task_only_logs_it_and_leaves_labels_and_tasks(
    status: int, twin: Twin, caplog: pytest.LogCaptureFixture
) -> None:
    """The one failure this runner does not report to its caller; the tasks come again in the next run."""
    twin.faults.add(Fault(route=ACTIONS, status=status, times=EVERY_ONE))

    with caplog.at_level(logging.INFO, "encord_agents"):
        run(twin)

    assert "replaying 5 task(s) individually" in caplog.text
    assert len(queues(twin)["Agent 1"]) == 5
    assert (saves(twin), moves(twin)) == (5, 0)
