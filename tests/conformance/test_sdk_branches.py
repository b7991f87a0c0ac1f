"""The SDK's calls about label branches: copying, listing, and one label row per branch."""

from collections.abc import Iterator

import pytest
from encord import EncordUserClient
from encord.project import Project
from encord.workflow import AgentStage, ConsensusAnnotationStage, ConsensusReviewStage, ConsensusReviewTask

from sandbox.encord_twin import Twin, serve

from .benchmark_world import ANN, PRODUCTION, answer, benchmark
from .conftest import announce
from .looking import queues, state_of

CAT = "truth-cat.jpg"
MAIN, FIRST, SECOND = "main", "encord-first", "encord-second"


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    with serve(benchmark()) as served:
        announce(served, monkeypatch)
        yield served


@pytest.fixture
def project(twin: Twin, client: EncordUserClient) -> Project:
    return client.get_project(str(twin.ids.projects[PRODUCTION]))


def saved(twin: Twin) -> dict[tuple[str, str], list[str]]:
    """The answers by title and branch."""
    rows = state_of(twin, PRODUCTION)["label_rows"]
    return {(row["title"], row["branch"]): [one["answers"]["Animal"] for one in row["classifications"]] for row in rows}


def test_labels_are_copied_to_a_new_branch_and_stay_where_they_were(twin: Twin, project: Project) -> None:
    answer(project, CAT, "Cat")

    copied = project.copy_labels_to_branch(FIRST)

    assert copied == 1
    assert saved(twin) == {(CAT, MAIN): ["Cat"], (CAT, FIRST): ["Cat"]}


@pytest.mark.parametrize(("overwrite", "kept"), [(False, "Dog"), (True, "Cat")])
def test_labels_already_on_the_target_are_skipped_unless_overwritten(
    overwrite: bool, kept: str, twin: Twin, project: Project
) -> None:
    answer(project, CAT, "Cat")
    answer(project, CAT, "Dog", FIRST)

    copied = project.copy_labels_to_branch(FIRST, overwrite=overwrite)

    assert copied == int(overwrite)
    assert saved(twin) == {(CAT, MAIN): ["Cat"], (CAT, FIRST): [kept]}


def test_every_branch_in_use_is_listed_once(project: Project) -> None:
    answer(project, CAT, "Cat")
    answer(project, "truth-dog.jpg", "Dog", FIRST)
    answer(project, CAT, "Dog", FIRST)

    assert sorted(project.list_branches()) == [FIRST, MAIN]


def test_a_label_row_per_branch_has_labels_of_its_own(twin: Twin, project: Project) -> None:
    answer(project, CAT, "Cat", FIRST)
    answer(project, CAT, "Dog", SECOND)

    rows = project.list_label_rows_v2(data_title_eq=CAT, include_all_label_branches=True)

    hashes = {row.branch_name: row.label_hash for row in rows if row.label_hash}
    assert hashes.keys() == {FIRST, SECOND}
    assert hashes[FIRST] != hashes[SECOND]
    assert saved(twin) == {(CAT, FIRST): ["Cat"], (CAT, SECOND): ["Dog"]}


@pytest.fixture
def disputed(project: Project) -> ConsensusReviewTask:
    """A task at the consensus review that Ann called a cat and Ben a dog."""
    agent = project.workflow.get_stage(name="Benchmark Task?", type_=AgentStage)
    next(iter(agent.get_tasks(data_title=CAT))).proceed(pathway_name="YES")
    stage = project.workflow.get_stage(name="Consensus Annotate", type_=ConsensusAnnotationStage)
    for subtask in next(iter(stage.get_tasks())).subtasks:
        answer(project, CAT, "Cat" if subtask.assignee == ANN else "Dog", subtask.label_branch_name)
        subtask.submit()
    return next(iter(project.workflow.get_stage(name="Consensus 1", type_=ConsensusReviewStage).get_tasks()))


def test_a_consensus_is_settled_by_copying_the_better_branch_and_approving(
    disputed: ConsensusReviewTask, twin: Twin, project: Project
) -> None:
    [ann] = [option for option in disputed.options if option.annotator == ANN]

    copied = project.copy_labels_to_branch(MAIN, ann.label_branch_name, data_hashes=[str(disputed.data_hash)])
    disputed.approve()

    assert copied == 1
    assert saved(twin)[CAT, MAIN] == ["Cat"]
    assert queues(twin, PRODUCTION)["Complete"] == [CAT]


def test_a_rejected_consensus_leaves_nothing_on_main(disputed: ConsensusReviewTask, twin: Twin) -> None:
    disputed.reject()

    assert (CAT, MAIN) not in saved(twin)
    assert queues(twin, PRODUCTION)["Archive"] == [CAT]
