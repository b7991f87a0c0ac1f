"""Several annotators on one data unit, and the review of what they made of it."""

from collections.abc import Iterator

import pytest
from encord.exceptions import InvalidArgumentsError
from encord.objects import Classification, Option
from encord.project import Project
from encord.workflow.stages.agent import AgentStage
from encord.workflow.stages.annotation import AnnotationTask
from encord.workflow.stages.consensus_annotation import ConsensusAnnotationStage
from encord.workflow.stages.consensus_review import ConsensusReviewStage, ConsensusReviewTask
from encord.workflow.stages.final import FinalStage
from pydantic import ValidationError

from sandbox.encord_twin import StageSpec, StageType, Twin, serve
from sandbox.encord_twin.state import state_json
from tests.twin.conftest import connect
from tests.twin.worlds import pets

ANN, BEN = "ann@twin.local", "ben+night@twin.local"
STAGES = [
    StageSpec(title="Agent 1", type=StageType.AGENT, pathways={"YES": "Consensus", "NO": "Complete"}),
    StageSpec(title="Consensus", type=StageType.CONSENSUS_ANNOTATION, next="Consensus 1", annotators=[ANN, BEN]),
    StageSpec(title="Consensus 1", type=StageType.CONSENSUS_REVIEW, next="Complete", rejected="Archive"),
    StageSpec(title="Complete", type=StageType.DONE),
    StageSpec(title="Archive", type=StageType.DONE),
]


@pytest.fixture
def twin() -> Iterator[Twin]:
    with serve(pets(tasks=2, stages=STAGES)) as served:
        yield served


@pytest.fixture
def project(twin: Twin) -> Project:
    project = connect(twin).get_project(twin.ids.projects["Pets"])
    for task in project.workflow.get_stage(name="Agent 1", type_=AgentStage).get_tasks():
        task.proceed("YES")
    return project


@pytest.fixture
def annotation(project: Project) -> ConsensusAnnotationStage:
    return project.workflow.get_stage(name="Consensus", type_=ConsensusAnnotationStage)


@pytest.fixture
def review(project: Project) -> ConsensusReviewStage:
    return project.workflow.get_stage(name="Consensus 1", type_=ConsensusReviewStage)


def classify(project: Project, subtask: AnnotationTask, animal: str) -> None:
    """Label the subtask's branch and submit it."""
    [row] = project.list_label_rows_v2(data_hashes=[subtask.data_hash], branch_name=subtask.label_branch_name)
    row.initialise_labels()
    classification = project.ontology_structure.get_child_by_title("Animal", type_=Classification)
    instance = classification.create_instance()
    instance.set_answer(classification.get_child_by_title(animal, type_=Option))
    instance.set_for_frames(0)
    row.add_classification_instance(instance)
    row.save()
    subtask.submit()


def to_review(annotation: ConsensusAnnotationStage, review: ConsensusReviewStage) -> ConsensusReviewTask:
    """Submit the first task's subtasks."""
    for subtask in next(iter(annotation.get_tasks())).subtasks:
        subtask.submit()
    return next(iter(review.get_tasks()))


def test_each_annotator_has_a_subtask_with_a_branch_of_its_own(annotation: ConsensusAnnotationStage) -> None:
    first, second = annotation.get_tasks()

    assert [(one.assignee, one.label_branch_name, one.status) for one in first.subtasks] == [
        (ANN, "encord-ann-twin.local", "ASSIGNED"),
        (BEN, "encord-ben-night-twin.local", "ASSIGNED"),
    ]
    uuids = {first.uuid, second.uuid} | {subtask.uuid for task in (first, second) for subtask in task.subtasks}
    assert len(uuids) == 6


def test_the_task_goes_on_to_its_review_when_all_subtasks_are_submitted(
    annotation: ConsensusAnnotationStage, review: ConsensusReviewStage
) -> None:
    first, second = annotation.get_tasks()
    mine, yours = first.subtasks

    mine.submit()
    [half, _] = annotation.get_tasks()
    yours.submit()

    assert [one.status for one in half.subtasks] == ["COMPLETED", "ASSIGNED"]
    assert [task.uuid for task in annotation.get_tasks()] == [second.uuid]
    assert [task.uuid for task in review.get_tasks()] == [first.uuid]


def test_a_bundle_of_all_subtasks_takes_all_tasks_on(
    project: Project, annotation: ConsensusAnnotationStage, review: ConsensusReviewStage
) -> None:
    with project.create_bundle() as bundle:
        for task in annotation.get_tasks():
            for subtask in task.subtasks:
                subtask.submit(bundle=bundle)

    assert len(list(review.get_tasks())) == 2


def test_a_subtask_submitted_twice_rejects_its_whole_request(
    project: Project, annotation: ConsensusAnnotationStage
) -> None:
    first, second = annotation.get_tasks()
    first.subtasks[0].submit()
    bundle = project.create_bundle()
    second.subtasks[0].submit(bundle=bundle)
    first.subtasks[0].submit(bundle=bundle)

    with pytest.raises(InvalidArgumentsError, match="was submitted before"):
        bundle.execute()

    assert [task.subtasks[0].status for task in annotation.get_tasks()] == ["COMPLETED", "ASSIGNED"]


def test_the_review_offers_every_annotators_labels(
    project: Project, annotation: ConsensusAnnotationStage, review: ConsensusReviewStage
) -> None:
    first, _ = annotation.get_tasks()
    for subtask, animal in zip(first.subtasks, ("Cat", "Dog"), strict=True):
        classify(project, subtask, animal)

    [task] = review.get_tasks()

    answers = {}
    for option in task.options:
        [row] = project.list_label_rows_v2(label_hashes=[str(option.label_hash)], branch_name=option.label_branch_name)
        row.initialise_labels()
        [instance] = row.get_classification_instances()
        answer = instance.get_answer()
        assert isinstance(answer, Option)
        answers[option.annotator] = answer.label
    assert answers == {ANN: "Cat", BEN: "Dog"}


def test_an_option_without_labels_has_no_label_hash(
    annotation: ConsensusAnnotationStage, review: ConsensusReviewStage
) -> None:
    assert [option.label_hash for option in to_review(annotation, review).options] == [None, None]


def test_a_subtask_counts_for_whom_it_was_assigned_to_last(
    annotation: ConsensusAnnotationStage, review: ConsensusReviewStage
) -> None:
    first, _ = annotation.get_tasks()
    first.subtasks[0].assign("cat@twin.local")
    first.subtasks[1].release()
    [reassigned] = annotation.get_tasks(assignee="cat@twin.local")
    for subtask in reassigned.subtasks:
        subtask.submit()

    [task] = review.get_tasks()

    assert reassigned.subtasks[1].status == "RELEASED"
    assert [option.annotator for option in task.options] == ["cat@twin.local", "agent@twin.local"]


def test_an_approved_task_goes_on_and_main_stays_as_it_was(
    project: Project, annotation: ConsensusAnnotationStage, review: ConsensusReviewStage
) -> None:
    first, _ = annotation.get_tasks()
    for subtask in first.subtasks:
        classify(project, subtask, "Cat")
    [task] = review.get_tasks()

    task.approve()

    done = project.workflow.get_stage(name="Complete", type_=FinalStage)
    [main] = project.list_label_rows_v2(data_hashes=[task.data_hash])
    assert [one.uuid for one in done.get_tasks()] == [first.uuid]
    assert main.label_hash is None


def test_a_rejected_task_is_archived(
    project: Project, annotation: ConsensusAnnotationStage, review: ConsensusReviewStage
) -> None:
    task = to_review(annotation, review)

    task.reject()

    archive = project.workflow.get_stage(name="Archive", type_=FinalStage)
    assert [one.uuid for one in archive.get_tasks()] == [task.uuid]


def test_a_review_is_assigned_and_released(annotation: ConsensusAnnotationStage, review: ConsensusReviewStage) -> None:
    task = to_review(annotation, review)
    task.assign("rev@twin.local")
    [mine] = review.get_tasks(assignee="rev@twin.local")
    mine.release()

    [released] = review.get_tasks()

    assert (mine.status, released.status, released.assignee) == ("ASSIGNED", "RELEASED", None)


def test_a_task_moved_back_opens_its_subtasks_again(
    twin: Twin, annotation: ConsensusAnnotationStage, review: ConsensusReviewStage
) -> None:
    task = to_review(annotation, review)

    task.move(destination_stage_uuid=twin.ids.stages["Pets"]["Consensus"])

    [reopened] = annotation.get_tasks(data_hash=task.data_hash)
    assert [(one.status, one.assignee) for one in reopened.subtasks] == [("REOPENED", ANN), ("REOPENED", BEN)]


def test_the_whole_task_can_be_moved_out_but_not_acted_on(twin: Twin, annotation: ConsensusAnnotationStage) -> None:
    first, second = annotation.get_tasks()
    subtask = first.subtasks[0].model_copy(update={"uuid": first.uuid})

    with pytest.raises(InvalidArgumentsError, match="not in stage 'Consensus'"):
        subtask.submit()
    first.move(destination_stage_uuid=twin.ids.stages["Pets"]["Archive"])

    assert [task.uuid for task in annotation.get_tasks()] == [second.uuid]


@pytest.mark.parametrize("annotators", [[], ["a+b@x", "a-b@x"]], ids=["nobody", "two with one branch"])
def test_a_consensus_stage_needs_annotators_with_different_branches(annotators: list[str]) -> None:
    with pytest.raises(ValidationError, match="annotator"):
        StageSpec(title="Consensus", type=StageType.CONSENSUS_ANNOTATION, next="Review", annotators=annotators)


def test_the_state_shows_subtasks_and_branches(
    twin: Twin, project: Project, annotation: ConsensusAnnotationStage
) -> None:
    first, _ = annotation.get_tasks()
    classify(project, first.subtasks[0], "Cat")

    [shown] = state_json(twin.store)["projects"]

    assert shown["branches"] == ["main", "encord-ann-twin.local"]
    assert [one["status"] for one in shown["stages"]["Consensus"][0]["subtasks"]] == ["COMPLETED", "ASSIGNED"]


def test_a_subtask_of_a_stage_the_task_was_moved_from_is_stale() -> None:
    second = StageSpec(title="Again", type=StageType.CONSENSUS_ANNOTATION, next="Consensus 1", annotators=[ANN])
    with serve(pets(tasks=1, stages=[*STAGES[1:], second])) as twin:
        workflow = connect(twin).get_project(twin.ids.projects["Pets"]).workflow
        again = workflow.get_stage(name="Again", type_=ConsensusAnnotationStage)
        [task] = workflow.get_stage(name="Consensus", type_=ConsensusAnnotationStage).get_tasks()
        task.move(destination_stage_uuid=again.uuid)
        [moved] = again.get_tasks()
        stale = moved.subtasks[0].model_copy(update={"uuid": task.subtasks[0].uuid})

        with pytest.raises(InvalidArgumentsError, match="1 of 1 tasks are not in stage 'Again'"):
            stale.submit()


def test_a_dataset_removed_during_consensus_takes_its_subtasks_along(
    twin: Twin, project: Project, annotation: ConsensusAnnotationStage
) -> None:
    mine, yours = next(iter(annotation.get_tasks())).subtasks
    mine.submit()

    project.remove_datasets([str(twin.ids.datasets["pets"])])

    with pytest.raises(InvalidArgumentsError, match="1 of 1 tasks"):
        yours.submit()
    assert list(annotation.get_tasks()) == []

    project.add_datasets([str(twin.ids.datasets["pets"])])

    assert len(list(project.workflow.get_stage(name="Agent 1", type_=AgentStage).get_tasks())) == 2
