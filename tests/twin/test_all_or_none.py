"""Requests about many things change all of them or none, and name what stopped them."""

import pytest
from encord import EncordUserClient
from encord.exceptions import CorruptedLabelError, InvalidArgumentsError, ResourceNotFoundError
from encord.http.bundle import Bundle
from encord.objects import Object
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.orm.storage import DataUploadImage, DataUploadItems
from encord.project import Project
from encord.storage import StorageFolder
from encord.workflow.stages.agent import AgentStage
from encord.workflow.stages.final import FinalStage

from sandbox.encord_twin import FolderSpec, ItemSpec, Settings, Twin, World
from tests.twin.worlds import BUCKET, pets

MANY = 1000  # what the SDK sends at once


@pytest.fixture
def world() -> World:
    loose = FolderSpec(title="loose", items=[ItemSpec(url=f"{BUCKET}/loose.jpg", title="loose.jpg")])
    many = pets(tasks=MANY)
    return many.model_copy(update={"folders": [*many.folders, loose]})


@pytest.fixture
def settings() -> Settings:
    return Settings(job_seconds=60, task_page_size=MANY)


@pytest.fixture
def seed(twin: Twin, client: EncordUserClient) -> StorageFolder:
    return client.get_storage_folder(twin.ids.folders["seed"])


def test_one_stale_task_among_a_thousand_keeps_them_all_where_they_are(agent: AgentStage) -> None:
    tasks = list(agent.get_tasks())
    tasks[500].proceed(pathway_name="Cat")
    bundle = Bundle()
    for task in tasks:
        task.proceed(pathway_name="Other", bundle=bundle)

    with pytest.raises(InvalidArgumentsError, match=f"1 of 1000 tasks .* {tasks[500].uuid}"):
        bundle.execute()

    assert len(list(agent.get_tasks())) == MANY - 1


def test_a_task_that_is_not_at_the_origin_moves_nobody(project: Project, agent: AgentStage) -> None:
    tasks = list(agent.get_tasks())
    done = project.workflow.get_stage(name="Complete", type_=FinalStage)
    tasks[0].move(destination_stage_uuid=done.uuid)
    bundle = Bundle()
    for task in tasks[:2]:
        task.move(destination_stage_uuid=done.uuid, bundle=bundle)

    with pytest.raises(InvalidArgumentsError, match="1 of 2 tasks"):
        bundle.execute()

    assert len(list(done.get_tasks())) == 1


def test_one_bad_row_among_many_saves_none(twin: Twin, project: Project) -> None:
    rows = project.list_label_rows_v2()[:50]
    with project.create_bundle() as bundle:
        for row in rows:
            row.initialise_labels(bundle=bundle)
    for number, row in enumerate(rows):
        box = project.ontology_structure.get_child_by_title("Thing", type_=Object).create_instance()
        left = 0.9 if number == 49 else 0.1
        box.set_for_frames(BoundingBoxCoordinates(height=0.2, width=0.2, top_left_x=left, top_left_y=0.1), frames=0)
        row.add_object_instance(box)
    bundle = Bundle()
    for row in rows:
        row.save(bundle=bundle, validate_before_saving=True)

    with pytest.raises(CorruptedLabelError):
        bundle.execute()

    labels = twin.store.projects[twin.ids.projects["Pets"]].by_label_hash.values()
    assert {(len(row.object_answers), row.saves) for row in labels} == {(0, 0)}


def test_one_impossible_name_changes_no_item(seed: StorageFolder) -> None:
    first, second, *_ = seed.list_items()
    bundle = Bundle()
    first.update(name="fine", bundle=bundle)
    second.update(name="x" * 301, bundle=bundle)

    with pytest.raises(InvalidArgumentsError, match="300 characters"):
        bundle.execute()

    assert next(iter(seed.list_items())).name == first.name


def test_items_named_twice_in_one_request_are_moved_and_deleted_once(twin: Twin, client: EncordUserClient) -> None:
    loose, target = client.get_storage_folder(twin.ids.folders["loose"]), client.create_storage_folder("target")
    [item] = [found.uuid for found in loose.list_items()]

    loose.move_items_to_folder(target, [item, item])
    assert [moved.uuid for moved in target.list_items()] == [item]

    target.delete_storage_items([item, item])
    with pytest.raises(ResourceNotFoundError):
        client.get_storage_item(item)


@pytest.mark.parametrize("name", ["", "x" * 301])
def test_a_folder_needs_a_possible_name(client: EncordUserClient, name: str) -> None:
    with pytest.raises(InvalidArgumentsError, match="1 to 300 characters"):
        client.create_storage_folder(name)


def test_a_deleted_folder_takes_its_running_jobs_along(twin: Twin, client: EncordUserClient) -> None:
    folder = client.create_storage_folder("doomed")
    items = DataUploadItems(images=[DataUploadImage(object_url=f"{BUCKET}/late.jpg")])
    job = folder.add_private_data_to_folder_start(str(twin.ids.integrations["aws"]), items)

    folder.delete()

    result = folder.add_private_data_to_folder_get_result(job, timeout_seconds=0)
    assert (result.status.value, result.units_cancelled_count) == ("CANCELLED", 1)
