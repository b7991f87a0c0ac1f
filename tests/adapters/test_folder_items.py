"""What is in a storage folder, over the real SDK, against the twin."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from encord.orm.storage import DataUploadImage, DataUploadItems
from encord.storage import StorageFolder

from encord_lambda.encord_platform import folder_items
from encord_lambda.encord_platform.client import connect
from encord_lambda.encord_platform.folder_items import FolderItems
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.registration.client_metadata import SOURCE
from sandbox.encord_twin import Fault, Twin
from tests.adapters.advancing_world import twin_with_files
from tests.twin import conftest
from tests.twin.media_files import upload, url
from tests.twin.worlds import jpeg

NAMES = [f"pets/day {day}/{number}.jpg" for day in (1, 2) for number in range(20)]
CONTENT: dict[str, object] = {
    "videos": [{"objectUrl": url("cat.mp4"), "title": "v"}],
    "images": [
        {"objectUrl": url("cat.jpg"), "title": "i", "clientMetadata": {SOURCE: {"etag": "abc"}}},
        {"objectUrl": url("dog.jpg"), "title": "other", "clientMetadata": {SOURCE: "by hand"}},
    ],
    "image_groups": [
        {"title": "g", "objectUrl_0": url("dog.jpg"), "objectUrl_1": url("cat.jpg")},
        {"title": "q", "objectUrl_0": url("cat.jpg"), "createVideo": True},
    ],
    "dicom_series": [{"title": "d", "objectUrl_0": url("0.dcm"), "objectUrl_1": url("1.dcm")}],
    "nifti": [{"objectUrl": url("cat.nii"), "title": "n"}],
    "audio": [{"objectUrl": url("cat.wav"), "title": "a"}],
    "text": [{"objectUrl": url("cat.html"), "title": "t"}],
    "pdfs": [{"objectUrl": url("cat.pdf"), "title": "p"}],
}
SECTIONS = {
    "v": "videos",
    "i": "images",
    "other": "images",
    "g": "image_groups",
    "q": "image_groups",
    "d": "dicom_series",
    "n": "nifti",
    "a": "audio",
    "t": "text",
    "p": "pdfs",
}


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    pictures = {url(name.replace(" ", "%20")): jpeg() for name in NAMES}
    with pytest.MonkeyPatch.context() as patch, twin_with_files(**pictures) as served:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield served


@pytest.fixture
def folder(twin: Twin) -> StorageFolder:
    return conftest.connect(twin).create_storage_folder("of its own")


@pytest.fixture
def items(twin: Twin, folder: StorageFolder) -> FolderItems:
    return FolderItems(connect(twin.url, twin.key, "test"), folder)


def uploaded(twin: Twin, folder: StorageFolder, content: dict[str, object]) -> dict[str, UUID]:
    state = upload(twin, folder, content)
    assert state.unit_errors == []
    return {item.name: item.item_uuid for item in state.items_with_names}


def pictures(twin: Twin, folder: StorageFolder, names: list[str]) -> dict[str, UUID]:
    entries = [DataUploadImage(object_url=url(name.replace(" ", "%20")), title=name) for name in names]
    state = upload(twin, folder, DataUploadItems(images=entries))
    return {item.name: item.item_uuid for item in state.items_with_names}


def test_items_of_all_kinds_are_read_in_one_request(twin: Twin, folder: StorageFolder, items: FolderItems) -> None:
    ids = uploaded(twin, folder, CONTENT)
    twin.log.reset()

    found = {one.name: one for one in items.items(list(ids.values()))}

    assert twin.log.count() == 1
    assert {name: one.section for name, one in found.items()} == SECTIONS
    assert {name for name, one in found.items() if one.url is None} == {"g", "q", "d"}
    assert (found["i"].url, found["i"].etag, found["i"].id) == (url("cat.jpg"), "abc", ids["i"])
    assert {one.etag for name, one in found.items() if name != "i"} == {None}
    assert all(one.created_at.tzinfo for one in found.values())


def test_the_files_of_groups_and_series_are_in_order(twin: Twin, folder: StorageFolder, items: FolderItems) -> None:
    ids = uploaded(twin, folder, CONTENT)

    assert items.files(ids["g"]) == [url("dog.jpg"), url("cat.jpg")]
    assert items.files(ids["d"]) == [url("0.dcm"), url("1.dcm")]
    assert items.files(ids["i"]) == []


def test_items_that_are_gone_are_left_out(twin: Twin, folder: StorageFolder, items: FolderItems) -> None:
    ids = list(pictures(twin, folder, NAMES).values())
    folder.delete_storage_items([ids[2], ids[7]])

    found = [one.id for one in items.items([*ids, uuid4()])]

    assert found == [one for one in ids if one not in (ids[2], ids[7])]
    assert items.items([uuid4()]) == items.items([]) == []


def test_trouble_is_not_taken_for_items_that_are_gone(twin: Twin, folder: StorageFolder, items: FolderItems) -> None:
    ids = list(pictures(twin, folder, NAMES[:2]).values())
    for status, kind in ((401, Misconfigured), (500, Retry), (429, Retry)):
        twin.faults.replace([Fault(route="get-bulk", status=status)])
        with pytest.raises(kind):
            items.items(ids)
    twin.faults.replace([])


def test_names_of_one_directory_are_listed_together(twin: Twin, folder: StorageFolder, items: FolderItems) -> None:
    ids = pictures(twin, folder, NAMES)
    wanted = [NAMES[0], NAMES[5], NAMES[25], "pets/day 1/never.jpg", "0.jpg"]
    twin.log.reset()

    found = items.named(wanted)

    assert {one.id for one in found} == {ids[NAMES[0]], ids[NAMES[5]], ids[NAMES[25]]}
    assert twin.log.count() == 3 + 1


def test_a_directory_with_far_more_than_is_looked_for_is_not_listed_to_its_end(
    twin: Twin, folder: StorageFolder, items: FolderItems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_items, "AT_A_TIME", 2)
    ids = pictures(twin, folder, NAMES)
    twin.log.reset()

    found = items.named(NAMES[4:6])

    assert {one.id for one in found} == {ids[NAMES[4]], ids[NAMES[5]]}
    assert twin.log.count() == 3 + 2 + 1


def test_all_items_of_one_name_are_found(twin: Twin, folder: StorageFolder, items: FolderItems) -> None:
    for name in ("cat.jpg", "dog.jpg"):
        upload(twin, folder, {"images": [{"objectUrl": url(name), "title": "same"}]})

    assert {one.url for one in items.named(["same"])} == {url("cat.jpg"), url("dog.jpg")}
