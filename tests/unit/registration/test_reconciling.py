"""What became of each item of a job, whatever Encord leaves out of its answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.registration.client_metadata import SOURCE
from encord_lambda.registration.manifests.items import (
    DicomFile,
    DicomSeries,
    GroupImage,
    Image,
    ImageGroup,
    Item,
    Scene,
    Video,
)
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs.receipts import Settled
from encord_lambda.registration.upload_jobs.reconciling import OVERWRITTEN, reconciled
from encord_lambda.registration.upload_jobs.tracking import JobState, StoredItem, UnitFailure

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BEFORE, AFTER = NOON - timedelta(days=1), NOON + timedelta(seconds=1)


def url(name: str) -> str:
    return f"https://media.s3.eu-west-1.amazonaws.com/{name}"


@dataclass
class FakeFolder:
    """Items and what is in them; remembers what it was asked for."""

    stored: list[StoredItem] = field(default_factory=list)
    inside: dict[UUID, Sequence[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add(self, name: str, of: str | None = None, **more: Any) -> UUID:
        number = UUID(int=len(self.stored) + 1)
        facts: dict[str, Any] = {"section": "images", "created_at": AFTER} | more
        self.stored.append(StoredItem(number, name, of and url(of), **facts))
        return number

    def add_group(self, name: str, *names: str, section: str = "image_groups", **more: Any) -> UUID:
        number = self.add(name, section=section, **more)
        self.inside[number] = [url(one) for one in names]
        return number

    def items(self, ids: Sequence[UUID]) -> Sequence[StoredItem]:
        return [one for one in self.stored if one.id in ids]

    def named(self, names: Sequence[str]) -> Sequence[StoredItem]:
        self.asked += names
        return [one for one in self.stored if one.name in names]

    def files(self, item: UUID) -> Sequence[str]:
        self.asked.append(f"files of {item.int}")
        return self.inside.get(item, [])


@pytest.fixture
def folder() -> FakeFolder:
    return FakeFolder()


def image(name: str, **more: Any) -> Image:
    return Image(object_url=url(name), **({"title": name} | more))


def group(title: str, *names: str) -> ImageGroup:
    return ImageGroup(title=title, images=tuple(GroupImage(url=url(name)) for name in names))


def answer(folder: FakeFolder, *ids: UUID, failures: Sequence[UnitFailure] = (), **more: Any) -> JobState:
    names = {one.id: one.name for one in folder.stored}
    return JobState("DONE", [(names[one], one) for one in ids], failures, **more)


def fates(folder: FakeFolder, state: JobState, *items: Item) -> list[Settled]:
    return list(reconciled(Manifest.of(items), state, folder, NOON))


def items_of(settled: Sequence[Settled]) -> list[tuple[str, UUID | None]]:
    return [(one.state, one.item) for one in settled]


def test_each_item_is_told_apart(folder: FakeFolder) -> None:
    new, old = folder.add("new", "new"), folder.add("old", "old", created_at=BEFORE)
    state = answer(folder, new, old, failures=[UnitFailure((url("bad"),), "truncated")])

    found = fates(folder, state, image("new"), image("old"), image("bad"), image("lost"))

    assert items_of(found) == [("registered", new), ("existing", old), ("failed", None), ("failed", None)]
    assert found[2].reason == "truncated"
    assert "ended as DONE without an item for it; upload the object again" in (found[3].reason or "")
    assert folder.asked == ["lost"]


def test_equal_titles_and_none_at_all_are_told_apart_by_url(folder: FakeFolder) -> None:
    ids = [folder.add("same", "a"), folder.add("same", "b"), folder.add("/c", "c"), folder.add("other", "d")]
    items = [image("d", title=None), image("c", title=None), image("b", title="same"), image("a", title="same")]

    found = fates(folder, answer(folder, *ids), *items)

    assert [one.item for one in found] == [ids[3], ids[2], ids[1], ids[0]]
    assert [one.key for one in found] == ["/d", "/c", "same", "same"]


def test_one_url_as_two_types_is_two_items(folder: FakeFolder) -> None:
    """Only the image failed, and its reason is about the same URL."""
    clip = folder.add("clip", "x", section="videos")
    state = answer(folder, clip, failures=[UnitFailure((url("x"),), "no image")])

    found = fates(folder, state, Video(object_url=url("x"), title="clip"), image("x"))

    assert items_of(found) == [("registered", clip), ("failed", None)]


def test_skipped_duplicates_that_encord_does_not_name_are_found_by_name_and_url(folder: FakeFolder) -> None:
    known = folder.add("a", "a", created_at=BEFORE)
    folder.add("b", "elsewhere/b", created_at=BEFORE)

    found = fates(folder, answer(folder), image("a"), image("b"))

    assert items_of(found) == [("existing", known), ("failed", None)]


def test_an_item_that_a_crashed_start_made_is_registered_though_a_second_one_skipped_it(folder: FakeFolder) -> None:
    made = folder.add("a", "a", created_at=AFTER)

    assert items_of(fates(folder, answer(folder), image("a"))) == [("registered", made)]


def test_a_url_spelt_encords_own_way_is_known_by_a_title_that_is_unique_in_the_answer(folder: FakeFolder) -> None:
    one = folder.add("a b", "a%20b")
    folder.add("twice", "x"), folder.add("twice", "y")
    state = answer(folder, *(stored.id for stored in folder.stored))

    found = fates(folder, state, image("a+b", title="a b"), image("p", title="twice"), image("q", title="twice"))

    assert items_of(found) == [("registered", one), ("failed", None), ("failed", None)]


def test_a_failure_does_not_make_a_title_ambiguous(folder: FakeFolder) -> None:
    one = folder.add("a b", "a%20b")
    state = answer(folder, one, failures=[UnitFailure((url("bad"),), "broken")])

    found = fates(folder, state, image("bad", title="a b"), image("a+b", title="a b"))

    assert items_of(found) == [("failed", None), ("registered", one)]


def test_an_overwritten_object_is_told_of(folder: FakeFolder) -> None:
    for name, etag in (("same", "1"), ("other", "0"), ("by hand", None)):
        folder.add(name, name, created_at=BEFORE, etag=etag)
    folder.add("new", "new", etag="0")
    items = [image(stored.name, client_metadata={SOURCE: {"etag": "1"}}) for stored in folder.stored]

    found = fates(folder, answer(folder, *(stored.id for stored in folder.stored)), *items)

    assert [one.reason for one in found] == [None, OVERWRITTEN, None, None]


# Groups and series


def test_groups_are_known_by_their_titles_and_nobody_looks_inside(folder: FakeFolder) -> None:
    ids = [folder.add_group("g", "1", "2"), folder.add_group("s", "1", section="dicom_series")]
    series = DicomSeries(title="s", dicom_files=(DicomFile(url=url("1")),))

    found = fates(folder, answer(folder, *ids), group("g", "1", "2"), series)

    assert items_of(found) == [("registered", ids[0]), ("registered", ids[1])]
    assert folder.asked == []


def test_groups_of_one_title_are_told_apart_by_their_files(folder: FakeFolder) -> None:
    ids = [folder.add_group("g", "1", "2"), folder.add_group("g", "3")]

    found = fates(folder, answer(folder, *ids), group("g", "3"), group("g", "1", "2"))

    assert [one.item for one in found] == [ids[1], ids[0]]


def test_a_group_of_the_same_title_and_files_twice_is_as_many_items_as_encord_made(folder: FakeFolder) -> None:
    same = group("g", "1", "2")
    first = folder.add_group("g", "1", "2")

    assert [one.item for one in fates(folder, answer(folder, first), same, same)] == [first, first]
    second = folder.add_group("g", "1", "2")
    assert [one.item for one in fates(folder, answer(folder, first, second), same, same)] == [first, second]


def test_a_group_with_failed_files_lists_them_all_and_leaves_the_others_alone(folder: FakeFolder) -> None:
    ok, alone = folder.add_group("ok", "1", "2"), folder.add("2", "2")
    failures = [UnitFailure((url("1"), url("bad")), "1 of 2 cannot be read")]

    found = fates(
        folder, answer(folder, ok, alone, failures=failures), image("2"), group("ok", "1", "2"), group("x", "1", "bad")
    )

    assert items_of(found) == [("registered", alone), ("registered", ok), ("failed", None)]
    assert found[2].reason == "1 of 2 cannot be read"
    assert found[2].urls == (url("1"), url("bad"))


def test_a_group_that_was_skipped_is_one_of_the_same_files_and_not_of_the_same_title_only(folder: FakeFolder) -> None:
    folder.add_group("g", "9", created_at=BEFORE)
    same = folder.add_group("g", "1", "2", created_at=BEFORE)
    folder.add_group("h", "1", "2", created_at=BEFORE)

    assert items_of(fates(folder, answer(folder), group("g", "1", "2"))) == [("existing", same)]
    assert items_of(fates(folder, answer(folder), group("g", "1", "3"))) == [("failed", None)]


def test_of_a_series_with_very_many_files_the_first_are_enough(folder: FakeFolder) -> None:
    cut = folder.add_group("g", "1", "2", created_at=BEFORE)

    assert items_of(fates(folder, answer(folder), group("g", "1", "2", "3"))) == [("existing", cut)]
    whole = folder.add_group("g", "1", "2", "3", created_at=BEFORE)
    assert items_of(fates(folder, answer(folder), group("g", "1", "2", "3"))) == [("existing", whole)]


def test_scenes_are_known_by_their_titles_and_fail_with_what_no_url_explains(folder: FakeFolder) -> None:
    one = folder.add("one", section="scenes")
    state = answer(folder, one, failures=[UnitFailure((), "no such point cloud")])

    found = fates(folder, state, *(Scene(title=title, scene={"lidar": {}}) for title in ("one", "two")))

    assert items_of(found) == [("registered", one), ("failed", None)]
    assert "no such point cloud" in (found[1].reason or "")


@pytest.mark.parametrize("status", ["ERROR", "CANCELLED"])
def test_a_job_that_broke_gives_its_reason_to_all_without_an_item(folder: FakeFolder, status: Any) -> None:
    done = folder.add("a", "a")
    state = JobState(status, [("a", done)], errors=["no access to the bucket"])

    found = fates(folder, state, image("a"), image("b"))

    assert found[0].item == done
    assert found[1].reason == (
        f"Encord's upload job ended as {status} without an item for it: no access to the bucket; "
        "upload the object again"
    )


FATES = st.dictionaries(st.integers(0, 30), st.sampled_from(["new", "old", "unnamed", "failed", "lost"]), min_size=1)


@given(wanted=FATES, titles=st.integers(1, 4))
def test_every_item_is_accounted_for_whatever_became_of_it(wanted: dict[int, str], titles: int) -> None:
    folder, named, failures = FakeFolder(), list[UUID](), list[UnitFailure]()
    expected: list[tuple[str, UUID | None]] = []
    for number, fate in wanted.items():
        title, name = f"t{number % titles}", f"{number}.jpg"
        if fate in ("new", "old", "unnamed"):
            item = folder.add(title, name, created_at=AFTER if fate == "new" else BEFORE)
            named += [item] if fate != "unnamed" else []
            expected.append(("registered" if fate == "new" else "existing", item))
        else:
            failures += [UnitFailure((url(name),), "broken")] if fate == "failed" else []
            expected.append(("failed", None))
    items = [image(f"{number}.jpg", title=f"t{number % titles}") for number in wanted]

    found = fates(folder, answer(folder, *named, failures=failures), *items)

    assert items_of(found) == expected
    assert all(one.item or one.reason for one in found)
