"""Sending tasks on through the real SDK, against the twin: together, and what becomes of those that cannot go."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from encord.exceptions import InvalidArgumentsError
from encord.workflow import AgentStage
from encord.workflow.stages.agent import AgentTask

from encord_lambda.agent_stage import Visit
from encord_lambda.encord_platform.proceeding import agent_task
from encord_lambda.encord_platform.stage import Stage
from encord_lambda.errors import Gone, Misconfigured, Reject, Retry, Trouble
from encord_lambda.labels.proposals import Answer
from sandbox.encord_twin import Fault, Twin
from tests.adapters.platform_world import CLASSIFY, first_stage, gone_ahead, served, visits, waiting
from tests.twin import conftest

CAT = (Answer("Animal", "Cat", 0.9),)
LEFT = "has left the stage 'Agent 1'"


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served(tasks=100, page=100) as twin:
        yield twin


@pytest.fixture
def found(twin: Twin) -> dict[UUID, Visit]:
    """The visits of the tasks that wait, by task."""
    return visits(first_stage(twin))


@pytest.fixture
def stage(twin: Twin, found: dict[UUID, Visit]) -> Stage:
    """The stage as a worker has it, that never listed its tasks; no request is counted yet."""
    assert len(found) == 100
    stage = first_stage(twin)
    twin.log.reset()
    return stage


def kinds(refused: dict[UUID, Trouble]) -> dict[UUID, type[Trouble]]:
    return {task: type(trouble) for task, trouble in refused.items()}


def test_a_hundred_tasks_take_five_requests_from_listing_to_leaving(
    twin: Twin, stage: Stage, found: dict[UUID, Visit]
) -> None:
    listed = stage.rows([visit.data for visit in found.values()], "main")
    rows = {task: listed[visit.data] for task, visit in found.items()}
    assert all(row.waits_as(task) for task, row in rows.items())
    assert stage.open(rows) == {}
    assert stage.open_afresh(rows) == {}
    for row in rows.values():
        row.write(CAT, CLASSIFY)
    assert stage.save(rows) == {}
    assert stage.proceed(dict.fromkeys(rows, "Cat"), found) == {}

    assert twin.log.count() == 5
    assert waiting(stage) == {}


def test_tasks_proceed_along_their_own_pathways_with_one_request(
    twin: Twin, stage: Stage, found: dict[UUID, Visit]
) -> None:
    first, *others = found

    assert stage.proceed({first: "Cat"} | dict.fromkeys(others, "Other"), found) == {}

    assert twin.log.count() == 1
    rows = conftest.connect(twin).get_project(twin.ids.projects["Pets"]).list_label_rows_v2()
    nodes = {row.task_uuid: row.workflow_graph_node.title for row in rows if row.workflow_graph_node}
    assert nodes == {first: "Annotate"} | dict.fromkeys(others, "Review")


def test_stale_tasks_are_told_apart_and_the_others_go(twin: Twin, stage: Stage, found: dict[UUID, Visit]) -> None:
    stale = list(found)[::20]
    gone_ahead(twin, *stale)
    twin.log.reset()

    refused = stage.proceed(dict.fromkeys(found, "Cat"), found)

    assert kinds(refused) == dict.fromkeys(stale, Gone)
    assert {trouble.reason for trouble in refused.values()} == {LEFT}
    assert twin.log.count("/actions") == 2
    assert twin.log.count() == 3
    assert waiting(stage) == {}


def test_one_stale_task_alone_is_not_sent_again(twin: Twin, stage: Stage, found: dict[UUID, Visit]) -> None:
    stale, *_ = found
    gone_ahead(twin, stale)
    twin.log.reset()

    assert kinds(stage.proceed({stale: "Cat"}, found)) == {stale: Gone}
    assert twin.log.count("/actions") == 1


@pytest.mark.parametrize(("stale", "requests"), [(0, 13), (3, 14)])
def test_a_refused_pathway_is_its_tasks_alone(
    twin: Twin, stage: Stage, found: dict[UUID, Visit], stale: int, requests: int
) -> None:
    bad, *others = found
    gone_ahead(twin, *others[:stale])
    twin.log.reset()

    refused = stage.proceed(dict.fromkeys(found, "Cat") | {bad: "Bird"}, found)

    assert kinds(refused) == {bad: Reject} | dict.fromkeys(others[:stale], Gone)
    assert "Bird" in refused[bad].reason
    assert (twin.log.count("/actions"), twin.log.count("/tasks")) == (requests, 2)
    assert waiting(stage).keys() == {bad}


def test_tasks_have_moved_whose_answer_was_lost(twin: Twin, stage: Stage, found: dict[UUID, Visit]) -> None:
    twin.faults.add(Fault(route="/actions", drop_after_commit=True))

    assert stage.proceed(dict.fromkeys(found, "Cat"), found) == {}

    assert (twin.log.count("/actions"), twin.log.count("/tasks")) == (1, 1)
    assert waiting(stage) == {}


@pytest.mark.parametrize(
    "fault",
    [Fault(route="/actions", reset=True), Fault(route="/actions", status=503), Fault(route="/actions", status=409)],
)
def test_tasks_that_did_not_move_are_tried_again_later(
    twin: Twin, stage: Stage, found: dict[UUID, Visit], fault: Fault
) -> None:
    twin.faults.add(fault)

    assert kinds(stage.proceed(dict.fromkeys(found, "Cat"), found)) == dict.fromkeys(found, Retry)

    assert (twin.log.count("/actions"), twin.log.count("/tasks")) == (1, 1)
    assert waiting(stage).keys() == found.keys()


def test_if_nobody_can_say_what_became_of_them_all_are_tried_again(
    twin: Twin, stage: Stage, found: dict[UUID, Visit]
) -> None:
    twin.faults.add(Fault(route="/actions", drop_after_commit=True), Fault(route="/tasks", status=500))

    refused = stage.proceed(dict.fromkeys(found, "Cat"), found)

    assert kinds(refused) == dict.fromkeys(found, Retry)
    assert all("cannot proceed from 'Agent 1'" in trouble.reason for trouble in refused.values())


def test_if_nobody_can_say_who_is_stale_all_are_tried_again(twin: Twin, stage: Stage, found: dict[UUID, Visit]) -> None:
    stale, *others = found
    gone_ahead(twin, stale)
    twin.faults.add(Fault(route="/tasks", status=500))

    assert kinds(stage.proceed(dict.fromkeys(found, "Cat"), found)) == dict.fromkeys(found, Retry)
    assert waiting(stage).keys() == set(others)


def test_a_busy_platform_has_moved_nobody_and_is_left_alone(twin: Twin, stage: Stage, found: dict[UUID, Visit]) -> None:
    twin.faults.add(Fault(route="/actions", status=429, retry_after=30))

    refused = stage.proceed(dict.fromkeys(found, "Cat"), found)

    assert kinds(refused) == dict.fromkeys(found, Retry)
    assert {trouble.after for trouble in refused.values() if isinstance(trouble, Retry)} == {30}
    assert twin.log.count() == 1


def test_a_key_that_may_not_move_tasks_is_the_configurations_fault(
    twin: Twin, stage: Stage, found: dict[UUID, Visit]
) -> None:
    twin.faults.add(Fault(route="/actions", status=403))

    assert kinds(stage.proceed(dict.fromkeys(found, "Cat"), found)) == dict.fromkeys(found, Misconfigured)
    assert twin.log.count() == 1


def test_a_task_made_without_listing_is_as_the_sdk_makes_it(twin: Twin) -> None:
    """What we rely on: a task proceeds by its own id, its stage and its stage's client, and by nothing else."""
    project = conftest.connect(twin).get_project(twin.ids.projects["Pets"])
    agent = project.workflow.get_stage(name="Agent 1", type_=AgentStage)
    listed = next(iter(agent.get_tasks()))
    made = agent_task(agent, listed.uuid)

    assert made.uuid == listed.uuid
    assert made._stage_uuid == listed._stage_uuid == agent.uuid
    assert made._workflow_client is listed._workflow_client is agent._workflow_client
    assert AgentTask.__private_attributes__.keys() == {"_stage_uuid", "_workflow_client", "_task_issues"}


def test_a_task_made_without_listing_sends_what_a_listed_one_sends(twin: Twin) -> None:
    project = conftest.connect(twin).get_project(twin.ids.projects["Pets"])
    agent = project.workflow.get_stage(name="Agent 1", type_=AgentStage)
    listed = next(iter(agent.get_tasks()))
    twin.log.reset()
    twin.log.keeps_bodies = True
    twin.faults.add(Fault(route="/actions", status=400, times=2))

    for task in (listed, agent_task(agent, listed.uuid)):
        with pytest.raises(InvalidArgumentsError), project.create_bundle() as bundle:
            task.proceed(pathway_name="Cat", bundle=bundle)

    first, second = [(entry.path, entry.request_body) for entry in twin.log.entries]
    assert first == second
