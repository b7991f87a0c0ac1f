"""Every rule of import-formats §9.3: what is refused, where, and what is still read."""

import pytest

from tests.unit.registration.csv_files import GROUPS, IMAGES, SERIES, VIDEOS, csv, faults, found, titles

GOOD = "@/a.jpg,A"
REFUSED = {
    "C1 an empty file": (b"", "1: C1", []),
    "C1 blank lines": (b"\n ,\n\n", "1: C1", []),
    "C2 rows without a header": (csv(GOOD, IMAGES, GOOD), "1: C2 record 1:", ["A"]),
    "C3 titles without URLs": (csv("URL,Image title", GOOD), "1:5: C3 record 1, Image title", []),
    "C3 further down": (csv(IMAGES, GOOD, "Path,Video title", "@/b.mp4,B"), "3:6: C3 record 3, Video title", ["A"]),
    "C4 semicolons": (csv("ObjectURL;Image title", "@/a.jpg;A", IMAGES, GOOD), "1: C4 record 1", []),
    "C4 tabs": (csv("ObjectURL\tImage title"), "1: C4 record 1", []),
    "C4 bars": (csv("ObjectURL|Image title"), "1: C4 record 1", []),
    "C5 an unknown heading": (csv("ObjectURL,Title", GOOD, IMAGES, GOOD), "1:11: C5 record 1, Title", ["A"]),
    "C5 metadata": (csv("ObjectURL,Image title,Client metadata", "@/a.jpg,A,{}"), "1:23: C5 record 1, Client", []),
    "C5 a column without a heading": (csv("ObjectURL,,Image title", "@/a.jpg,,A"), "1:11: C5 record 1", []),
    "C5 no titles to create videos of": (csv("ObjectURL,Create video", "@/a.mp4,false"), "1:11: C5 record 1", []),
    "C6 a heading twice": (csv("ObjectURL,objecturl", "@/a.mp4,@/b.mp4"), "1:11: C6 record 1, objecturl", []),
    "C6 two titles": (csv("ObjectURL,Video title,Image title", "@/a.mp4,A,"), "1:23: C6 record 1, Image title", []),
    "C7 no Create video": (csv("ObjectURL,Image group title", GOOD), "1: C7 record 1", []),
    "C8 no rows": (csv(IMAGES, VIDEOS, "@/b.mp4,B"), "1: C8 record 1", ["B"]),
    "C8 no rows at the end": (csv(IMAGES, GOOD, "", VIDEOS), "4: C8 record 3", ["A"]),
    "C9 a bare comma in a title": (csv(IMAGES, "@/a.jpg,A, or B", GOOD), "2: C9 record 2", ["A"]),
    "C9 too few cells": (csv(IMAGES, "@/b.jpg", GOOD), "2: C9 record 2", ["A"]),
    "C10 no URL": (csv(IMAGES, ",B", GOOD), "2:1: C10 record 2, ObjectURL", ["A"]),
    "C11 no title": (csv(GROUPS, "@/b.jpg,,false"), "2:48: C11 record 2, Image group title", []),
    "C12 yes": (csv(GROUPS, "@/b.jpg,B,yes"), "2:50: C12 record 2, Create video", []),
    "C12 one": (csv(f"{IMAGES},Create video", "@/b.jpg,B,1"), "2:50: C12 record 2, Create video", []),
    "C13 no agreement": (csv(GROUPS, "@/1.jpg,B,false", "@/2.jpg,B,"), "3:50: C13 record 3, Create video", []),
    "C14 a video of an image": (csv(f"{IMAGES},Create video", "@/b.jpg,B,true"), "2:50: C14 record 2, Create", []),
    "C14 blank is true": (csv(f"{VIDEOS},Create video", "@/b.mp4,B,"), "2:50: C14 record 2, Create video", []),
    "C14 a video of a series": (csv(f"{SERIES},Create video", "@/b.dcm,B,true"), "2:50: C14 record 2, Create", []),
    "C15 a column lacks later": (csv(GROUPS, "@/1.jpg,S,", IMAGES, GOOD), "3: C15 record 3", ["S"]),
    "C15 a column lacked before": (csv(IMAGES, GOOD, GROUPS, "@/1.jpg,S,"), "3: C15 record 3", ["A"]),
    "C16 a quote that stays open": (csv(IMAGES, '@/b.jpg,"B', GOOD), "2:48: C16 record 2", ["A"]),
    "C16 at the end": (csv(IMAGES, GOOD, '@/b.jpg,"B')[:-1], "3:48: C16 record 3", ["A"]),
    "C16 a quote that pairs with another": (
        csv(IMAGES, '@/b.jpg,"B', GOOD, '@/c.jpg,"C, D"'),
        "2:48: C16 record 2",
        ["A", "C, D"],
    ),
    "C16 text after a quote": (csv(IMAGES, '@/b.jpg,"B"b', GOOD), "2:51: C16 record 2", ["A"]),
    "C16 a quote in a bare cell": (csv(IMAGES, '@/b.jpg,B"b"', GOOD), "2:49: C16 record 2", ["A"]),
    "C17 a line break in a cell": (csv(IMAGES, '@/b.jpg,"B\nb"', GOOD), "2:48: C17 record 2", ["A"]),
    "C18 a byte of Latin-1": (csv(IMAGES, GOOD) + b"x,\xe9\n" + csv(GOOD), "3:3: C18 record 3", ["A", "A"]),
    "C18 a NUL": (csv(IMAGES, "@/b.jpg,B\0", GOOD), "2:49: C18 record 2", ["A"]),
    "C18 UTF-16": (csv(IMAGES, GOOD).decode().encode("utf-16"), "1: C18:", []),
    "C22 a formula": (csv(IMAGES, "=A1,B", GOOD), "2:1: C22 record 2, ObjectURL", ["A"]),
    "C22 an error": (csv(IMAGES, "#REF!,B", GOOD), "2:1: C22 record 2, ObjectURL", ["A"]),
    "C23 JSON": (b'{"videos": []}', "1: C23:", []),
    "J18 a title too long": (csv(IMAGES, f"@/b.jpg,{'B' * 301}", GOOD), "2:48: J18 record 2, Image title", ["A"]),
    "J18 a tab in a title": (csv(IMAGES, "@/b.jpg,B\tb", GOOD), "2:49: J18 record 2, Image title", ["A"]),
    "J18 a series by a long name": (csv(SERIES, f"@/{'b' * 301}.dcm,"), "2:348: J18 record 2, Series title", []),
    "J37 a line too long": (csv(IMAGES, "B" * 200_000, GOOD), "2:1: J37 record 2", ["A"]),
    "U1 a space": (csv(IMAGES, "@/b c.jpg,B", GOOD), "2:43: U1 record 2, ObjectURL", ["A"]),
    "U2 a path": (csv(IMAGES, "path/to/b.jpg,B", GOOD), "2:1: U2 record 2, ObjectURL", ["A"]),
    "U4 a signature": (csv(IMAGES, "@/b.jpg?X-Amz-Signature=77,B", GOOD), "2:47: U4 record 2, ObjectURL", ["A"]),
    "U7 a folder": (csv(IMAGES, "@/b/,B", GOOD), "2:43: U7 record 2, ObjectURL", ["A"]),
}


@pytest.mark.parametrize(("content", "told", "rest"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_has_its_place_and_the_rest_is_read(content: bytes, told: str, rest: list[str]) -> None:
    assert [fault.told("f.csv")[: len(told) + 6] for fault in faults(content)] == [f"f.csv:{told}"]
    assert titles(content) == rest


def test_every_fault_says_what_to_do() -> None:
    assert not [fault for content, _, _ in REFUSED.values() for fault in faults(content) if not fault.hint]


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (csv("ObjectURL", "@/a,b.mp4"), 'a comma in a title or URL? Put it in quotes: "a, b"'),
        (csv(IMAGES, "@/a.jpg"), "write a comma for each empty cell"),
        (csv("ObjectURL,Title", GOOD), "the headings of titles are Video title, Image title, Image group title, "),
    ],
    ids=["a comma", "no comma", "a title of what"],
)
def test_the_hint_fits_the_fault(content: bytes, hint: str) -> None:
    assert [fault.hint[: len(hint)] for fault in faults(content)] == [hint]


def test_no_message_quotes_a_secret() -> None:
    content = csv(IMAGES, "@/b.jpg?X-Amz-Signature=5ecre7,B", "https://me:5ecre7@h.example/a.jpg,B")

    assert len(faults(content)) == 2
    assert "5ecre7" not in str(found(content))


def test_all_faults_of_a_row_are_told() -> None:
    content = csv(f"{IMAGES},Create video", f"b.jpg,{'B' * 301},yes", "@/b.jpg,B\tb,yes")

    assert [(fault.code, fault.place.line) for fault in faults(content)] == [
        ("U2", 2), ("C12", 2), ("J18", 3), ("C12", 3),
    ]  # fmt: skip


def test_the_place_of_a_byte_counts_bytes() -> None:
    """An é has two of them; so has the byte order mark three."""
    (fault,) = faults(b"\xef\xbb\xbf" + csv(IMAGES, "@/é.jpg,é")[:-1] + b"\xff\n")

    assert (
        f"at byte {3 + len(IMAGES) + 1 + len('https://media.s3.eu-west-1.amazonaws.com/é.jpg,é'.encode())}"
        in fault.said
    )


def test_a_group_that_lacks_a_row_is_left_out_as_a_whole() -> None:
    content = csv(GROUPS, "@/1.jpg,A,false", "@/2 .jpg,A,false", "@/3.jpg,B,false", "@/4.jpg,B,false")

    assert titles(content) == ["B"]
    assert "the whole group is left out" in faults(content)[0].said


@pytest.mark.parametrize("row", ["@/x.jpg,,false", "@/x.jpg,A,B,false", '@/x.jpg,"A,false', '@/x.jpg,"A\nB",false'])
def test_a_row_of_no_known_group_costs_the_groups_beside_it(row: str) -> None:
    groups = [f"@/{group}{number}.jpg,{group},false" for group in "ABCD" for number in range(2)]
    content = csv(GROUPS, *groups[:4], row, *groups[4:])

    assert titles(content) == ["A", "D"]
    assert "the groups before and after it" in faults(content)[0].said


def test_sequences_lack_nothing_where_all_sections_have_the_column() -> None:
    content = csv(f"{IMAGES},Create video", "@/a.jpg,A,false", GROUPS, "@/1.jpg,S,", "@/2.jpg,G,false")

    assert faults(content) == []
    assert titles(content) == ["A", "S", "G"]


def test_groups_beside_sequences_that_are_left_out_are_read() -> None:
    content = csv(IMAGES, "@/a.jpg,A", GROUPS, "@/1.jpg,S,", "@/2.jpg,T,", "@/3.jpg,G,false")

    assert [fault.code for fault in faults(content)] == ["C15"]
    assert titles(content) == ["A", "G"]


def test_blank_lines_of_any_kind_are_counted_as_lines_and_as_nothing_else() -> None:
    blank = b"\n , \r\n\r\t,,\n"

    (fault,) = faults(blank + csv(IMAGES) + blank + csv("@/a b.jpg,A"))

    assert (fault.place.line, fault.place.path) == (10, "record 2, ObjectURL")


def test_a_line_of_commas_too_long_to_be_held_is_not_taken_for_blank() -> None:
    content = csv(IMAGES, "," * 300_000 + "@/a.jpg" + "," * 300_000, GOOD)

    assert [fault.code for fault in faults(content)] == ["J37"]
    assert titles(content) == ["A"]


def test_of_a_heading_without_end_only_its_beginning_is_told() -> None:
    (fault,) = faults(csv(f"ObjectURL,{'x' * 10_000}", GOOD))

    assert (fault.code, len(fault.told("f.csv")) < 300) == ("C5", True)
