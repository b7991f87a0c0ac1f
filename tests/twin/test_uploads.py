"""From manifest to items, and from items to tasks."""

import httpx
import pytest
from encord import EncordUserClient
from encord.exceptions import InvalidArgumentsError, ResourceExistsError
from encord.orm.dataset import DataLinkDuplicatesBehavior, LongPollingStatus, StorageLocation
from encord.orm.storage import DataUploadImage, DataUploadItems, UploadLongPollingState
from encord.storage import StorageFolder
from encord.workflow.stages.agent import AgentStage

from sandbox.encord_twin import MemoryObjects, Settings, Twin, serve
from tests.twin.conftest import connect
from tests.twin.worlds import BUCKET, jpeg, pets

GOOD, MISSING, BROKEN = (f"{BUCKET}/{name}.jpg" for name in ("a%20cat", "missing", "truncated"))


@pytest.fixture
def folder(twin: Twin, client: EncordUserClient) -> StorageFolder:
    return client.get_storage_folder(twin.ids.folders["pets"])


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects({GOOD: jpeg(320, 240), BROKEN: jpeg(320, 240)[:900]})


def upload(
    twin: Twin, folder: StorageFolder, *urls: str, ignore_errors: bool = True, **metadata: str
) -> UploadLongPollingState:
    images = [DataUploadImage(object_url=url, title=url[-12:], client_metadata=dict(metadata)) for url in urls]
    items = DataUploadItems(images=images, skip_duplicate_urls=True, upsert_metadata=bool(metadata))
    job = folder.add_private_data_to_folder_start(str(twin.ids.integrations["aws"]), items, ignore_errors=ignore_errors)
    return folder.add_private_data_to_folder_get_result(job, timeout_seconds=10)


def test_a_good_image_becomes_an_item_with_the_facts_of_its_pixels(twin: Twin, folder: StorageFolder) -> None:
    result = upload(twin, folder, GOOD, source="s3")

    assert (result.status, result.units_done_count) == (LongPollingStatus.DONE, 1)
    [item] = folder.list_items()
    assert (item.width, item.height, item.mime_type) == (320, 240, "image/jpeg")
    assert (item.url, item.client_metadata) == (GOOD, {"source": "s3"})


def test_bad_images_are_named_with_their_reasons_and_the_good_one_is_done(twin: Twin, folder: StorageFolder) -> None:
    result = upload(twin, folder, MISSING, GOOD, BROKEN)

    assert (result.status, result.units_done_count, result.units_error_count) == (
        LongPollingStatus.DONE,
        1,
        2,
    )
    reasons = {error.object_urls[0]: error.error for error in result.unit_errors}
    assert "NoSuchKey" in reasons[MISSING]
    assert "not a readable image" in reasons[BROKEN]


def test_without_ignore_errors_the_first_bad_image_ends_the_job(twin: Twin, folder: StorageFolder) -> None:
    result = upload(twin, folder, BROKEN, GOOD, ignore_errors=False)

    assert result.status == LongPollingStatus.ERROR
    assert (result.units_done_count, result.units_error_count, result.units_cancelled_count) == (0, 1, 1)


def test_a_known_url_counts_as_done_makes_no_item_and_takes_new_metadata(twin: Twin, folder: StorageFolder) -> None:
    first = upload(twin, folder, GOOD, day="1")
    second = upload(twin, folder, GOOD, GOOD, day="2")

    assert [entry.item_uuid for entry in second.items_with_names] == [first.items_with_names[0].item_uuid] * 2
    [item] = folder.list_items()
    assert item.client_metadata == {"day": "2"}


def test_a_raw_manifest_works_like_the_typed_one(twin: Twin, folder: StorageFolder) -> None:
    manifest = {"images": [{"objectUrl": GOOD}], "skip_duplicate_urls": True}
    job = folder.add_private_data_to_folder_start(str(twin.ids.integrations["aws"]), manifest)

    result = folder.add_private_data_to_folder_get_result(job, timeout_seconds=10)

    assert [entry.name for entry in result.items_with_names] == ["/a%20cat.jpg"]


def test_a_poll_without_patience_answers_at_once_and_a_cancelled_job_registers_nothing(
    objects: MemoryObjects,
) -> None:
    with serve(pets(), objects=objects, settings=Settings(job_seconds=30)) as twin:
        folder = connect(twin).get_storage_folder(twin.ids.folders["pets"])
        items = DataUploadItems(images=[DataUploadImage(object_url=GOOD)])
        job = folder.add_private_data_to_folder_start(str(twin.ids.integrations["aws"]), items)

        pending = folder.add_private_data_to_folder_get_result(job, timeout_seconds=0)
        cancelled = folder.add_data_to_folder_job_cancel(job)
        after = folder.add_private_data_to_folder_get_result(job, timeout_seconds=0)

    assert (pending.status, pending.units_pending_count) == (LongPollingStatus.PENDING, 1)
    assert cancelled.units_cancelled_count == 1
    assert (after.status, after.items_with_names) == (LongPollingStatus.CANCELLED, [])


def test_an_unknown_integration_is_refused_at_the_start(twin: Twin, folder: StorageFolder) -> None:
    items = DataUploadItems(images=[DataUploadImage(object_url=GOOD)])

    with pytest.raises(InvalidArgumentsError, match="no cloud integration"):
        folder.add_private_data_to_folder_start(str(twin.ids.folders["pets"]), items)


def test_a_linked_item_becomes_a_task_in_the_first_stage_once(
    twin: Twin, client: EncordUserClient, folder: StorageFolder, agent: AgentStage
) -> None:
    item = upload(twin, folder, GOOD).items_with_names[0].item_uuid
    dataset = client.get_dataset(str(twin.ids.datasets["pets"]))

    [row] = dataset.link_items([item])
    again = dataset.link_items([item, item], duplicates_behavior=DataLinkDuplicatesBehavior.SKIP)
    with pytest.raises(ResourceExistsError):
        dataset.link_items([item], duplicates_behavior=DataLinkDuplicatesBehavior.FAIL)

    assert again == []
    [task] = agent.get_tasks(data_hash=row.uid)
    assert (task.data_title, str(task.data_hash)) == (GOOD[-12:], row.uid)
    assert [found.backing_item_uuid for found in dataset.list_data_rows(data_hashes=[row.uid])] == [item]


def test_a_signed_url_serves_the_very_bytes(
    twin: Twin, client: EncordUserClient, folder: StorageFolder, objects: MemoryObjects
) -> None:
    item = upload(twin, folder, GOOD).items_with_names[0].item_uuid

    signed = client.get_storage_item(item, sign_url=True).get_signed_url()

    assert signed is not None
    assert httpx.get(signed, trust_env=False).content == objects.read(GOOD)


def test_items_are_listed_across_pages(twin: Twin, client: EncordUserClient) -> None:
    seeded = client.get_storage_folder(twin.ids.folders["seed"])

    names = [item.name for item in seeded.list_items(page_size=2)]

    assert names == [f"{n:04}.jpg" for n in range(5)]


def test_integrations_and_folders_are_found_by_name(client: EncordUserClient) -> None:
    created = client.create_storage_folder("birds", client_metadata={"wing": 2})

    assert [entry.title for entry in client.get_cloud_integrations()] == ["aws"]
    assert [found.uuid for found in client.list_storage_folders(search="bird")] == [created.uuid]
    assert isinstance(
        client.create_dataset("birds", StorageLocation.AWS, create_backing_folder=False).dataset_hash, str
    )
