"""Tasks on their way through a workflow."""

import pytest
from encord.exceptions import InvalidArgumentsError
from encord.project import Project
from encord.workflow.stages.agent import AgentStage
from encord.workflow.stages.annotation import AnnotationStage
from encord.workflow.stages.review import ReviewStage

from sandbox.encord_twin import Twin


def test_a_queue_is_read_across_pages_of_the_servers_choosing(twin: Twin, agent: AgentStage) -> None:
    twin.log.reset()

    titles = {task.data_title for task in agent.get_tasks()}

    assert len(titles) == 5
    assert twin.log.count("/tasks") == 2


def test_the_queue_can_be_filtered(twin: Twin, agent: AgentStage) -> None:
    third = next(iter(agent.get_tasks(data_title="0003")))

    assert third.data_title == "0003.jpg"
    assert [task.uuid for task in agent.get_tasks(data_hash=[third.data_hash])] == [third.uuid]
    assert list(agent.get_tasks(dataset_hash=twin.ids.projects["Pets"])) == []
    assert len(list(agent.get_tasks(dataset_hash=twin.ids.datasets["pets"]))) == 5


def test_a_bundle_moves_all_its_tasks_with_one_request(twin: Twin, project: Project, agent: AgentStage) -> None:
    tasks = list(agent.get_tasks())
    twin.log.reset()

    with project.create_bundle() as bundle:
        for task in tasks:
            task.proceed(pathway_name="Cat", bundle=bundle)

    assert twin.log.count() == 1
    annotate = project.workflow.get_stage(name="Annotate", type_=AnnotationStage)
    moved = {task.uuid: task for task in annotate.get_tasks()}
    assert moved.keys() == {task.uuid for task in tasks}
    assert all(moved[task.uuid].updated_at > task.updated_at for task in tasks)


def test_one_stale_task_rejects_the_whole_request(project: Project, agent: AgentStage) -> None:
    stale, *others = list(agent.get_tasks())
    stale.proceed(pathway_name="Cat")
    bundle = project.create_bundle()
    for task in (*others, stale):
        task.proceed(pathway_name="Cat", bundle=bundle)

    with pytest.raises(InvalidArgumentsError, match="1 of 5 tasks"):
        bundle.execute()

    assert {task.uuid for task in agent.get_tasks()} == {task.uuid for task in others}


def test_an_unknown_pathway_rejects_the_request(agent: AgentStage) -> None:
    task = next(iter(agent.get_tasks()))

    with pytest.raises(InvalidArgumentsError, match="no pathway 'Bird'"):
        task.proceed(pathway_name="Bird")


def test_a_pathway_by_uuid_passes_through_routers(twin: Twin, project: Project, agent: AgentStage) -> None:
    task = next(iter(agent.get_tasks()))

    task.proceed(pathway_uuid=twin.ids.pathways["Pets"]["Agent 1"]["Other"])

    review = project.workflow.get_stage(name="Review", type_=ReviewStage)
    assert [waiting.uuid for waiting in review.get_tasks()] == [task.uuid]


def test_people_submit_reject_and_approve_until_the_task_is_done(
    twin: Twin, project: Project, agent: AgentStage
) -> None:
    next(iter(agent.get_tasks())).proceed(pathway_name="Cat")
    annotate = project.workflow.get_stage(name="Annotate", type_=AnnotationStage)
    review = project.workflow.get_stage(name="Review", type_=ReviewStage)

    next(iter(annotate.get_tasks())).submit()
    next(iter(review.get_tasks())).reject()
    [returned] = annotate.get_tasks()
    returned.assign("ann@twin.local")
    [mine] = annotate.get_tasks(assignee="ann@twin.local")
    mine.submit()
    next(iter(review.get_tasks())).approve()

    done = twin.store.projects[twin.ids.projects["Pets"]].waiting[twin.ids.stages["Pets"]["Complete"]]
    [task] = done.values()
    assert returned.status.value == "REOPENED"
    assert len(task.visits) == 6


def test_a_task_can_be_moved_without_a_pathway(twin: Twin, project: Project, agent: AgentStage) -> None:
    task = next(iter(agent.get_tasks()))

    task.move(destination_stage_uuid=twin.ids.stages["Pets"]["Review"])

    assert task.uuid not in {waiting.uuid for waiting in agent.get_tasks()}
    assert project.workflow.get_stage(name="Review", type_=ReviewStage).uuid


def test_a_completed_task_is_reopened_where_people_annotate(project: Project, agent: AgentStage) -> None:
    task = next(iter(agent.get_tasks()))
    [row] = project.list_label_rows_v2(data_hashes=[task.data_hash])
    row.initialise_labels()
    row.workflow_complete()

    row.workflow_reopen()

    [reopened] = project.workflow.get_stage(name="Annotate", type_=AnnotationStage).get_tasks()
    assert (reopened.uuid, reopened.status.value) == (task.uuid, "NEW")


def test_the_most_urgent_task_comes_first(project: Project, agent: AgentStage) -> None:
    *_, last = agent.get_tasks()
    [row] = project.list_label_rows_v2(data_hashes=[last.data_hash])

    row.set_priority(0.9)

    assert next(iter(agent.get_tasks())).uuid == last.uuid
