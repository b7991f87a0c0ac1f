"""Agent stages through the real SDK, against the twin."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from encord.orm.project import ProjectType
from encord.project import Project
from encord.workflow.stages.agent import AgentStage

from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.encord_platform.workflow import Stage
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.labels.proposals import Answer
from sandbox.encord_twin import Fault, Twin
from tests.adapters.platform_world import CLASSIFY, DESCRIBE, answers, first_stage, label_rows, opened, projects, served
from tests.twin import conftest

CAT = (Answer("Animal", "Cat", 0.9),)


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served() as twin:
        yield twin


@pytest.fixture
def stage(twin: Twin) -> Stage:
    return first_stage(twin)


def tasks(stage: Stage) -> dict[UUID, UUID]:
    """Data units of the tasks that wait, by task; the stage may move them from now on."""
    found = {task.task: task.data for task in stage.tasks()}
    stage.waiting(found.values())
    return found


def gone_ahead(twin: Twin, task: UUID) -> None:
    """Somebody else moves a task."""
    project = conftest.connect(twin).get_project(twin.ids.projects["Pets"])
    agent = project.workflow.get_stage(name="Agent 1", type_=AgentStage)
    next(one for one in agent.get_tasks() if one.uuid == task).proceed(pathway_name="Other")


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
    with pytest.raises(Misconfigured, match=f"has no agent stage {uuid}"):
        projects(twin).stage(project, uuid)


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


def test_all_tasks_are_listed_across_pages(stage: Stage) -> None:
    found = stage.tasks()

    assert sorted(task.title for task in found) == ["0000.jpg", "0001.jpg", "0002.jpg"]
    assert all(task.branch == "main" and task.updated_at.tzinfo for task in found)


def test_waiting_finds_the_tasks_of_data_units_with_one_request(twin: Twin, stage: Stage) -> None:
    (first, data), *_ = tasks(stage).items()
    twin.log.reset()

    assert stage.waiting([data, uuid4()]) == {first}
    assert twin.log.count() == 1


def deleted(twin: Twin, data: UUID) -> None:
    """Somebody deletes a data unit from its dataset."""
    [dataset] = twin.ids.datasets.values()
    conftest.connect(twin).get_dataset(dataset).delete_data([str(data)])


def test_rows_are_opened_together_and_unknown_ones_left_out(twin: Twin, stage: Stage) -> None:
    found = tasks(stage)
    twin.log.reset()

    rows = opened(stage, [*found.values(), uuid4()])

    assert rows.keys() == set(found.values())
    assert all(row.is_open for row in rows.values())
    assert twin.log.count() <= 3


@pytest.mark.parametrize("known", [False, True], ids=["never opened before", "opened before"])
def test_a_row_that_is_gone_falls_out_alone_when_rows_are_opened(twin: Twin, stage: Stage, *, known: bool) -> None:
    found = tasks(stage)
    if known:
        opened(stage, found.values())
    rows = stage.rows(found.values(), "main")
    gone, *others = rows
    deleted(twin, gone)

    refused = stage.open(rows)

    assert [(data, type(trouble)) for data, trouble in refused.items()] == [(gone, Reject)]
    assert [rows[data].is_open for data in others] == [True, True]


def test_rows_that_were_opened_before_one_was_refused_are_not_opened_twice(twin: Twin, stage: Stage) -> None:
    # GIVEN a row that has been opened by somebody, so that it takes a request of another kind than the others
    *others, known = stage.rows(tasks(stage).values(), "main")
    opened(stage, [known])
    rows = stage.rows([*others, known], "main")
    twin.faults.add(Fault(route="labelrow GET", code="RESOURCE_NOT_FOUND_ERROR", times=2))

    # WHEN that request is refused after the other was answered
    refused = stage.open(rows)

    assert list(refused) == [known]
    assert [rows[data].is_open for data in others] == [True, True]


def left_out(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, Encord's answers lack the row."""
    monkeypatch.setattr(row._row, "initialise_labels", lambda **_: None)


def test_a_row_that_the_platform_left_out_falls_out_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = stage.rows(tasks(stage).values(), "main")
    first, *others = rows
    left_out(rows[first], monkeypatch)

    refused = stage.open(rows)

    assert {data: trouble.reason for data, trouble in refused.items()} == {
        first: "cannot open label rows: Encord's answer lacks it"
    }
    assert [rows[data].is_open for data in others] == [True, True]


def test_labels_of_before_are_not_taken_for_todays(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = opened(stage, tasks(stage).values())
    first, *_ = rows
    left_out(rows[first], monkeypatch)

    refused = stage.open_afresh(rows)

    assert [(data, type(trouble)) for data, trouble in refused.items()] == [(first, Reject)]
    assert isinstance(stage.save({first: rows[first]})[first], Reject)


def test_rows_are_saved_with_one_request(twin: Twin, stage: Stage) -> None:
    found = tasks(stage)
    rows = opened(stage, found.values())
    for row in rows.values():
        row.write(CAT, CLASSIFY)
    twin.log.reset()

    assert stage.save({task: rows[data] for task, data in found.items()}) == {}

    assert twin.log.count() == 1
    assert [answers(row) for row in label_rows(twin).values()] == [{"Animal": "Cat"}] * 3


def test_a_refused_bundle_is_saved_row_by_row(twin: Twin, stage: Stage) -> None:
    # GIVEN a platform that refuses the bundle, and then the first row
    found = tasks(stage)
    rows = opened(stage, found.values())
    for row in rows.values():
        row.write(CAT, CLASSIFY)
    twin.faults.add(Fault(route="labelrow POST", code="RESOURCE_NOT_FOUND_ERROR", times=2))

    refused = stage.save({task: rows[data] for task, data in found.items()})

    # THEN the other two are saved
    assert [type(trouble) for trouble in refused.values()] == [Reject]
    assert [answers(row) for row in label_rows(twin).values()].count({"Animal": "Cat"}) == 2


def test_nothing_to_save_or_move_asks_nobody(twin: Twin, stage: Stage) -> None:
    twin.log.reset()

    assert stage.save({}) == {}
    assert stage.proceed({}) == {}
    assert twin.log.count() == 0


def test_tasks_proceed_along_their_own_pathways_with_one_request(twin: Twin, stage: Stage) -> None:
    first, *others = tasks(stage)
    twin.log.reset()

    assert stage.proceed({first: "Cat"} | dict.fromkeys(others, "Other")) == {}

    assert twin.log.count() == 1
    assert stage.tasks() == []


def test_one_stale_task_does_not_keep_the_others(twin: Twin, stage: Stage) -> None:
    stale, *others = tasks(stage)
    gone_ahead(twin, stale)

    refused = stage.proceed(dict.fromkeys([*others, stale], "Cat"))

    assert [*refused] == [stale]
    assert isinstance(refused[stale], Reject)
    assert stage.tasks() == []


def test_one_stale_task_alone_is_asked_about_once(twin: Twin, stage: Stage) -> None:
    stale, *_ = tasks(stage)
    gone_ahead(twin, stale)
    twin.log.reset()

    assert [*stage.proceed({stale: "Cat"})] == [stale]
    assert twin.log.count() == 1


def test_a_busy_platform_is_not_asked_one_by_one(twin: Twin, stage: Stage) -> None:
    found = tasks(stage)
    twin.faults.add(Fault(route="/actions", status=429, retry_after=30))
    twin.log.reset()

    with pytest.raises(Retry) as trouble:
        stage.proceed(dict.fromkeys(found, "Cat"))

    assert trouble.value.after == 30
    assert twin.log.count() == 1


def test_rows_opened_afresh_have_what_somebody_else_saved_meanwhile(twin: Twin, stage: Stage) -> None:
    rows = opened(stage, tasks(stage).values())
    [(unit, first), *_] = rows.items()
    other = opened(first_stage(twin), [unit])[unit]
    other.write((Answer("Scene", "Somebody else's.", 0.5),), DESCRIBE)
    other.save()
    first.write(CAT, CLASSIFY)
    twin.log.reset()

    assert stage.open_afresh(rows) == {}

    assert twin.log.count() == 1
    first.write(CAT, CLASSIFY)
    assert stage.save({unit: first}) == {}
    assert answers(label_rows(twin)[unit]) == {"Animal": "Cat", "Scene": "Somebody else's."}


def test_a_row_that_is_gone_falls_out_alone_when_rows_are_opened_afresh(twin: Twin, stage: Stage) -> None:
    rows = opened(stage, tasks(stage).values())
    gone, stays, *_ = rows
    deleted(twin, gone)

    refused = stage.open_afresh(rows)

    assert list(refused) == [gone]
    assert isinstance(refused[gone], Reject)
    rows[stays].write(CAT, CLASSIFY)
    assert stage.save({stays: rows[stays]}) == {}
