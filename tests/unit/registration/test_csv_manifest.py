"""What a CSV import manifest may look like (import-formats §2, §9.4), and what is made of it."""

import pytest

from encord_lambda.registration.manifests.items import (
    DicomFile,
    DicomSeries,
    GroupImage,
    Image,
    ImageGroup,
    Item,
    Video,
)
from tests.unit.registration.csv_files import GROUPS, IMAGES, S3, SERIES, VIDEOS, csv, found, items, warnings

A = Image(object_url=f"{S3}/a.jpg", title="A")
B = Image(object_url=f"{S3}/b.jpg")
ACCEPTED = {
    "plain": csv(IMAGES, "@/a.jpg,A", "@/b.jpg,"),
    "a byte order mark": b"\xef\xbb\xbf" + csv(IMAGES, "@/a.jpg,A", "@/b.jpg,"),
    "CRLF": csv(IMAGES, "@/a.jpg,A", "@/b.jpg,").replace(b"\n", b"\r\n"),
    "CR": csv(IMAGES, "@/a.jpg,A", "@/b.jpg,").replace(b"\n", b"\r"),
    "mixed line ends": csv(f"{IMAGES}\r\n@/a.jpg,A\r@/b.jpg,"),
    "no line end at the end": csv(IMAGES, "@/a.jpg,A", "@/b.jpg,")[:-1],
    "blank lines": csv("", " ,", IMAGES, "", "@/a.jpg,A", ",,", "@/b.jpg,", ",", ""),
    "another case, spacing and order": csv("  image   TITLE ,OBJECTurl", "A,@/a.jpg", ",@/b.jpg"),
    "white space around cells": csv(IMAGES, " @/a.jpg\t, A ", "@/b.jpg , "),
    "quotes": csv('"ObjectURL","Image title"', '"@/a.jpg","A"', ' "@/b.jpg" ,""'),
    "trailing empty cells": csv(f"{IMAGES},,", "@/a.jpg,A,", "@/b.jpg,,,,"),
    "a repeated header": csv(IMAGES, "@/a.jpg,A", IMAGES, "@/b.jpg,"),
    "Create video": csv(f"{IMAGES},Create video", "@/a.jpg,A,false", "@/b.jpg,,FALSE"),
    "no video in the middle": csv("ObjectURL,Create video,Image title", "@/a.jpg,False,A", "@/b.jpg,false,"),
    "a single cell in the header": csv("OBJECTURL", "@/v.mp4")[:0] + csv(IMAGES, "@/a.jpg,A", "@/b.jpg,"),
}


@pytest.mark.parametrize("content", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_is_accepted_is_accepted_without_complaint(content: bytes) -> None:
    assert items(content) == [A, B]
    assert warnings(content) == []


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ('@/a.jpg,"A, B"', "A, B"),
        ('@/a.jpg,"""A"""', '"A"'),
        ('@/a.jpg," A "', " A "),
        ('@/a.jpg," "', None),
        ("@/a.jpg,Ünïcode 日本", "Ünïcode 日本"),
        ("@/a.jpg,\u00a0A", "\u00a0A"),
        ("@/a.jpg,'A'", "'A'"),
        ("@/a.jpg,https://a//b/.c", "https://a//b/.c"),
        (f"@/a.jpg,{'A' * 300}", "A" * 300),
    ],
)
def test_titles_are_read_to_the_letter(line: str, title: str | None) -> None:
    assert items(csv(IMAGES, line, "@/b.jpg,")) == [Image(object_url=f"{S3}/a.jpg", title=title), B]


def test_a_single_column_is_of_videos() -> None:
    assert items(csv("objecturl", "@/a.mp4", "@/b.mp4")) == [Video(object_url=f"{S3}/{name}.mp4") for name in "ab"]


@pytest.mark.parametrize("heading", ["Dicom title", "Series title"])
def test_both_headings_of_series_are_known(heading: str) -> None:
    content = csv(f"ObjectURL,{heading}", "@/1,CT", "@/2,MR", "@/3,MR")

    assert items(content) == [a_series("CT", "1"), a_series("MR", "2", "3")]
    assert warnings(content) == []


def test_a_series_without_a_title_is_called_by_its_file() -> None:
    content = csv(SERIES, "@/ct/a%20b.dcm,", "@/ct/2.dcm,CT")

    assert items(content) == [a_series("a b.dcm", "ct/a%20b.dcm"), a_series("CT", "ct/2.dcm")]


def test_rows_of_one_title_are_a_group_and_blank_makes_a_sequence() -> None:
    content = csv(GROUPS, "@/1.jpg,G,false", "@/2.jpg,G,FALSE", "@/3.jpg,S,", "@/4.jpg,S,True")

    assert items(content) == [a_group("G", "1", "2"), a_group("S", "3", "4", create_video=True)]
    assert warnings(content) == []


def test_an_interrupted_group_is_joined_with_a_warning() -> None:
    content = csv(GROUPS, "@/1.jpg,G,false", "@/2.jpg,H,false", "@/3.jpg,G,false", "@/4.jpg,H,false")

    assert items(content) == [a_group("G", "1", "3"), a_group("H", "2", "4")]
    assert [(warning.code, warning.place.line) for warning in warnings(content)] == [("W", 4), ("W", 5)]


def test_a_group_of_one_image_is_warned_of() -> None:
    content = csv(GROUPS, "@/1.jpg,G,false")

    assert items(content) == [a_group("G", "1")]
    assert [warning.told("f.csv") for warning in warnings(content)] == [
        "f.csv:2: warning W record 2: is a group of a single image"
    ]


def test_an_ambiguous_url_is_warned_of() -> None:
    content = csv(IMAGES, "@/1+(32).jpg,A")

    assert items(content) == [Image(object_url=f"{S3}/1+(32).jpg", title="A")]
    assert [(warning.place.line, warning.place.path) for warning in warnings(content)] == [(2, "record 2, ObjectURL")]


def test_lines_are_all_counted_and_records_without_the_blank_ones() -> None:
    places = [one.place for one in found(csv("", IMAGES, "", "@/a.jpg,A", '@/b.jpg,"\n"', "", "@/c.jpg,"))]

    assert [(place.line, place.path) for place in places] == [(4, "record 2"), (5, "record 3"), (8, "record 4")]


def test_lenient_reading_takes_files_for_what_their_extensions_say() -> None:
    content = csv(f"{IMAGES},Create video", "@/v.mp4,V,false", "@/i,I,false", VIDEOS, "@/a.jpg,A", "@/t.txt,T")
    expected = [
        Video(object_url=f"{S3}/v.mp4", title="V"), Image(object_url=f"{S3}/i", title="I"), A,
        Video(object_url=f"{S3}/t.txt", title="T"),
    ]  # fmt: skip

    assert items(content, lenient=True) == expected
    assert [(warning.code, warning.place.line) for warning in warnings(content, lenient=True)] == [
        ("C21", 2), ("C21", 5),
    ]  # fmt: skip
    assert warnings(content) == []


def a_group(title: str, *names: str, create_video: bool = False) -> Item:
    images = tuple(GroupImage(url=f"{S3}/{name}.jpg") for name in names)
    return ImageGroup(title=title, images=images, create_video=create_video)


def a_series(title: str, *names: str) -> Item:
    return DicomSeries(title=title, dicom_files=tuple(DicomFile(url=f"{S3}/{name}") for name in names))
