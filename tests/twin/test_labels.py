"""Labels saved by the real SDK and read back by it."""

import pytest
from encord.exceptions import ResourceExistsError
from encord.objects import Classification, LabelRowV2, Object, Option
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.project import Project

from sandbox.encord_twin import Settings, Twin, serve
from tests.twin.conftest import connect
from tests.twin.worlds import pets


def classify(project: Project, row: LabelRowV2, animal: str, confidence: float) -> None:
    structure = project.ontology_structure
    classification = structure.get_child_by_title("Animal", type_=Classification)
    option = classification.get_child_by_title(animal, type_=Option)
    instance = classification.create_instance()
    instance.set_answer(option)
    instance.set_for_frames(0, confidence=confidence, manual_annotation=False)
    row.add_classification_instance(instance)


def initialise(project: Project, *, include_signed_url: bool = False) -> list[LabelRowV2]:
    rows = project.list_label_rows_v2()
    with project.create_bundle() as bundle:
        for row in rows:
            row.initialise_labels(bundle=bundle, include_signed_url=include_signed_url)
    return rows


def test_a_bundle_of_classifications_comes_back_with_confidences(twin: Twin, project: Project) -> None:
    rows = initialise(project, include_signed_url=True)
    twin.log.reset()
    for row in rows:
        classify(project, row, "Cat", confidence=0.87)
    with project.create_bundle() as bundle:
        for row in rows:
            row.save(bundle=bundle)

    read = initialise(project)

    assert all(row.is_labelling_initialised for row in read)
    for row in read:
        [instance] = row.get_classification_instances()
        answer = instance.get_answer()
        assert isinstance(answer, Option)
        assert (answer.label, instance.get_annotation(0).confidence) == ("Cat", 0.87)
    assert twin.log.by_route == {
        "POST legacy labelrow POST": 1,
        "POST legacy labelrowmetadata GET": 1,
        "POST legacy labelrow GET": 1,
    }


def test_boxes_come_back_where_they_were_drawn(project: Project) -> None:
    row = initialise(project)[0]
    box = BoundingBoxCoordinates(height=0.2, width=0.3, top_left_x=0.1, top_left_y=0.1)
    thing = project.ontology_structure.get_child_by_title("Thing", type_=Object).create_instance()
    thing.set_for_frames(box, 0, confidence=0.91)
    row.add_object_instance(thing)
    row.save()

    [read] = project.list_label_rows_v2(label_hashes=[row.label_hash or ""])
    read.initialise_labels()

    [found] = read.get_object_instances()
    assert found.get_annotation(0).coordinates == box


def test_links_are_signed_only_on_request_and_never_taken_from_what_was_saved(twin: Twin, project: Project) -> None:
    signed = initialise(project, include_signed_url=True)[0]
    signed.save()

    unsigned = initialise(project)[0]

    assert (signed.data_link or "").startswith(f"{twin.url}/signed/")
    assert unsigned.data_link == "pets/seed/0000.jpg"


def test_the_last_save_wins_whole(twin: Twin, project: Project) -> None:
    first, second = initialise(project)[0], initialise(project)[0]
    classify(project, first, "Cat", confidence=0.5)
    classify(project, second, "Dog", confidence=0.6)

    first.save()
    second.save()

    [saved] = [row for row in twin.store.projects[twin.ids.projects["Pets"]].by_label_hash.values() if row.saves]
    assert [one["classifications"][0]["answers"][0]["name"] for one in saved.classification_answers.values()] == ["Dog"]


def test_branches_keep_labels_of_their_own(project: Project) -> None:
    main = initialise(project)[0]
    classify(project, main, "Cat", confidence=1.0)
    main.save()
    other = project.list_label_rows_v2(branch_name="encord-second")[0]
    other.initialise_labels()

    listed = project.list_label_rows_v2(data_hashes=[main.data_hash], include_all_label_branches=True)

    assert other.get_classification_instances() == []
    assert {(row.branch_name, row.label_hash) for row in listed} == {
        ("main", main.label_hash),
        ("encord-second", other.label_hash),
    }


def test_a_listing_says_where_the_task_waits(project: Project) -> None:
    [row] = project.list_label_rows_v2(data_title_like="%0002%", workflow_graph_node_title_eq="Agent 1")

    row.initialise_labels()
    row.workflow_complete()

    [done] = project.list_label_rows_v2(workflow_graph_node_title_eq="Complete")
    assert done.data_title == "0002.jpg"
    assert row.task_uuid == done.task_uuid


def test_a_strict_twin_refuses_to_create_a_label_row_twice() -> None:
    with serve(pets(tasks=1), settings=Settings(existing_label_rows="refuse")) as twin:
        project = connect(twin).get_project(twin.ids.projects["Pets"])
        first, second = project.list_label_rows_v2()[0], project.list_label_rows_v2()[0]
        first.initialise_labels()

        with pytest.raises(ResourceExistsError):
            second.initialise_labels()
