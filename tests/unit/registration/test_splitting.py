"""Jobs of the size that pipeline.yaml asks for: full, never too large, and nothing lost or moved on the way."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.config_registration import Jobs
from encord_lambda.registration.manifests.items import (
    DicomFile,
    DicomSeries,
    GroupImage,
    Image,
    ImageGroup,
    Item,
    Video,
)
from encord_lambda.registration.manifests.splitting import MOST_URLS, TooLarge, split
from tests.unit.registration.csv_files import S3


def images(count: int, title: str = "") -> list[Item]:
    return [Image(object_url=f"{S3}/{number}.jpg", title=f"{number}{title}") for number in range(count)]


def videos(count: int) -> list[Item]:
    return [Video(object_url=f"{S3}/{number}.mp4") for number in range(count)]


def a_group(images: int, title: str = "G") -> Item:
    return ImageGroup(title=title, images=tuple(GroupImage(url=f"{S3}/{number}.jpg") for number in range(images)))


ITEMS = st.lists(
    st.one_of(
        st.builds(lambda title: Image(object_url=f"{S3}/a.jpg", title=title), st.text('a\x01é😀"\\', min_size=1)),
        st.just(Video(object_url=f"{S3}/a.mp4")),
        st.builds(
            lambda size: Image(object_url=f"{S3}/a.jpg", client_metadata={"note": "é\n" * size}),
            st.integers(0, 120_000),
        ),
        st.builds(a_group, st.integers(1, 9_000)),
        st.just(DicomSeries(title="S", dicom_files=(DicomFile(url=f"{S3}/1"), DicomFile(url=f"{S3}/2")))),
    ),
    max_size=30,
)


@given(ITEMS, st.builds(Jobs, images=st.integers(1, 12), videos=st.integers(1, 12), megabytes=st.just(1)))
def test_nothing_is_lost_or_moved_and_no_manifest_is_too_large(items: list[Item], jobs: Jobs) -> None:
    manifests = list(split(items, jobs))

    for manifest in manifests:
        sections = {item.section for item in manifest.items}
        assert len(sections) == 1
        assert len(manifest.items) <= (jobs.videos if sections == {"videos"} else jobs.images)
        assert sum(len(item.urls) for item in manifest.items) <= MOST_URLS
        assert len(manifest.json_bytes()) <= 1_000_000
    for section in {item.section for item in items}:
        split_up = [item for manifest in manifests for item in manifest.items if item.section == section]
        assert split_up == [item for item in items if item.section == section]


def test_manifests_are_full_before_the_next_one_begins() -> None:
    sizes = [
        (manifest.items[0].section, len(manifest.items)) for manifest in split([*images(2345), *videos(230)], Jobs())
    ]

    assert sizes == [
        ("images", 1000), ("images", 1000), ("videos", 100), ("videos", 100), ("videos", 30), ("images", 345),
    ]  # fmt: skip


def test_groups_fill_a_manifest_by_their_urls() -> None:
    groups = [a_group(4_000, f"G{number}") for number in range(4)]

    assert [len(manifest.items) for manifest in split(groups, Jobs())] == [2, 2]


def test_long_titles_fill_a_manifest_before_its_count_does() -> None:
    """And not much before: what is estimated is within a few bytes of each item's true size."""
    long = images(1000, title="é" * 290)
    first, *rest = split(long * 5, Jobs(images=10_000, megabytes=2))

    assert rest
    assert 500_000 < len(first.json_bytes()) <= 2_000_000


def test_manifests_come_while_items_are_still_read() -> None:
    taken = 0

    def reading() -> Iterator[Item]:
        nonlocal taken
        for item in images(5000):
            taken += 1
            yield item

    next(split(reading(), Jobs()))

    assert taken <= 1050


def test_a_group_that_no_job_can_take_is_named() -> None:
    with pytest.raises(TooLarge, match=r"^G: it has 10,001 files, and one upload job takes 10,000: split it"):
        list(split([*images(3), a_group(10_001)], Jobs()))


def test_metadata_that_no_job_can_take_is_named() -> None:
    item = Image(object_url=f"{S3}/a.jpg", client_metadata={"note": "x" * 1_000_000})

    with pytest.raises(
        TooLarge, match=r"a.jpg: its URLs and metadata are more than the 1 MB .* raise `jobs.megabytes`"
    ):
        list(split([item], Jobs(megabytes=1)))
    assert len(list(split([item], Jobs(megabytes=2)))) == 1


def test_no_items_are_no_manifests() -> None:
    assert list(split([], Jobs())) == []
