"""Folders and items: found, changed, moved and deleted."""

import pytest
from encord import EncordUserClient
from encord.exceptions import InvalidArgumentsError, ResourceNotFoundError
from encord.http.bundle import Bundle
from encord.orm.dataset import StorageLocation
from encord.orm.storage import (
    DataUploadImage,
    DataUploadImageGroupFromItems,
    DataUploadItems,
    FoldersSortBy,
    StorageItemType,
)
from encord.storage import StorageFolder

from sandbox.encord_twin import FolderSpec, ItemSpec, MediaKind, MemoryObjects, Twin, World
from tests.twin.media_files import files, upload, url
from tests.twin.media_worlds import menagerie, parts


@pytest.fixture
def world() -> World:
    free = [ItemSpec(url=url(f"{name}.jpg"), title=name, client_metadata={"n": name}) for name in ("b", "a", "C")]
    group = ItemSpec(title="loose group", kind=MediaKind.IMAGE_GROUP, parts=parts("l0.jpg", "l1.jpg"))
    attic = FolderSpec(title="attic", items=[*free, group])
    folders = [*menagerie().folders, attic, FolderSpec(title="box", parent="attic", items=[free[0]])]
    return menagerie().model_copy(update={"folders": folders})


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects(files())


@pytest.fixture
def media(twin: Twin, client: EncordUserClient) -> StorageFolder:
    return client.get_storage_folder(twin.ids.folders["media"])


@pytest.fixture
def attic(twin: Twin, client: EncordUserClient) -> StorageFolder:
    return client.get_storage_folder(twin.ids.folders["attic"])


@pytest.fixture
def box(twin: Twin, client: EncordUserClient) -> StorageFolder:
    return client.get_storage_folder(twin.ids.folders["box"])


def names(folder: StorageFolder) -> list[str]:
    return [item.name for item in folder.list_items()]


def test_items_are_listed_by_kind_name_and_age_across_small_pages(media: StorageFolder, attic: StorageFolder) -> None:
    groups = media.list_items(item_types=[StorageItemType.IMAGE_GROUP, StorageItemType.DICOM_SERIES], page_size=1)
    backwards = attic.list_items(search="A", desc=True, page_size=1)
    oldest = attic.list_items(order=FoldersSortBy.CREATED_AT, page_size=3)

    assert [item.name for item in groups] == ["group", "series"]
    assert [item.name for item in backwards] == ["a"]
    assert [item.name for item in oldest] == ["b", "a", "C", "loose group"]


def test_items_are_listed_by_whether_a_dataset_has_them(media: StorageFolder, attic: StorageFolder) -> None:
    linked, unlinked = list(media.list_items(is_in_dataset=True)), list(media.list_items(is_in_dataset=False))

    assert (len(linked), unlinked) == (9, [])
    assert [item.name for item in attic.list_items(is_in_dataset=True)] == []


def test_metadata_is_left_out_or_resolved_as_the_reader_likes(attic: StorageFolder) -> None:
    [without] = attic.list_items(search="b", include_client_metadata=False)
    [resolved] = attic.list_items(search="b", resolve_client_metadata_locally=True)

    assert (without.client_metadata, resolved.client_metadata) == ({}, {"n": "b"})


def test_folders_below_a_folder_are_listed_and_searched(client: EncordUserClient, attic: StorageFolder) -> None:
    inner = next(iter(attic.list_subfolders())).create_subfolder("inner", client_metadata={"deep": True})

    assert [folder.name for folder in attic.list_subfolders()] == ["box"]
    assert [folder.name for folder in attic.find_subfolders(page_size=1)] == ["box", "inner"]
    assert [folder.uuid for folder in attic.find_subfolders(search="INN")] == [inner.uuid]
    assert [step.name for step in inner.path_to_root] == ["box", "attic"]
    assert [folder.name for folder in client.list_storage_folders()] == ["attic", "media"]
    assert [folder.name for folder in client.find_storage_folders(search="b", page_size=1)] == ["box"]
    assert [item.name for item in attic.find_items(search="b")] == ["b", "b"]


def test_a_changed_item_shows_in_its_data_rows(twin: Twin, client: EncordUserClient, media: StorageFolder) -> None:
    [item] = media.list_items(search="video")

    item.update(name="a new name", description="seen", client_metadata={"k": 1})

    read = client.get_storage_item(item.uuid)
    assert (read.name, read.client_metadata) == ("a new name", {"k": 1})
    assert twin.store.items[item.uuid].description == "seen"
    dataset = client.get_dataset(str(twin.ids.datasets["media"]))
    assert len(dataset.list_data_rows(title_eq="a new name")) == 1
    with pytest.raises(InvalidArgumentsError, match="300"):
        item.update(name="x" * 301)


def test_bundled_changes_take_one_request_for_items_and_one_for_folders(
    twin: Twin, attic: StorageFolder, box: StorageFolder
) -> None:
    items = list(attic.list_items())
    twin.log.reset()
    with Bundle() as bundle:
        for item in items:
            item.update(client_metadata={"bundled": True}, bundle=bundle)
        attic.update(description="up", bundle=bundle)
        box.update(name="chest", bundle=bundle)

    assert all(item.client_metadata == {"bundled": True} for item in items)
    assert (attic.description, box.name) == ("up", "chest")
    assert twin.log.count() == 2


def test_items_move_to_another_folder_and_are_known_there(twin: Twin, attic: StorageFolder, box: StorageFolder) -> None:
    moving = [item for item in attic.list_items() if item.name in ("a", "loose group")]

    attic.move_items_to_folder(box, moving)

    assert (names(attic), names(box)) == (["C", "b"], ["a", "b", "loose group"])
    again = DataUploadItems(images=[DataUploadImage(object_url=url("a.jpg"))], skip_duplicate_urls=True)
    assert [item.item_uuid for item in upload(twin, box, again).items_with_names] == [moving[0].uuid]
    moving[0].refetch_data()
    assert moving[0].parent_folder_uuid == box.uuid


def test_folders_move_but_not_into_themselves(attic: StorageFolder, box: StorageFolder) -> None:
    with pytest.raises(InvalidArgumentsError, match="itself"):
        attic.move_to_folder(box)

    box.move_to_folder(None)

    assert (box.parent, list(attic.list_subfolders())) == (None, [])


def test_what_is_in_use_is_not_deleted_and_nothing_else_of_the_request_is(
    media: StorageFolder, attic: StorageFolder
) -> None:
    linked = [item.uuid for item in media.list_items()]

    with pytest.raises(InvalidArgumentsError, match="9 items are in datasets"):
        media.delete_storage_items(linked)
    with pytest.raises(InvalidArgumentsError, match="datasets"):
        media.delete()
    with pytest.raises(ResourceNotFoundError):
        attic.delete_storage_items(linked)

    assert len(names(media)) == 9


def test_deleting_a_group_takes_its_images_along_unless_told_not_to(
    client: EncordUserClient, attic: StorageFolder
) -> None:
    [group] = attic.list_items(search="group")
    children = [item.uuid for item in group.get_child_items()]

    group.delete(remove_unused_frames=False)
    kept = client.get_storage_items(children)

    assert len(kept) == 2
    with pytest.raises(ResourceNotFoundError):
        client.get_storage_item(group.uuid)


def test_an_image_used_by_a_group_stays_until_both_go_with_their_folder(
    twin: Twin, client: EncordUserClient, attic: StorageFolder, box: StorageFolder
) -> None:
    [image] = attic.list_items(search="a")
    grouped = DataUploadImageGroupFromItems(image_items=[image.uuid], title="regrouped", create_video=False)
    [group] = upload(twin, box, DataUploadItems(image_groups_from_items=[grouped])).items_with_names
    with pytest.raises(InvalidArgumentsError, match="part of 'regrouped'"):
        image.delete()

    attic.delete()

    for gone in (image.uuid, group.item_uuid):
        with pytest.raises(ResourceNotFoundError):
            client.get_storage_item(gone)


def test_the_images_of_a_group_move_with_it_and_can_be_renamed(attic: StorageFolder, box: StorageFolder) -> None:
    [group] = attic.list_items(search="group")

    group.move_to_folder(box)

    first = next(iter(group.get_child_items()))
    first.update(name="renamed")
    assert first.parent_folder_uuid == box.uuid
    assert [item.name for item in group.get_child_items()] == ["renamed", "l1.jpg"]


def test_a_deleted_url_is_registered_anew(twin: Twin, attic: StorageFolder) -> None:
    once = DataUploadItems(images=[DataUploadImage(object_url=url("cat.jpg"))], skip_duplicate_urls=True)
    [first] = upload(twin, attic, once).items_with_names
    attic.delete_storage_items([first.item_uuid])

    [second] = upload(twin, attic, once).items_with_names

    assert second.item_uuid != first.item_uuid


def test_a_deleted_folder_takes_everything_below_along(
    client: EncordUserClient, attic: StorageFolder, box: StorageFolder
) -> None:
    [inside] = box.list_items()

    attic.delete()

    for gone in (lambda: client.get_storage_folder(box.uuid), lambda: client.get_storage_item(inside.uuid)):
        with pytest.raises(ResourceNotFoundError):
            gone()


def test_summaries_count_kinds_and_uses(media: StorageFolder, attic: StorageFolder) -> None:
    summary = media.get_summary()
    [video] = media.list_items(search="video")
    [group] = media.list_items(search="group")
    frame = next(iter(group.get_child_items()))

    assert (summary.videos, summary.image_groups, summary.dicom_series, summary.dicom_files) == (1, 1, 1, 3)
    assert (summary.images, summary.audios, summary.plain_texts, summary.niftis) == (7, 1, 1, 1)
    assert (attic.get_summary().folders, attic.get_summary().images) == (1, 5)
    assert [use.title for use in video.get_summary().accessible_datasets] == ["media"]
    assert [one.uuid for one in frame.get_summary().accessible_group_items] == [group.uuid]


def test_too_many_items_at_once_are_refused(client: EncordUserClient, media: StorageFolder) -> None:
    [video] = media.list_items(search="video")

    with pytest.raises(InvalidArgumentsError, match="at most 1000"):
        client.get_storage_items([video.uuid] * 1001)


def test_a_mirror_dataset_has_what_its_folder_has(twin: Twin, client: EncordUserClient, attic: StorageFolder) -> None:
    made = client.create_dataset("mirror", StorageLocation.AWS, create_backing_folder=True)
    assert made.backing_folder_uuid is not None
    folder = client.get_storage_folder(made.backing_folder_uuid)
    upload(twin, folder, DataUploadItems(images=[DataUploadImage(object_url=url("cat.jpg"), title="cat")]))
    dataset = client.get_dataset(made.dataset_hash)
    [item] = folder.list_items()

    assert [row.title for row in dataset.data_rows] == ["cat"]
    with pytest.raises(InvalidArgumentsError, match="mirror"):
        item.move_to_folder(attic)
    item.move_to_folder(attic, allow_mirror_dataset_changes=True)
    dataset.refetch_data()
    assert (dataset.data_rows, "cat" in names(attic)) == ([], True)
