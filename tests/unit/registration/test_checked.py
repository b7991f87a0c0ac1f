"""The rules that concern several items, or a URL beside its item: what is refused, where, and what stays."""

from collections.abc import Collection, Sequence

import pytest

from encord_lambda.registration.manifests import checked, json_manifest
from encord_lambda.registration.manifests.entries import Entry, Fault, Place
from encord_lambda.registration.manifests.items import GroupImage, Image, ImageGroup, Item
from tests.unit.registration.csv_files import GROUPS, IMAGES, S3, SERIES, VIDEOS, csv, found

GCS = "https://storage.googleapis.com/stills"
REFUSED = {
    "C19 an image twice": (csv(IMAGES, "@/a.jpg,A", "@/b.jpg,B", "@/a.jpg,C"), "4: C19 record 4", ["A", "B"]),
    "C19 in sections far apart": (
        csv(IMAGES, "@/a.jpg,A", VIDEOS, "@/a.mp4,V", IMAGES, "@/a.jpg,B"), "6: C19 record 6", ["A", "V"],
    ),
    "C19 spelt in another way": (
        csv(IMAGES, "@/a.jpg,A", "https://s3.eu-west-1.amazonaws.com/media/a.jpg,B"), "3: C19 record 3", ["A"],
    ),
    "C19 spelt in another way before": (
        csv(IMAGES, "https://media.s3.amazonaws.com/%61.jpg,A", "@/a.jpg,B"), "3: C19 record 3", ["A"],
    ),
    "C19 in a group": (
        csv(GROUPS, "@/1.jpg,A,false", "@/2.jpg,A,false", "@/1.jpg,A,false", "@/1.jpg,B,false"),
        "2: C19 record 2",
        ["B"],
    ),
    "C19 in a series": (csv(SERIES, "@/1,A", "@/1,A", "@/1,B"), "2: C19 record 2", ["B"]),
    "C20 a group in two sections": (
        csv(GROUPS, "@/1.jpg,A,false", IMAGES, "@/a.jpg,I", GROUPS, "@/2.jpg,A,false"), "6: C20 record 6", ["A", "I"],
    ),
    "C20 two files of one name": (csv(SERIES, "@/a/1.dcm,", "@/b/1.dcm,"), "3: C20 record 3", ["1.dcm"]),
    "C21 an image among videos": (csv(VIDEOS, "@/a.mp4,A", "@/a.JPG,B"), "3: C21 record 3", ["A"]),
    "C21 an image in a single column": (csv("ObjectURL", "@/a.png"), "2: C21 record 2", []),
    "C21 a video in a group": (csv(GROUPS, "@/1.jpg,A,false", "@/1.mov,A,false"), "2: C21 record 2", []),
    "C21 an image in a series": (csv(SERIES, "@/1.png,A"), "2: C21 record 2", []),
    "U10 two clouds": (csv(IMAGES, "@/a.jpg,A", f"{GCS}/b.jpg,B", "@/c.jpg,C"), "3: U10 record 3", ["A", "C"]),
    "U10 two clouds in a group": (csv(GROUPS, "@/1.jpg,A,false", f"{GCS}/1.jpg,A,false"), "2: U10 record 2", []),
}  # fmt: skip


def check(content: bytes, allowed: Collection[str] | None = None) -> Sequence[Entry | Fault]:
    return list(checked.checked(iter(found(content)), allowed=allowed))


def refusals(read: Sequence[Entry | Fault]) -> Sequence[Fault]:
    return [one for one in read if isinstance(one, Fault) and not one.is_warning]


def titles(read: Sequence[Entry | Fault]) -> Sequence[str | None]:
    return [one.item.title for one in read if isinstance(one, Entry)]


def test_of_a_group_it_is_told_which_url_is_refused() -> None:
    [fault] = refusals(check(csv(GROUPS, "@/1.jpg,A,false", "@/2.jpg,A,false", "@/3.mov,A,false")))

    assert fault.said == "URL 3 of it, 3.mov, is one of the image_groups, but its extension .mov is of videos"


def test_of_a_group_only_the_first_hundred_faults_are_told() -> None:
    read = check(csv(GROUPS, *(f"@/{number}.mov,A,false" for number in range(500)), "@/1.jpg,B,false"))

    assert len(refusals(read)) == 100
    assert titles(read) == ["B"]


@pytest.mark.parametrize(("content", "told", "rest"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_has_its_place_and_the_rest_stays(content: bytes, told: str, rest: list[str]) -> None:
    read = check(content)

    assert [fault.told("f.csv")[: len(told) + 6] for fault in refusals(read)] == [f"f.csv:{told}"]
    assert titles(read) == rest
    assert all(fault.hint for fault in refusals(read))


def test_json_goes_by_its_own_rules() -> None:
    content = f"""{{"videos": [{{"objectUrl": "{S3}/a.mp4"}}, {{"objectUrl": "{S3}/a.mp4"}},
        {{"objectUrl": "{S3}/a.png"}}],
        "image_groups": [{{"title": "A", "objectUrl_0": "{S3}/1.jpg"}},
        {{"title": "A", "objectUrl_0": "{S3}/2.jpg"}}]}}"""
    read = list(checked.checked(json_manifest.read([content.encode()])))

    assert [(fault.code, fault.place.path) for fault in refusals(read)] == [
        ("J20", "videos[1]"), ("J35", "videos[2]"), ("J19", "image_groups[1]"),
    ]  # fmt: skip


def test_the_first_line_is_cited_however_far_back_it_is() -> None:
    rows = [f"@/{number}.jpg,{number}" for number in range(3000)]
    read = check(csv(IMAGES, *rows, "@/1234.jpg,again"))

    assert [fault.said for fault in refusals(read)] == ["has the same URL as another of the images, in line 1236"]
    assert len(titles(read)) == 3000


def test_an_image_may_be_in_several_groups_and_beside_them() -> None:
    content = csv(GROUPS, "@/1.jpg,A,false", "@/1.jpg,B,false", f"{IMAGES},Create video", "@/1.jpg,I,false")

    assert titles(check(content)) == ["A", "B", "I"]


def test_a_url_that_was_refused_may_come_again() -> None:
    content = csv(IMAGES, "@/a.jpg,A", f"{GCS}/b.jpg,B", f"{GCS}/b.jpg,C")

    assert [fault.code for fault in refusals(check(content))] == ["U10", "U10"]


def test_only_allowed_buckets_may_be_named_in_whatever_cloud() -> None:
    content = csv(IMAGES, "@/a.jpg,A", f"{GCS}/b.jpg,B", "https://other.s3.eu-west-1.amazonaws.com/c.jpg,C")
    read = check(content, allowed=["media", "stills"])

    assert titles(read) == ["A", "B"]
    assert [fault.said for fault in refusals(read)] == ["is in the bucket other, and may only be in media, stills"]
    assert titles(check(content, allowed=[])) == []
    assert [fault.code for fault in refusals(check(csv(IMAGES, "@/a.jpg,A", "@/b.jpg,B"), ["other"]))] == ["U10"] * 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (csv(IMAGES, "@/a,A"), "has no extension: it is taken for one of the images"),
        (csv(VIDEOS, "@/a.flv,A"), "has the extension .flv, which is of no type: it is taken for one of the videos"),
    ],
)
def test_extensions_that_say_nothing_are_warned_of(content: bytes, said: str) -> None:
    read = check(content)

    assert [(one.code, one.said, one.is_warning) for one in read if isinstance(one, Fault)] == [("W", said, True)]
    assert titles(read) == ["A"]


def test_series_need_no_extensions() -> None:
    read = check(csv(SERIES, "@/1.2.840,A", "@/IM2,A", "@/3.dcm,A"))

    assert [type(one) for one in read] == [Entry]


def test_faults_and_warnings_of_the_reader_pass() -> None:
    content = csv(IMAGES, "@/a+b.jpg,A", "b.jpg,B", "@/a.jpg,C")

    assert check(content) == found(content)


def test_a_file_ends_at_a_million_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked, "MOST", 700)
    rows = [f"@/{number}.jpg,{number}" for number in range(1000)]
    *rest, last = check(csv(IMAGES, *rows))

    assert len(rest) == 700
    assert isinstance(last, Fault)
    assert (last.code, last.place.line, last.ends_reading) == ("J37", 702, True)


def test_a_group_that_no_job_can_take_is_refused_alone() -> None:
    def entry(title: str, size: int) -> Entry:
        images = tuple(GroupImage(url=f"{S3}/{title}/{number}.jpg") for number in range(size))
        return Entry(ImageGroup(title=title, images=images), Place(2, 0, "record 2"))

    read = list(checked.checked(iter([entry("A", 10_000), entry("B", 10_001)])))

    assert titles(read) == ["A"]
    assert [(fault.code, fault.hint) for fault in refusals(read)] == [("J37", "split the group")]


def test_many_at_once_are_judged_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain files pass by the hundreds; that must not change what is found."""
    rows = [f"@/d{number % 5}/{number * 7 % 900}.{'mov' if number == 77 else 'jpg'},{number}" for number in range(1500)]
    content = csv(IMAGES, *rows, VIDEOS, "@/d0/0.jpg,V", "@/d0/0.mp4,W", IMAGES, "@/d1/%37.jpg,X", "@/d1/new.jpg,Y")
    at_once = check(content)
    monkeypatch.setattr(checked._Checks, "passes", lambda *_: False)

    assert check(content) == at_once
    assert len(refusals(at_once)) > 100


def test_items_of_any_source_are_checked() -> None:
    item: Item = Image(object_url=f"{S3}/a.jpg")
    read = list(checked.checked(iter([Entry(item, Place(1)), Entry(item, Place(2))])))

    assert [type(one) for one in read] == [Entry, Fault]
