"""Upload jobs of every kind of media from submission to receipt, over the real SDK, against the twin."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from encord_lambda.registration.client_metadata import SOURCE
from encord_lambda.registration.manifests.items import (
    Audio,
    DicomFile,
    DicomSeries,
    GroupImage,
    Image,
    ImageGroup,
    Item,
    Nifti,
    Pdf,
    Scene,
    Text,
    Video,
)
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs.reconciling import OVERWRITTEN
from sandbox.encord_twin import Fault, Twin
from tests.adapters.advancing_world import Place, place, twin_with_files
from tests.twin.media_files import url
from tests.twin.worlds import jpeg

PICTURES = {url(f"many/{number:03}.jpg"): jpeg() for number in range(200)}
BROKEN = ("many/007.jpg", "many/100.jpg", "many/199.jpg")


def image(name: str, title: str | None = None) -> Image:
    return Image(object_url=url(name), title=title or f"pets/{name}")


def group(title: str, *names: str, create_video: bool = False) -> ImageGroup:
    return ImageGroup(title=title, images=tuple(GroupImage(url=url(n)) for n in names), create_video=create_video)


NINE: list[Item] = [
    Video(object_url=url("cat.mp4"), title="video"),
    image("cat.jpg", "image"),
    group("group", "cat.jpg", "dog.jpg"),
    group("sequence", "dog.jpg", "cat.jpg", create_video=True),
    DicomSeries(title="series", dicom_files=tuple(DicomFile(url=url(f"{number}.dcm")) for number in range(3))),
    Nifti(object_url=url("cat.nii"), title="volume"),
    Audio(object_url=url("cat.wav"), title="sound"),
    Text(object_url=url("cat.html"), title="text"),
    Pdf(object_url=url("cat.pdf"), title="paper"),
]


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    spoilt = {url(name): b"" for name in BROKEN}
    with pytest.MonkeyPatch.context() as patch, twin_with_files(**PICTURES | spoilt) as served:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield served


@pytest.fixture
def here(twin: Twin) -> Place:
    twin.faults.replace([])
    return place(twin)


def imported(here: Place, *items: Item, cause: str = "event") -> dict[str, tuple[str, str]]:
    """Submit and see it through to its end."""
    here.submit(Manifest.of(items), here.desk(), cause=cause)
    here.work_off(here.desk())
    assert here.is_over()
    return here.fates()


def test_all_nine_types_in_one_job_become_linked_items(here: Place) -> None:
    fates = imported(here, *NINE)

    assert fates == {item.title: ("registered", "") for item in NINE}
    assert here.linked() == here.names() == sorted(item.title or "" for item in NINE)
    assert here.day().registered == 9


def test_all_nine_types_submitted_again_exist_and_stay_as_they_are(here: Place) -> None:
    imported(here, *NINE)
    first = {item.uuid for item in here.folder.list_items()}
    here.passed += timedelta(hours=1)

    fates = imported(here, *NINE, cause="again")

    assert {state for state, _ in fates.values()} == {"existing"}
    assert {item.uuid for item in here.folder.list_items()} == first
    assert len(here.linked()) == 9
    assert (here.day().submitted, here.day().registered, here.day().existing) == (18, 9, 9)


def test_a_job_that_fails_on_3_of_200_links_197_and_names_the_3(here: Place) -> None:
    fates = imported(here, *(image(f"many/{number:03}.jpg") for number in range(200)))

    assert len(here.linked()) == 197
    failed = {key: reason for key, (state, reason) in fates.items() if state == "failed"}
    assert sorted(failed) == [f"pets/{name}" for name in BROKEN]
    assert set(failed.values()) == {"the file is empty"}
    assert [entry.key for entry in here.day().objects] == sorted(failed)
    assert (here.day().submitted, here.day().registered, here.day().failed) == (200, 197, 3)


def test_a_settled_job_of_200_took_few_requests(here: Place, twin: Twin) -> None:
    here.submit(Manifest.of(image(f"many/{number:03}.jpg") for number in range(200)), here.desk())
    here.end_jobs()
    twin.log.reset()

    here.visit(here.queue.waiting[0], here.desk())

    assert here.is_over()
    assert twin.log.count() <= 6


def test_groups_whose_frames_fail_are_named_and_their_frames_elsewhere_are_not(here: Place) -> None:
    broken = BROKEN[0]
    fates = imported(
        here,
        image("cat.jpg", "alone"),
        group("sound", "cat.jpg", "dog.jpg"),
        group("broken", "cat.jpg", broken),
        DicomSeries(title="no scan", dicom_files=(DicomFile(url=url("0.dcm")), DicomFile(url=url("cat.jpg")))),
        Scene(title="yard", scene={"lidar": {"type": "point_cloud", "events": []}}),
    )

    assert {key: state for key, (state, _) in fates.items()} == {
        "alone": "registered",
        "sound": "registered",
        "broken": "failed",
        "no scan": "failed",
        "yard": "failed",
    }
    assert fates["broken"][1] == "the file is empty"
    assert "Expected a DICOM file" in fates["no scan"][1]
    assert "the twin does not render scenes" in fates["yard"][1]
    assert here.linked() == ["alone", "sound"]


def test_equal_titles_are_told_apart(here: Place) -> None:
    broken = BROKEN[0]
    items: list[Item] = [
        image("cat.jpg", "same"),
        image("dog.jpg", "same"),
        image(broken, "same"),
        group("same", "dog.jpg"),
    ]
    here.submit(Manifest.of(items), here.desk())
    here.work_off(here.desk())

    [receipt] = here.receipts().values()
    by_urls = {(entry.urls, entry.state) for entry in receipt.objects}
    assert by_urls == {
        ((url("cat.jpg"),), "registered"),
        ((url("dog.jpg"),), "registered"),
        ((url(broken),), "failed"),
    } | {((url("dog.jpg"),), "registered")}
    assert len({entry.item for entry in receipt.objects}) == 4


def test_items_without_a_title_are_called_by_the_path_of_their_url(here: Place) -> None:
    assert imported(here, Image(object_url=url("cat.jpg"))) == {"/cat.jpg": ("registered", "")}
    assert here.linked() == ["/cat.jpg"]


def test_an_object_that_was_overwritten_is_told_of(here: Place) -> None:
    def with_etag(etag: str) -> Image:
        return Image(object_url=url("cat.jpg"), title="cat", client_metadata={SOURCE: {"etag": etag}})

    imported(here, with_etag("old"))
    here.passed += timedelta(hours=1)

    assert imported(here, with_etag("new"), cause="again")["cat"] == ("existing", OVERWRITTEN)


def test_an_item_that_was_deleted_before_the_look_fails_alone(here: Place) -> None:
    here.submit(Manifest.of([image("cat.jpg"), image("dog.jpg")]), here.desk())
    here.end_jobs()
    [gone] = [item.uuid for item in here.folder.list_items(search="cat")]
    here.folder.delete_storage_items([gone])
    here.work_off(here.desk())

    assert here.fates()["pets/cat.jpg"][0] == "failed"
    assert here.linked() == ["pets/dog.jpg"]


def test_a_manifest_that_is_too_large_is_sent_in_parts(here: Place, twin: Twin) -> None:
    twin.faults.add(Fault(route="data-upload-jobs", status=413))

    fates = imported(here, *NINE)

    assert {state for state, _ in fates.values()} == {"registered"}
    assert len(here.receipts()) == 2
    assert (here.day().submitted, here.day().registered) == (9, 9)
