"""Items as CSV: what is written is read back as the same, and what would be lost is refused by name."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.errors import Reject
from encord_lambda.registration.manifests import csv_manifest
from encord_lambda.registration.manifests.csv_writing import HEADINGS, Rows
from encord_lambda.registration.manifests.entries import Entry
from encord_lambda.registration.manifests.items import (
    Audio,
    DicomFile,
    DicomSeries,
    GroupImage,
    Image,
    ImageGroup,
    ImageMetadata,
    Item,
    Video,
)
from tests.unit.registration.any_manifests import IN_FILES, TITLES, URLS, built

S3 = "https://media.s3.eu-west-1.amazonaws.com"
PLAIN = st.one_of(
    built(Video, object_url=URLS, title=st.none() | TITLES),
    built(Image, object_url=URLS, title=st.none() | TITLES),
    built(
        ImageGroup,
        title=TITLES,
        create_video=st.booleans(),
        images=st.lists(built(GroupImage, url=URLS), min_size=1, max_size=4).map(tuple),
    ),
    built(
        DicomSeries, title=TITLES, dicom_files=st.lists(built(DicomFile, url=URLS), min_size=1, max_size=4).map(tuple)
    ),
)
"""What CSV can carry, as a rule."""


def written(items: Sequence[Item]) -> str:
    """As `encord-lambda manifest convert` puts the rows together."""
    rows = Rows()
    sections: dict[str, list[str]] = {}
    for item in items:
        sections.setdefault(item.section, []).extend(rows.of(item))
    lines: list[str] = []
    for section in HEADINGS:
        if section in sections:
            header, end = rows.ends(section)
            lines += [header, *(f"{row}{end}" for row in sections[section])]
    return "".join(f"{line}\n" for line in lines)


def read(text: str) -> list[Item]:
    found = [one for one in csv_manifest.read([text.encode()]) if isinstance(one, Entry) or not one.is_warning]
    assert all(isinstance(one, Entry) for one in found), found
    return [one.item for one in found if isinstance(one, Entry)]


@given(st.lists(PLAIN | IN_FILES, min_size=1, max_size=5))
def test_all_of_it_comes_back_or_it_is_refused(items: list[Item]) -> None:
    try:
        text = written(items)
    except Reject:
        return
    back = read(text)
    for section in HEADINGS:
        mine = [item.model_copy(update={"client_metadata": None}) for item in items if item.section == section]
        assert [item for item in back if item.section == section] == mine


@pytest.mark.parametrize(
    "title", ["a, b", 'say "a"', " a ", "\u00a0", "é日", "a  b", '"', ",", "=1+1", "#REF!", "true"]
)
def test_any_title_comes_back(title: str) -> None:
    items = [Video(object_url=f"{S3}/a.mp4", title=title)]

    if title.strip():
        assert read(written(items)) == items
    else:
        with pytest.raises(Reject, match="CSV cannot carry a title that is blank"):
            written(items)


def test_a_comma_in_a_url_comes_back() -> None:
    items = [Video(object_url=f"{S3}/a,b.mp4", title="a")]

    assert read(written(items)) == items


def test_every_section_says_whether_to_create_a_video_once_one_does() -> None:
    video = Video(object_url=f"{S3}/a.mp4")
    images = (GroupImage(url=f"{S3}/1.jpg"),)

    assert written([video]) == f"ObjectURL,Video title\n{S3}/a.mp4,\n"
    assert written([video, ImageGroup(title="s", images=images, create_video=True)]) == (
        f"ObjectURL,Image group title,Create video\n{S3}/1.jpg,s,true\n"
        f"ObjectURL,Video title,Create video\n{S3}/a.mp4,,false\n"
    )


PICTURE = ImageMetadata(mime_type="image/png", file_size=1, height=1, width=1)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (Audio(object_url=f"{S3}/a.wav"), "audio, without a title: CSV cannot carry such items"),
        (Video(object_url=f"{S3}/a.mp4", client_metadata={"a": 1}), "CSV cannot carry client metadata"),
        (
            Image(object_url=f"{S3}/a.png", title="a", image_metadata=PICTURE),
            "images, a: CSV cannot carry media metadata",
        ),
        (ImageGroup(title="g", images=(GroupImage(url=f"{S3}/1.png", title="1"),)), "titles of single files"),
        (
            ImageGroup(title="g", images=(GroupImage(url=f"{S3}/1.png", image_metadata=PICTURE),)),
            "image_groups, g: CSV cannot carry metadata of single files",
        ),
        (Video(object_url=f"{S3}/a.mp4", title="object  URL".replace("  ", "")), "a title that is a heading itself"),
        (Video(object_url=f"{S3}/a.mp4", title=" Video  title"), "a title that is a heading itself"),
        (Video(object_url=f"{S3}/a.mp4", title="a\nb"), "a title that has a control character in it"),
    ],
)
def test_what_would_be_lost_is_named(item: Item, said: str) -> None:
    with pytest.raises(Reject, match=said):
        Rows().of(item)


def test_a_group_and_a_series_of_one_title_are_refused() -> None:
    group = ImageGroup(title="x", images=(GroupImage(url=f"{S3}/1.png"),))
    series = DicomSeries(title="x", dicom_files=(DicomFile(url=f"{S3}/1.dcm"),))

    with pytest.raises(Reject, match="two groups or series are called x"):
        written([group, series])


def test_empty_client_metadata_is_nothing_to_lose() -> None:
    assert Rows().of(Video(object_url=f"{S3}/a.mp4", client_metadata={})) == [f"{S3}/a.mp4,"]
