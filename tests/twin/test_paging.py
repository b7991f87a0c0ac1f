"""Reading a queue that changes between two pages."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from encord.exceptions import InvalidArgumentsError
from encord.project import Project
from encord.workflow.common import TasksQueryParams
from encord.workflow.stages.agent import AgentStage, AgentTask
from encord.workflow.stages.review import ReviewStage

from sandbox.encord_twin import Settings, Twin, serve
from tests.twin.worlds import pets

TASKS = 12


@pytest.fixture
def twin() -> Iterator[Twin]:
    with serve(pets(tasks=TASKS), settings=Settings(task_page_size=4)) as served:
        yield served


def test_tasks_that_leave_between_two_pages_take_none_along(twin: Twin, agent: AgentStage) -> None:
    seen: list[UUID] = []
    for task in agent.get_tasks():
        task.proceed("Cat")
        seen.append(task.uuid)

    assert len(seen) == len(set(seen)) == TASKS
    assert list(agent.get_tasks()) == []
    assert twin.log.count("GET /v2/public/projects/{project}/workflow") == 4


def test_a_task_that_comes_back_stands_where_it_stood(project: Project, agent: AgentStage) -> None:
    before = [task.uuid for task in agent.get_tasks()]
    second = list(agent.get_tasks())[1]
    second.move(destination_stage_uuid=project.workflow.get_stage(name="Review", type_=ReviewStage).uuid)
    [away] = project.workflow.get_stage(name="Review", type_=ReviewStage).get_tasks()
    away.move(destination_stage_uuid=agent.uuid)

    assert [task.uuid for task in agent.get_tasks()] == before


def test_the_last_page_is_known_to_be_the_last(twin: Twin, agent: AgentStage) -> None:
    twin.log.reset()

    assert len(list(agent.get_tasks())) == TASKS
    assert twin.log.count("/tasks") == 3


def test_named_data_units_are_paged_like_the_rest(agent: AgentStage) -> None:
    wanted = [task.data_hash for task in agent.get_tasks()][3:9]

    found = [task.data_hash for task in agent.get_tasks(data_hash=wanted[::-1])]

    assert found == wanted


def test_filters_hold_across_pages(agent: AgentStage) -> None:
    titles = [task.data_title for task in agent.get_tasks(data_title="000")]

    assert titles == [f"{number:04}.jpg" for number in range(10)]


@pytest.mark.parametrize("token", ["40", "soon~1", "-0.5~x"])
def test_a_token_of_somebody_elses_is_refused(agent: AgentStage, token: str) -> None:
    with pytest.raises(InvalidArgumentsError, match="pageToken"):
        list(agent._workflow_client.get_tasks(agent.uuid, TasksQueryParams(page_token=token), AgentTask))
