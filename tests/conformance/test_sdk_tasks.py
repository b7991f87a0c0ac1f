"""The SDK's calls about tasks: moving, priorities, completing, reopening, and the reviews of single labels."""

from collections.abc import Iterator

import pytest
from encord import EncordUserClient
from encord.objects import LabelRowV2
from encord.project import Project
from encord.workflow import AgentStage, ReviewStage
from encord.workflow.stages.review import ReviewTask

from sandbox.encord_twin import Settings, Twin, serve
from tests.twin.worlds import pets

from .agents import classify
from .conftest import announce
from .looking import queues, saves, state_of

TITLES = ["0000.jpg", "0001.jpg", "0002.jpg"]


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    with serve(pets(tasks=3), settings=Settings(task_page_size=2)) as served:
        announce(served, monkeypatch)
        yield served


@pytest.fixture
def project(twin: Twin, client: EncordUserClient) -> Project:
    return client.get_project(str(twin.ids.projects["Pets"]))


@pytest.fixture
def agent(project: Project) -> AgentStage:
    return project.workflow.get_stage(name="Agent 1", type_=AgentStage)


def labelled(project: Project, title: str) -> LabelRowV2:
    [row] = project.list_label_rows_v2(data_title_eq=title)
    row.initialise_labels()
    classify(project, row, "Cat")
    row.save()
    return row


def test_a_bundle_moves_tasks_straight_to_another_stage(twin: Twin, project: Project, agent: AgentStage) -> None:
    twin.log.reset()
    with project.create_bundle() as bundle:
        for task in agent.get_tasks():
            task.move(destination_stage_uuid=twin.ids.stages["Pets"]["Review"], bundle=bundle)

    assert queues(twin) == {"Review": TITLES}
    assert twin.log.count("/move-tasks") == 1


def test_priorities_decide_the_order_of_a_queue(twin: Twin, project: Project, agent: AgentStage) -> None:
    twin.log.reset()
    with project.create_bundle() as bundle:
        for row in project.list_label_rows_v2():
            row.set_priority({"0000.jpg": 0.0, "0001.jpg": 1.0, "0002.jpg": 0.7}[row.data_title], bundle=bundle)

    assert [task.data_title for task in agent.get_tasks()] == ["0001.jpg", "0002.jpg", "0000.jpg"]
    assert twin.log.count("/priorities") == 1
    priorities = {task["title"]: task["priority"] for task in state_of(twin)["stages"]["Agent 1"]}
    assert priorities == {"0000.jpg": 0.0, "0001.jpg": 1.0, "0002.jpg": 0.7}


def test_a_completed_row_s_task_is_done_and_a_reopened_one_is_annotated_again_with_its_labels(
    twin: Twin, project: Project
) -> None:
    row = labelled(project, "0001.jpg")

    row.workflow_complete()
    completed = queues(twin)
    row.workflow_reopen()

    assert completed == {"Agent 1": ["0000.jpg", "0002.jpg"], "Complete": ["0001.jpg"]}
    assert queues(twin) == {"Agent 1": ["0000.jpg", "0002.jpg"], "Annotate": ["0001.jpg"]}
    assert saves(twin) == 1
    [task] = state_of(twin)["stages"]["Annotate"]
    assert [visit["stage"] for visit in task["visits"]] == ["Agent 1", "Complete", "Annotate"]


@pytest.fixture
def reviewed(twin: Twin, project: Project, agent: AgentStage) -> ReviewTask:
    """A task at the review stage with one label."""
    labelled(project, "0000.jpg")
    next(iter(agent.get_tasks(data_title="0000"))).move(destination_stage_uuid=twin.ids.stages["Pets"]["Review"])
    return task_at_review(project)


def task_at_review(project: Project) -> ReviewTask:
    return next(iter(project.workflow.get_stage(name="Review", type_=ReviewStage).get_tasks()))


def test_a_single_label_is_rejected_reopened_and_approved_without_moving_its_task(
    twin: Twin, project: Project, reviewed: ReviewTask
) -> None:
    statuses = []
    for verdict in ("reject", "reopen", "approve"):
        [review] = reviewed.get_label_reviews()
        getattr(review, verdict)()
        statuses += [one.status.value for one in reviewed.get_label_reviews()]

    [row] = project.list_label_rows_v2(data_title_eq="0000.jpg")
    row.initialise_labels()
    [label] = row.get_classification_instances()
    assert statuses == ["REJECTED", "REOPENED", "APPROVED"]
    assert (review.label_type, review.label_id) == ("Classification", label.classification_hash)
    assert queues(twin)["Review"] == ["0000.jpg"]


@pytest.mark.parametrize(("verdict", "stage"), [("approve", "Complete"), ("reject", "Annotate")])
def test_a_review_of_the_whole_task_sends_it_on_or_back(
    verdict: str, stage: str, twin: Twin, reviewed: ReviewTask
) -> None:
    getattr(reviewed, verdict)()

    assert queues(twin) == {"Agent 1": TITLES[1:], stage: ["0000.jpg"]}
