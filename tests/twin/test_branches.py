"""Versions of labels side by side."""

import pytest
from encord.exceptions import InvalidArgumentsError
from encord.objects import Classification, LabelRowV2, Option
from encord.project import Project

from sandbox.encord_twin import Twin


def classified(project: Project, row: LabelRowV2, animal: str) -> LabelRowV2:
    """The row, labelled and saved."""
    row.initialise_labels(overwrite=True)
    classification = project.ontology_structure.get_child_by_title("Animal", type_=Classification)
    instance = classification.create_instance()
    instance.set_answer(classification.get_child_by_title(animal, type_=Option))
    instance.set_for_frames(0)
    for old in row.get_classification_instances():
        row.remove_classification(old)
    row.add_classification_instance(instance)
    row.save()
    return row


def answers(project: Project, branch: str) -> list[str]:
    """What was answered on a branch, in order of the data."""
    rows = [row for row in project.list_label_rows_v2(branch_name=branch) if row.label_hash]
    found = project.get_label_classifications([row.label_hash or "" for row in rows], branch_name=branch)
    return [one.classifications[0].answers[0]["name"] for row in found for one in row.classification_answers.values()]


def test_the_branches_are_those_with_label_rows_and_main(project: Project) -> None:
    for branch in ("v2", "encord-ann"):
        project.list_label_rows_v2(branch_name=branch)[0].initialise_labels()

    assert list(project.list_branches()) == ["main", "encord-ann", "v2"]


def test_branches_are_listed_across_pages(twin: Twin, project: Project) -> None:
    rows = project.list_label_rows_v2(branch_name="main")
    kept = twin.store.projects[twin.ids.projects["Pets"]]
    kept.branches |= {f"b{number:03}" for number in range(150)}

    assert len(list(project.list_branches())) == 151
    assert rows[0].branch_name == "main"


def test_a_copied_branch_has_labels_and_hashes_of_its_own(project: Project) -> None:
    main = classified(project, project.list_label_rows_v2()[0], "Cat")

    copied = project.copy_labels_to_branch("v1")
    classified(project, main, "Dog")

    [there] = [row for row in project.list_label_rows_v2(branch_name="v1") if row.label_hash]
    assert copied == 1
    assert there.label_hash != main.label_hash
    assert (answers(project, "main"), answers(project, "v1")) == (["Dog"], ["Cat"])


def test_a_copy_writes_over_what_is_there_only_on_request(project: Project) -> None:
    first, second = project.list_label_rows_v2()[:2]
    classified(project, first, "Cat")
    project.copy_labels_to_branch("v1")
    classified(project, first, "Dog")
    classified(project, second, "Dog")

    assert project.copy_labels_to_branch("v1") == 1
    assert answers(project, "v1") == ["Cat", "Dog"]
    assert project.copy_labels_to_branch("v1", overwrite=True) == 2
    assert answers(project, "v1") == ["Dog", "Dog"]


def test_labels_come_back_to_main_from_a_branch(project: Project) -> None:
    row = project.list_label_rows_v2(branch_name="encord-ann")[0]
    classified(project, row, "Dog")

    copied = project.copy_labels_to_branch("main", source_branch="encord-ann", data_hashes=[row.data_hash])

    assert (copied, answers(project, "main")) == (1, ["Dog"])


def test_many_rows_are_copied_in_batches_of_fifty(twin: Twin, project: Project) -> None:
    rows = project.list_label_rows_v2()
    with project.create_bundle() as bundle:
        for row in rows:
            row.initialise_labels(bundle=bundle)
    twin.log.reset()

    assert project.copy_labels_to_branch("v1", batch_size=2) == 5
    assert twin.log.count("copy-branch") == 3


@pytest.mark.parametrize("name", ["ann@twin.local", "v 1", "ü"])
def test_a_branch_with_an_impossible_name_is_refused(project: Project, name: str) -> None:
    classified(project, project.list_label_rows_v2()[0], "Cat")

    with pytest.raises(InvalidArgumentsError, match="branch name"):
        project.copy_labels_to_branch(name)
    with pytest.raises(InvalidArgumentsError, match="branch name"):
        project.list_label_rows_v2(branch_name=name)[0].initialise_labels()


def test_classifications_are_read_of_the_branch_that_is_named(project: Project) -> None:
    main = classified(project, project.list_label_rows_v2()[0], "Cat")
    other = classified(project, project.list_label_rows_v2(branch_name="v1")[0], "Dog")

    [read] = project.get_label_classifications([main.label_hash or ""], branch_name="v1")

    assert (str(read.label_uuid), read.branch_name) == (other.label_hash, "v1")
    assert list(project.get_label_classifications([main.label_hash or ""], branch_name="v2")) == []


def test_a_row_on_a_branch_has_no_task_to_complete(project: Project) -> None:
    row = project.list_label_rows_v2(branch_name="v1")[0]
    row.initialise_labels()

    with pytest.raises(InvalidArgumentsError, match="have no task"):
        row.workflow_complete()
