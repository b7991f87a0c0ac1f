"""Finding agent stages and what waits at them, through the real SDK, against the twin."""

from uuid import uuid4

import pytest
from encord.orm.project import ProjectType
from encord.project import Project

from encord_lambda.encord_platform.stage import Stage
from encord_lambda.errors import Misconfigured, Reject, Retry
from sandbox.encord_twin import Fault, Twin
from tests.adapters.platform_world import gone_ahead, projects, waiting


def test_a_stage_is_found_by_title_and_by_id(twin: Twin, stage: Stage) -> None:
    project, uuid = twin.ids.projects["Pets"], twin.ids.stages["Pets"]["Agent 1"]

    assert (stage.uuid, stage.title, stage.pathways) == (uuid, "Agent 1", frozenset({"Cat", "Other"}))
    assert projects(twin).stage(project, uuid).title == "Agent 1"


def test_an_unknown_stage_names_those_there_are(twin: Twin) -> None:
    project = twin.ids.projects["Pets"]

    with pytest.raises(Misconfigured) as trouble:
        projects(twin).titled(project, "Agent 7")

    assert trouble.value.reason == (
        f"project {project} has no agent stage titled 'Agent 7'; its agent stages: 'Agent 1'"
    )


def test_a_stage_where_people_work_is_no_agent_stage(twin: Twin) -> None:
    project, uuid = twin.ids.projects["Pets"], twin.ids.stages["Pets"]["Annotate"]

    with pytest.raises(Misconfigured, match="has no agent stage titled 'Annotate'"):
        projects(twin).titled(project, "Annotate")
    with pytest.raises(Reject, match=f"has no agent stage {uuid}"):
        projects(twin).stage(project, uuid)


def test_a_task_of_a_stage_that_is_gone_will_never_work(twin: Twin) -> None:
    project, gone = twin.ids.projects["Pets"], uuid4()

    with pytest.raises(Reject) as trouble:
        projects(twin).stage(project, gone)

    assert trouble.value.reason == f"project {project} has no agent stage {gone}; its agent stages: 'Agent 1'"


def test_a_task_of_a_project_that_is_gone_will_never_work(twin: Twin) -> None:
    twin.faults.add(Fault(route="/projects/", status=404))

    with pytest.raises(Reject, match="cannot open project"):
        projects(twin).stage(twin.ids.projects["Pets"], twin.ids.stages["Pets"]["Agent 1"])


def test_a_project_without_a_workflow_is_the_configurations_fault(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Project, "project_type", ProjectType.MANUAL_QA)
    with pytest.raises(Misconfigured, match="has no workflow: name a workflow project"):
        projects(twin).titled(twin.ids.projects["Pets"], "Agent 1")


def test_an_unknown_project_is_the_configurations_fault(twin: Twin) -> None:
    with pytest.raises(Misconfigured, match="cannot open project"):
        projects(twin).titled(uuid4(), "Agent 1")


def test_a_project_is_fetched_once(twin: Twin) -> None:
    known = projects(twin)
    known.titled(twin.ids.projects["Pets"], "Agent 1")
    twin.log.reset()
    known.stage(twin.ids.projects["Pets"], twin.ids.stages["Pets"]["Agent 1"])

    assert twin.log.count() == 0


def test_a_title_that_is_new_is_looked_up_afresh(twin: Twin) -> None:
    project, stage = twin.ids.projects["Pets"], twin.ids.stages["Pets"]["Agent 1"]
    known = projects(twin)
    known.titled(project, "Agent 1")
    twin.store.projects[project].stages[stage].title = "Renamed"

    assert known.titled(project, "Renamed").uuid == stage


def test_all_tasks_are_listed_across_pages(stage: Stage) -> None:
    found = list(stage.tasks())

    assert sorted(task.title for task in found) == ["0000.jpg", "0001.jpg", "0002.jpg"]
    assert all(task.branch == "main" and task.updated_at.tzinfo for task in found)


def test_a_page_of_tasks_is_asked_for_when_its_first_task_is(twin: Twin, stage: Stage) -> None:
    twin.log.reset()

    found = stage.tasks()
    assert twin.log.count() == 0
    assert [next(found) and twin.log.count() for _ in range(3)] == [1, 1, 2]


def test_a_page_that_cannot_be_had_is_trouble_of_ours_and_what_came_before_stands(twin: Twin, stage: Stage) -> None:
    found = stage.tasks()
    first = [next(found), next(found)]
    twin.faults.add(Fault(route="/tasks", status=503))

    with pytest.raises(Retry, match="cannot list the tasks of stage 'Agent 1'"):
        next(found)

    assert [task.title for task in first] == ["0000.jpg", "0001.jpg"]


def test_waiting_finds_the_tasks_of_data_units_with_one_request(twin: Twin, stage: Stage) -> None:
    (first, data), *_ = waiting(stage).items()
    twin.log.reset()

    assert stage.waiting([data, uuid4()]) == {first}
    assert twin.log.count() == 1


def test_nothing_to_look_up_save_or_move_asks_nobody(twin: Twin, stage: Stage) -> None:
    twin.log.reset()

    assert stage.waiting([]) == set()
    assert stage.save({}) == {}
    assert stage.proceed({}, {}) == {}
    assert twin.log.count() == 0


def test_a_row_says_which_task_waits_with_it_before_and_after_it_is_opened(twin: Twin, stage: Stage) -> None:
    found = waiting(stage)
    rows = stage.rows(found.values(), "main")
    twin.log.reset()

    assert all(rows[data].waits_as(task) for task, data in found.items())
    assert not any(rows[data].waits_as(uuid4()) for data in found.values())
    assert twin.log.count() == 0
    gone_ahead(twin, *found)
    assert stage.open(rows) == {}
    assert all(rows[data].waits_as(task) for task, data in found.items())


def test_a_row_does_not_say_that_a_task_waits_which_has_left(twin: Twin, stage: Stage) -> None:
    [(first, data), *_] = waiting(stage).items()
    gone_ahead(twin, first)

    assert not stage.rows([data], "main")[data].waits_as(first)


def test_a_row_of_another_branch_does_not_say_so_but_the_stage_does(stage: Stage) -> None:
    found = waiting(stage)
    rows = stage.rows(found.values(), "v2")

    assert not any(rows[data].waits_as(task) for task, data in found.items())
    assert stage.waiting(found.values()) == found.keys()
