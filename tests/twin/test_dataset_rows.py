"""Data rows of every type: read, filtered, linked, uploaded and deleted."""

from uuid import UUID

import pytest
from encord import EncordUserClient
from encord.constants.enums import DataType
from encord.dataset import Dataset
from encord.exceptions import (
    EncordException,
    InvalidArgumentsError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from encord.orm.dataset import DataLinkDuplicatesBehavior, ImagesDataFetchOptions, LongPollingStatus, StorageLocation
from encord.project import Project
from encord.workflow.stages.agent import AgentStage

from sandbox.encord_twin import MemoryObjects, Twin, World
from tests.twin.media_files import files, url
from tests.twin.media_worlds import DATA_TYPES, menagerie

UPLOAD = {
    "images": [{"objectUrl": url("cat.jpg"), "title": "cat"}],
    "videos": [{"objectUrl": url("cat.mp4"), "title": "clip"}, {"objectUrl": url("missing.mp4"), "title": "gone"}],
}


@pytest.fixture
def world() -> World:
    return menagerie()


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects(files())


@pytest.fixture
def dataset(twin: Twin, client: EncordUserClient) -> Dataset:
    return client.get_dataset(str(twin.ids.datasets["media"]))


def test_rows_say_what_their_media_are(dataset: Dataset) -> None:
    rows = {row.title: row for row in dataset.data_rows}

    assert {title: row.data_type for title, row in rows.items()} == DATA_TYPES
    assert (rows["video"].duration, rows["video"].frames_per_second, rows["video"].width) == (4.0, 12.5, 640)
    assert [rows[title].is_image_sequence for title in ("group", "sequence", "image")] == [False, True, None]
    assert [rows[title].width for title in ("group", "sequence", "series")] == [None, 320, 320]
    assert (rows["series"].file_link, rows["image"].file_link) == (None, "pets/cat.jpg")


def test_rows_are_found_by_type(dataset: Dataset) -> None:
    found = dataset.list_data_rows(data_types=[DataType.IMG_GROUP, DataType.PDF])

    assert [row.title for row in found] == ["group", "sequence", "pdf"]


def test_the_images_of_a_group_come_on_request(twin: Twin, dataset: Dataset, project: Project) -> None:
    [row] = dataset.list_data_rows(title_eq="group")
    before = row.images_data
    row.refetch_data(images_data_fetch_options=ImagesDataFetchOptions(fetch_signed_urls=True), client_metadata=True)

    assert before is None
    images = row.images_data or []
    assert [(image.title, image.width) for image in images] == [("g0.jpg", 320), ("g1.jpg", 320), ("g2.jpg", 320)]
    assert all((image.signed_url or "").startswith(twin.url) for image in images)
    [labels] = project.list_label_rows_v2(data_title_eq="group")
    labels.initialise_labels()
    assert [image.image_hash for image in images] == [view.image_hash for view in labels.get_frame_views()]


def test_a_row_gives_a_signed_url_on_request(twin: Twin, dataset: Dataset) -> None:
    [video] = dataset.list_data_rows(title_eq="video")

    video.refetch_data(signed_url=True)

    assert (video.signed_url or "").startswith(f"{twin.url}/signed/")


def test_a_deleted_row_takes_its_task_along_and_frees_its_item(
    dataset: Dataset, project: Project, agent: AgentStage, client: EncordUserClient
) -> None:
    [row] = dataset.list_data_rows(title_eq="video")
    labels = project.list_label_rows_v2(data_hashes=[row.uid])[0]
    labels.initialise_labels()

    dataset.delete_data(row.uid)

    assert list(agent.get_tasks(data_hash=row.uid)) == []
    assert project.list_label_rows_v2(data_hashes=[row.uid]) == []
    assert dataset.list_data_rows(title_eq="video") == []
    item = client.get_storage_item(row.backing_item_uuid)
    assert item.backed_data_units_count == 0
    item.delete()


def test_an_unknown_row_keeps_all_rows_of_the_request(dataset: Dataset) -> None:
    [row] = dataset.list_data_rows(title_eq="video")

    with pytest.raises(ResourceNotFoundError):
        dataset.delete_data([row.uid, str(UUID(int=1))])

    assert len(dataset.list_data_rows(title_eq="video")) == 1


def test_a_link_made_again_after_a_deletion_is_a_new_row_and_a_new_task(dataset: Dataset, agent: AgentStage) -> None:
    [old] = dataset.list_data_rows(title_eq="pdf")
    dataset.delete_data([old.uid])

    [new] = dataset.link_items([old.backing_item_uuid])

    assert new.uid != old.uid
    assert len(list(agent.get_tasks(data_hash=new.uid))) == 1


def test_linking_twice_skips_duplicates_or_fails_as_asked(dataset: Dataset, agent: AgentStage) -> None:
    [row] = dataset.list_data_rows(title_eq="video")
    item = row.backing_item_uuid

    skipped = dataset.link_items([item])
    [double] = dataset.link_items([item], duplicates_behavior=DataLinkDuplicatesBehavior.DUPLICATE)
    with pytest.raises(ResourceExistsError):
        dataset.link_items([item], duplicates_behavior=DataLinkDuplicatesBehavior.FAIL)

    assert skipped == []
    assert double.uid != row.uid
    assert {task.data_title for task in agent.get_tasks(data_hash=[double.uid, row.uid])} == {"video"}


def test_a_part_of_a_series_cannot_be_linked_alone(client: EncordUserClient, dataset: Dataset) -> None:
    [series] = dataset.list_data_rows(title_eq="series")
    slice_ = next(iter(client.get_storage_item(series.backing_item_uuid).get_child_items()))

    with pytest.raises(InvalidArgumentsError, match="dicom file"):
        dataset.link_items([slice_.uuid])


def test_files_are_registered_and_linked_in_one_job(twin: Twin, dataset: Dataset, agent: AgentStage) -> None:
    job = dataset.add_private_data_to_dataset_start(
        str(twin.ids.integrations["aws"]), UPLOAD, ignore_errors=True, folder=twin.ids.folders["media"]
    )

    result = dataset.add_private_data_to_dataset_get_result(job, timeout_seconds=10)

    assert (result.status, result.units_done_count, result.units_error_count) == (LongPollingStatus.DONE, 2, 1)
    assert [entry.title for entry in result.data_hashes_with_titles] == ["cat", "clip"]
    assert [error.object_urls for error in result.data_unit_errors] == [[url("missing.mp4")]]
    hashes = [entry.data_hash for entry in result.data_hashes_with_titles]
    assert {task.data_title for task in agent.get_tasks(data_hash=hashes)} == {"cat", "clip"}


def test_a_mirror_dataset_needs_no_folder_and_another_does(
    twin: Twin, client: EncordUserClient, dataset: Dataset
) -> None:
    integration = str(twin.ids.integrations["aws"])
    made = client.create_dataset("mirror", StorageLocation.AWS, create_backing_folder=True)
    mirror = client.get_dataset(made.dataset_hash)

    added = mirror.add_private_data_to_dataset(integration, UPLOAD, ignore_errors=True)

    assert [row.title for row in mirror.list_data_rows()] == ["cat", "clip"]
    assert len(added.dataset_data_list) == 2
    with pytest.raises(InvalidArgumentsError, match="mirrors no folder"):
        dataset.add_private_data_to_dataset(integration, UPLOAD)
    with pytest.raises(EncordException, match="errors occurred"):
        mirror.add_private_data_to_dataset(integration, {"videos": [{"objectUrl": url("missing.mp4")}]})


def test_datasets_are_listed_by_title(client: EncordUserClient) -> None:
    client.create_dataset("birds", StorageLocation.AWS, create_backing_folder=False)

    found = client.get_datasets(title_like="bi%")

    assert [entry["dataset"].title for entry in found] == ["birds"]
    assert {entry["dataset"].title for entry in client.get_datasets()} == {"birds", "media"}
