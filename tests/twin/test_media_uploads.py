"""Every kind of file through a real upload job, in both shapes a manifest may have."""

import pytest
from encord import EncordUserClient
from encord.orm.storage import (
    CustomerProvidedAudioMetadata,
    CustomerProvidedImageMetadata,
    CustomerProvidedVideoMetadata,
    DataUploadAudio,
    DataUploadDicomSeries,
    DataUploadDicomSeriesDicomFile,
    DataUploadImage,
    DataUploadImageGroup,
    DataUploadImageGroupFromItems,
    DataUploadImageGroupImage,
    DataUploadItems,
    DataUploadNifti,
    DataUploadPDF,
    DataUploadScene,
    DataUploadText,
    DataUploadTimeSeries,
    DataUploadVideo,
    StorageItemType,
)
from encord.storage import StorageFolder, StorageItem

from sandbox.encord_twin import MemoryObjects, Twin
from tests.twin.media_files import files, upload, url

SLICES = ["0.dcm", "1.dcm", "2.dcm"]
TYPED = DataUploadItems(
    images=[DataUploadImage(object_url=url("cat.jpg"))],
    videos=[DataUploadVideo(object_url=url("cat.mp4"))],
    audio=[DataUploadAudio(object_url=url("cat.wav"))],
    text=[DataUploadText(object_url=url("cat.txt"))],
    pdf=[DataUploadPDF(object_url=url("cat.pdf"))],
    nifti=[DataUploadNifti(object_url=url("cat.nii"))],
    image_groups=[
        DataUploadImageGroup(
            images=[DataUploadImageGroupImage(url=url(name)) for name in ("cat.jpg", "dog.jpg")],
            title=title,
            create_video=sequence,
        )
        for title, sequence in (("group", False), ("sequence", True))
    ],
    dicom_series=[
        DataUploadDicomSeries(
            dicom_files=[DataUploadDicomSeriesDicomFile(url=url(name), title=name) for name in SLICES], title="series"
        )
    ],
)
PLAIN = {
    "images": [{"objectUrl": url("cat.jpg")}],
    "videos": [{"objectUrl": url("cat.mp4")}],
    "audio": [{"objectUrl": url("cat.wav")}],
    "text": [{"objectUrl": url("cat.txt")}],
    "pdfs": [{"objectUrl": url("cat.pdf")}],
    "nifti": [{"objectUrl": url("cat.nii")}],
    "image_groups": [
        {"title": "group", "objectUrl_1": url("dog.jpg"), "objectUrl_0": url("cat.jpg")},
        {"title": "sequence", "createVideo": True, "objectUrl_0": url("cat.jpg"), "objectUrl_1": url("dog.jpg")},
    ],
    "dicom_series": [{"title": "series", **{f"objectUrl_{n}": url(name) for n, name in enumerate(SLICES)}}],
}
EXPECTED = {
    "/cat.jpg": ("image/jpeg", None, 64, 48),
    "/cat.mp4": ("video/mp4", 10, 64, 48),
    "/cat.wav": ("audio/wav", None, None, None),
    "/cat.txt": ("text/plain", None, None, None),
    "/cat.pdf": ("application/pdf", 2, None, None),
    "/cat.nii": ("application/nifti1", 3, 48, 32),
    "group": ("image/jpeg", 2, None, None),
    "sequence": ("image/jpeg", 2, 64, 48),
    "series": ("application/dicom", 3, 48, 32),
}


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects(files())


@pytest.fixture
def folder(twin: Twin, client: EncordUserClient) -> StorageFolder:
    return client.get_storage_folder(twin.ids.folders["pets"])


def items(folder: StorageFolder) -> dict[str, StorageItem]:
    return {item.name: item for item in folder.list_items(get_signed_urls=True)}


@pytest.mark.parametrize("manifest", [TYPED, PLAIN], ids=["dataItems", "externalFiles"])
def test_both_shapes_register_every_kind_with_the_facts_of_its_bytes(
    twin: Twin, folder: StorageFolder, manifest: DataUploadItems | dict[str, object]
) -> None:
    result = upload(twin, folder, manifest)

    assert (result.errors, result.units_done_count) == ([], 9)
    found = items(folder)
    assert {
        name: (item.mime_type, item.frame_count, item.width, item.height) for name, item in found.items()
    } == EXPECTED
    assert (found["/cat.mp4"].fps, found["/cat.mp4"].duration) == (5.0, 2.0)
    sound = found["/cat.wav"]
    assert (sound.audio_sample_rate, sound.audio_bit_depth, sound.audio_codec, sound.audio_num_channels) == (
        8000,
        16,
        "pcm",
        1,
    )
    assert (sound.duration, sound.file_size) == (0.5, len(files()[url("cat.wav")]))


def test_parts_of_groups_and_series_are_items_in_their_order(twin: Twin, folder: StorageFolder) -> None:
    upload(twin, folder, TYPED)
    found = items(folder)

    group, series = found["group"].get_child_items(get_signed_urls=True), found["series"].get_child_items()

    assert [(item.url, item.width) for item in group] == [(url("cat.jpg"), 64), (url("dog.jpg"), 32)]
    assert all(item.get_signed_url() for item in group)
    assert {item.item_type for item in series} == {StorageItemType.DICOM_FILE}
    assert len({item.dicom_instance_uid for item in series}) == 3
    assert {item.dicom_series_uid for item in series} == {found["series"].dicom_series_uid}
    assert (found["series"].url, found["series"].dicom_instance_uid) == (None, None)


def test_the_images_of_a_sequence_take_the_size_of_the_first(twin: Twin, folder: StorageFolder) -> None:
    upload(twin, folder, TYPED)

    sizes = [(item.width, item.height) for item in items(folder)["sequence"].get_child_items()]

    assert sizes == [(64, 48), (64, 48)]


def test_a_group_can_be_made_of_items_that_are_there(twin: Twin, folder: StorageFolder) -> None:
    images = DataUploadItems(images=[DataUploadImage(object_url=url(name)) for name in ("cat.jpg", "dog.jpg")])
    uuids = [item.item_uuid for item in upload(twin, folder, images).items_with_names]
    regrouped = DataUploadImageGroupFromItems(image_items=uuids[::-1], title="again", create_video=False)
    nothing = DataUploadImageGroupFromItems(image_items=[twin.ids.folders["pets"]], title="none", create_video=False)

    result = upload(twin, folder, DataUploadItems(image_groups_from_items=[regrouped, nothing]))

    assert [item.uuid for item in items(folder)["again"].get_child_items()] == uuids[::-1]
    assert result.errors == [f"{twin.ids.folders['pets']} is not an image item"]


def test_the_uploaders_word_is_taken_without_reading_the_file(twin: Twin, folder: StorageFolder) -> None:
    video = CustomerProvidedVideoMetadata(
        fps=29.97, duration=10.01, width=1280, height=720, file_size=9, mime_type="video/webm"
    )
    audio = CustomerProvidedAudioMetadata(
        duration=61.2, file_size=9, mime_type="audio/mpeg", sample_rate=44100, bit_depth=24, codec="mp3", num_channels=2
    )
    described = DataUploadItems(
        videos=[DataUploadVideo(object_url=url("nowhere.webm"), title="v", video_metadata=video)],
        audio=[DataUploadAudio(object_url=url("nowhere.mp3"), title="a", audio_metadata=audio)],
    )

    upload(twin, folder, described)

    found = items(folder)
    assert (found["v"].fps, found["v"].duration, found["v"].frame_count) == (29.97, 10.01, 300)
    assert (found["a"].audio_codec, found["a"].duration, found["a"].audio_num_channels) == ("mp3", 61.2, 2)


def test_metadata_lies_are_believed_in_snake_case_too(twin: Twin, folder: StorageFolder) -> None:
    metadata = {"mime_type": "image/png", "file_size": 1, "height": 7, "width": 5}
    upload(twin, folder, {"images": [{"objectUrl": url("cat.jpg"), "title": "lie", "imageMetadata": metadata}]})

    lie = items(folder)["lie"]

    assert (lie.width, lie.height, lie.mime_type) == (5, 7, "image/png")


def test_scenes_and_time_series_fail_alone_and_say_so(twin: Twin, folder: StorageFolder) -> None:
    mixed = DataUploadItems(
        images=[DataUploadImage(object_url=url("cat.jpg"))],
        scenes=[DataUploadScene(title="yard", scene={"lidar": {}})],
        time_series=[DataUploadTimeSeries(object_url=url("imu.csv"))],
    )

    result = upload(twin, folder, mixed)

    assert sorted(result.errors) == ["the twin does not render scenes", "the twin does not render time series"]
    assert result.units_done_count == 1


def test_a_known_group_is_skipped_though_its_images_are_known_alone(twin: Twin, folder: StorageFolder) -> None:
    image = DataUploadImage(object_url=url("cat.jpg"), title="alone")
    grouped = [
        DataUploadImageGroupImage(
            url=url("cat.jpg"),
            image_metadata=CustomerProvidedImageMetadata(mime_type="image/jpeg", file_size=1, height=1, width=1),
        )
    ]
    once = DataUploadItems(
        images=[image], image_groups=[DataUploadImageGroup(images=grouped, title="g")], skip_duplicate_urls=True
    )

    first, second = upload(twin, folder, once), upload(twin, folder, once)

    assert [item.item_uuid for item in first.items_with_names] == [item.item_uuid for item in second.items_with_names]
    assert len(items(folder)) == 2
