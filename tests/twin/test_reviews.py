"""Verdicts on single labels, beside those on whole tasks."""

import pytest
from encord.exceptions import InvalidArgumentsError, ResourceNotFoundError
from encord.objects import Classification, LabelRowV2, Object, Option
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.project import Project
from encord.workflow.stages.agent import AgentStage
from encord.workflow.stages.annotation import AnnotationStage
from encord.workflow.stages.review import ReviewStage, ReviewTask

from sandbox.encord_twin import Twin
from sandbox.encord_twin.state import state_json


@pytest.fixture
def review(project: Project) -> ReviewStage:
    return project.workflow.get_stage(name="Review", type_=ReviewStage)


@pytest.fixture
def annotate(project: Project) -> AnnotationStage:
    return project.workflow.get_stage(name="Annotate", type_=AnnotationStage)


def label(project: Project, row: LabelRowV2) -> None:
    """A classification and a box."""
    structure = project.ontology_structure
    animal = structure.get_child_by_title("Animal", type_=Classification)
    answer = animal.create_instance()
    answer.set_answer(animal.get_child_by_title("Cat", type_=Option))
    answer.set_for_frames(0)
    row.add_classification_instance(answer)
    thing = structure.get_child_by_title("Thing", type_=Object).create_instance()
    thing.set_for_frames(BoundingBoxCoordinates(height=0.2, width=0.3, top_left_x=0.1, top_left_y=0.1), 0)
    row.add_object_instance(thing)
    row.save()


@pytest.fixture
def task(project: Project, agent: AgentStage, review: ReviewStage) -> ReviewTask:
    """A labelled task in review."""
    waiting = next(iter(agent.get_tasks()))
    [row] = project.list_label_rows_v2(data_hashes=[waiting.data_hash])
    row.initialise_labels()
    label(project, row)
    waiting.proceed("Other")
    return next(iter(review.get_tasks()))


def statuses(task: ReviewTask) -> dict[str, str]:
    return {review.label_type: review.status.value for review in task.get_label_reviews()}


def test_every_label_has_a_review(project: Project, task: ReviewTask) -> None:
    [row] = project.list_label_rows_v2(data_hashes=[task.data_hash])
    row.initialise_labels()

    reviews = {review.label_id: review.label_type for review in task.get_label_reviews()}

    assert reviews == {
        row.get_object_instances()[0].object_hash: "Object",
        row.get_classification_instances()[0].classification_hash: "Classification",
    }


def test_labels_are_approved_rejected_and_reopened_one_by_one(twin: Twin, project: Project, task: ReviewTask) -> None:
    box, animal = task.get_label_reviews()
    with project.create_bundle() as bundle:
        box.reject(comment="too wide", issue_tags=["size"], bundle=bundle)
        animal.approve(bundle=bundle)
    decided = statuses(task)
    box.reopen()

    kept = twin.store.projects[twin.ids.projects["Pets"]].reviews[task.uuid]
    assert decided == {"Object": "REJECTED", "Classification": "APPROVED"}
    assert statuses(task) == {"Object": "REOPENED", "Classification": "APPROVED"}
    assert [(one.comment, one.tags) for one in kept.values() if one.comment] == [("too wide", ("size",))]


def test_an_unknown_review_rejects_the_whole_request(project: Project, task: ReviewTask) -> None:
    box, animal = task.get_label_reviews()
    strange = animal.model_copy(update={"uuid": task.uuid})
    strange._workflow_client, strange._stage_uuid, strange._task_uuid = animal._get_client_data()
    bundle = project.create_bundle()
    box.approve(bundle=bundle)
    strange.approve(bundle=bundle)

    with pytest.raises(InvalidArgumentsError, match="has no label review"):
        bundle.execute()

    assert statuses(task)["Object"] == "NEW"


def test_open_reviews_follow_an_approved_task_and_verdicts_stand(twin: Twin, task: ReviewTask) -> None:
    box, _animal = task.get_label_reviews()
    box.reject()

    task.approve()

    kept = twin.store.projects[twin.ids.projects["Pets"]].reviews[task.uuid].values()
    assert {one.label_type: one.status for one in kept} == {"Object": "REJECTED", "Classification": "APPROVED"}


def test_rejected_labels_are_resolved_when_the_annotator_submits(
    annotate: AnnotationStage, review: ReviewStage, task: ReviewTask
) -> None:
    box, _animal = task.get_label_reviews()
    box.approve()
    task.reject()
    next(iter(annotate.get_tasks())).submit()

    [returned] = review.get_tasks()

    assert statuses(returned) == {"Object": "APPROVED", "Classification": "RESOLVED"}


def test_a_task_that_left_its_review_has_no_reviews_there(task: ReviewTask) -> None:
    task.approve()

    with pytest.raises(ResourceNotFoundError):
        list(task.get_label_reviews())


def test_a_task_goes_on_with_the_assignee_it_is_given_or_keeps(
    annotate: AnnotationStage, review: ReviewStage, task: ReviewTask
) -> None:
    task.reject(assignee="ann@twin.local")
    [given] = annotate.get_tasks(assignee="ann@twin.local")
    given.submit(retain_assignee=True)

    [kept] = review.get_tasks()

    assert (given.status, kept.assignee) == ("ASSIGNED", "ann@twin.local")


def test_nobody_can_be_retained_where_nobody_is_assigned(review: ReviewStage, task: ReviewTask) -> None:
    with pytest.raises(InvalidArgumentsError, match="has no assignee"):
        task.approve(retain_assignee=True)

    assert [waiting.uuid for waiting in review.get_tasks()] == [task.uuid]


def test_the_state_shows_reviews_with_their_reasons(twin: Twin, task: ReviewTask) -> None:
    box, _animal = task.get_label_reviews()
    box.reject(comment="too wide")

    [shown] = state_json(twin.store)["projects"]

    [waiting] = shown["stages"]["Review"]
    assert {one["type"]: (one["status"], one["comment"]) for one in waiting["reviews"]} == {
        "Object": ("REJECTED", "too wide"),
        "Classification": ("NEW", None),
    }
