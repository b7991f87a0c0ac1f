"""What the objects of a directory become together."""

from collections.abc import Sequence
from random import Random
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.config_registration import Grouping, Registration
from encord_lambda.registration.client_metadata import SOURCE
from encord_lambda.registration.directories import grouping
from encord_lambda.registration.directories.group_items import Part
from encord_lambda.registration.directories.grouping import Composition, composed
from encord_lambda.registration.directories.instances import Instance
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests import splitting
from encord_lambda.registration.manifests.items import DicomSeries, ImageGroup, ImageMetadata

type Kind = Literal["image_group", "image_sequence", "dicom_series"]


def upload(name: str, directory: str = "runs/3/") -> Upload:
    return Upload("media", "eu-west-1", directory + name, 9)


def image(name: str, size: tuple[int, int] | None = None, trouble: str = "") -> Part:
    known = ImageMetadata(mime_type="image/jpeg", file_size=9, width=size[0], height=size[1]) if size else None
    return Part(upload(name), known, trouble=trouble)


def scan(name: str, number: int | None = None, *, study: str = "1", series: str = "1.1", uid: str = "") -> Part:
    return Part(upload(name), instance=Instance(study, series, uid or f"1.1.{name}", number))


def compose(kind: Kind, *parts: Part, directory: str = "runs/3/", by_series: bool = False) -> Composition:
    group = Grouping(kind=kind, by="series" if by_series else "directory")
    registration = Registration(prefix="runs/", integration="aws", folder=UUID(int=1), group=group)
    return composed(registration, directory, parts)


def reasons(found: Composition) -> dict[str, str]:
    return {entry.upload.key.rpartition("/")[2]: entry.reason for entry in found.refused}


def names(found: Composition) -> list[Sequence[str]]:
    return [[url.rpartition("/")[2] for url in item.urls] for item in found.items]


@pytest.mark.parametrize(("kind", "video"), [("image_group", False), ("image_sequence", True)])
def test_images_become_one_item_in_their_natural_order(kind: Kind, video: bool) -> None:
    [item] = compose(kind, image("f 10.jpg"), image("f 2.jpg"), image("f 1.jpg")).items

    assert isinstance(item, ImageGroup)
    assert (item.title, item.create_video) == ("runs/3", video)
    assert [part.title for part in item.images] == ["runs/3/f 1.jpg", "runs/3/f 2.jpg", "runs/3/f 10.jpg"]
    assert item.urls[0] == "https://media.s3.eu-west-1.amazonaws.com/runs/3/f%201.jpg"


def test_what_is_known_of_each_image_is_told_with_it() -> None:
    [item] = compose("image_group", image("1.jpg", (4, 3)), image("2.jpg", (8, 6)), image("3.jpg")).items

    assert isinstance(item, ImageGroup)
    assert [part.image_metadata and part.image_metadata.width for part in item.images] == [4, 8, None]


def test_files_of_a_scan_become_one_series() -> None:
    [item] = compose("dicom_series", scan("10.dcm", 1), scan("9.dcm", 2)).items

    assert isinstance(item, DicomSeries)
    assert (item.title, [file.title for file in item.dicom_files]) == ("runs/3", ["runs/3/9.dcm", "runs/3/10.dcm"])


def test_the_whole_has_the_client_metadata_that_all_parts_have() -> None:
    one = Part(upload("1.jpg"), client_metadata={"site": "north", "frame": 1, SOURCE: {"key": "runs/3/1.jpg"}})
    other = Part(upload("2.jpg"), client_metadata={"site": "north", "frame": 2, "late": True})

    [item] = compose("image_group", one, other).items

    assert item.client_metadata == {"site": "north", SOURCE: {"bucket": "media", "key": "runs/3/", "objects": 2}}


def test_one_bad_part_has_all_refused_and_each_is_told_which_it_was() -> None:
    found = compose("image_group", image("1.jpg"), image("2.jpg", trouble="it is empty"), image("3.jpg"))

    because = "runs/3 is not registered because of runs/3/2.jpg: it is empty"
    assert found.items == ()
    assert reasons(found) == {"1.jpg": because, "2.jpg": "it is empty", "3.jpg": because}


def test_a_group_of_mixed_types_is_refused_and_names_what_does_not_belong() -> None:
    registration = Registration(
        prefix="runs/", integration="aws", folder=UUID(int=1), group=Grouping(kind="image_group")
    )

    found = composed(registration, "runs/3/", [image("1.jpg")], {"runs/3/a.mp4": "MP4 among images"})

    assert reasons(found) == {"1.jpg": "runs/3 is not registered because of runs/3/a.mp4: MP4 among images"}


def test_images_of_a_sequence_have_one_size() -> None:
    found = compose("image_sequence", image("1.jpg", (8, 6)), image("2.jpg"), image("3.jpg", (4, 3)))

    assert found.items == ()
    assert reasons(found)["3.jpg"] == (
        "runs/3 is not registered: it has 4 x 3 pixels, and runs/3/1.jpg 8 x 6: "
        "images of a sequence need one size, those of an image_group do not"
    )
    assert "because of runs/3/3.jpg" in reasons(found)["1.jpg"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (scan("2.dcm", study="2"), "it is of another study (StudyInstanceUID) than runs/3/1.dcm"),
        (scan("2.dcm", series="1.2"), "with `by: series` each becomes an item of its own"),
        (scan("2.dcm", uid="1.1.1.dcm"), "it has the SOPInstanceUID of runs/3/1.dcm: take one of the two away"),
    ],
)
def test_a_series_is_of_one_study_and_has_each_file_once(other: Part, reason: str) -> None:
    found = compose("dicom_series", scan("1.dcm"), other)

    assert found.items == ()
    assert reason in reasons(found)["2.dcm"]
    assert "because of runs/3/2.dcm" in reasons(found)["1.dcm"]


def test_series_of_one_directory_are_told_apart_and_ordered_by_instance_number() -> None:
    parts = [
        *(scan("a", 10), scan("b", 9), scan("c2"), scan("c10")),
        *(scan("d", series="1.2"), scan("e", series="1.2")),
    ]

    found = compose("dicom_series", *parts, by_series=True)

    assert [item.title for item in found.items] == ["runs/3/1.1", "runs/3/1.2"]
    assert names(found) == [["b", "a", "c2", "c10"], ["d", "e"]]


def test_a_bad_series_keeps_no_other_from_being_registered() -> None:
    parts = [scan("a"), scan("b", study="2"), scan("c", series="1.2"), image("d", trouble="its header is damaged")]

    found = compose("dicom_series", *parts, by_series=True)

    assert names(found) == [["c"]]
    assert reasons(found) == {
        "a": "runs/3/1.1 is not registered because of runs/3/b: "
        "it is of another study (StudyInstanceUID) than runs/3/a",
        "b": "runs/3/1.1 is not registered: it is of another study (StudyInstanceUID) than runs/3/a",
        "d": "its header is damaged",
    }


def test_a_group_that_no_upload_job_can_take_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "MEGABYTE", 100)
    parts = [scan(f"{number}.dcm") for number in range(9)]

    found = compose("dicom_series", *parts, scan("a.dcm", series="1.2"), by_series=True)

    assert names(found) == [["a.dcm"]]
    assert set(reasons(found).values()) == {
        "runs/3/1.1 is not registered: its URLs and metadata are more than the 10 MB of an upload job: "
        "shorten the metadata, split it, or raise `jobs.megabytes`"
    }
    assert len(found.refused) == 9


def test_a_group_is_never_split() -> None:
    parts = [image(f"{number}.jpg") for number in range(grouping.MOST + 1)]

    assert len(compose("image_group", *parts[1:]).items) == 1
    found = compose("image_group", *parts)
    assert (found.items, len(found.refused)) == ((), grouping.MOST + 1)
    assert "more than 10000 files" in found.refused[0].reason


@pytest.mark.parametrize(("length", "items"), [(300, 1), (301, 0)])
def test_a_title_is_no_longer_than_encord_allows(length: int, items: int) -> None:
    found = compose("image_group", image("1.jpg"), directory="d" * length + "/")

    assert (len(found.items), len(found.refused)) == (items, 1 - items)
    assert all("300" in entry.reason for entry in found.refused)


def test_a_directory_without_a_name_gives_no_title() -> None:
    reason = compose("image_group", image("1.jpg"), directory="/").refused[0].reason

    assert reason.startswith("/ is not registered: its directory has no name")


def test_the_uid_of_a_series_counts_for_its_title() -> None:
    found = compose("dicom_series", scan("1.dcm", series="1" * 64), directory="d" * 236 + "/", by_series=True)

    assert "301 characters" in found.refused[0].reason


PARTS = st.builds(
    scan,
    st.text(st.sampled_from("ab01"), min_size=1, max_size=3),
    st.none() | st.integers(-1, 3),
    study=st.sampled_from("12"),
    series=st.sampled_from(["1.1", "1.2", "1.3"]),
)


@given(
    st.lists(PARTS | st.builds(image, st.just("x"), trouble=st.just("bad")), min_size=1, unique_by=lambda p: p.upload),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_each_part_is_in_one_item_or_refused_whatever_order_they_come_in(
    parts: list[Part],
    by_series: bool,
    random: Random,
) -> None:
    found = compose("dicom_series", *parts, by_series=by_series)

    ended = [f"runs/3/{name}" for item in names(found) for name in item] + [entry.upload.key for entry in found.refused]
    assert sorted(ended) == sorted(part.upload.key for part in parts)
    shuffled = sorted(parts, key=lambda _: random.random())
    assert sorted(map(str, compose("dicom_series", *shuffled, by_series=by_series).items)) == sorted(
        map(str, found.items)
    )
