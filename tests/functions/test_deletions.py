"""Objects that are deleted, through both functions: ignored, reported, or their items taken out of the datasets."""

import pytest

from encord_lambda.encord_platform.unlinking import ItemUses
from encord_lambda.errors import Reject
from encord_lambda.registration.removal_records import Removals
from tests.functions.upload_stack import Stack
from tests.functions.uploading import (
    DATASETS,
    configure,
    day,
    delete,
    linked,
    put,
    register,
    stored,
    sums,
)
from tests.twin.worlds import jpeg

PICTURE = jpeg()


def there_is(stack: Stack, *keys: str) -> list[str]:
    """Have objects registered; gives their events."""
    told = put(stack, dict.fromkeys(keys, PICTURE))
    register(*told)
    stack.drain()
    return told


def removals(stack: Stack, prefix: str) -> dict[str, tuple[str, str]]:
    """What is on record of deletions: verdict and reason by key."""
    bodies = [body for key, body in stack.records("receipts/").items() if f"/{prefix}/removed-" in key]
    found = [one for body in bodies for one in Removals.model_validate_json(body).objects]
    return {one.key: (one.verdict, one.reason) for one in found}


def test_a_deletion_is_ignored_unless_pipeline_yaml_says_otherwise(shared: Stack) -> None:
    configure(shared, ignore={})
    there_is(shared, "ignore/a.jpg")

    register(delete(shared, "ignore/a.jpg"))

    assert linked(shared, "pets", "ignore/") == ["ignore/a.jpg"]
    assert removals(shared, "ignore") == {}
    assert shared.refusals()["ignore/a.jpg"].startswith("deleted from the bucket; deletions are ignored")
    assert sums(day(shared, "ignore/")) == (1, 1, 0, 0, 0)


def test_a_deletion_is_reported_and_the_item_stays(shared: Stack) -> None:
    configure(shared, report={"deleted": "report"})
    there_is(shared, "report/a.jpg")

    register(delete(shared, "report/a.jpg"), delete(shared, "report/never.jpg"))

    assert linked(shared, "pets", "report/") == ["report/a.jpg"]
    item, folder = stored(shared)["report/a.jpg"].id, shared.folder.uuid
    assert removals(shared, "report") == {
        "report/a.jpg": ("reported", f"the object is gone; item {item} still stands in folder {folder}"),
        "report/never.jpg": ("skipped", f"deleted; there is no item called so and made of it in folder {folder}"),
    }


def test_an_item_whose_object_is_deleted_leaves_the_datasets_and_comes_back_with_the_object(shared: Stack) -> None:
    configure(shared, unlink={"deleted": "unlink"})
    there_is(shared, "unlink/a.jpg", "unlink/b.jpg")
    before = stored(shared, "unlink/")

    gone = delete(shared, "unlink/a.jpg")
    register(gone, gone)
    register(gone)
    assert [linked(shared, dataset, "unlink/") for dataset in DATASETS] == [["unlink/b.jpg"]] * 2
    assert removals(shared, "unlink")["unlink/a.jpg"][0] == "unlinked"

    there_is(shared, "unlink/a.jpg")
    register(gone)  # once more, late
    assert [linked(shared, dataset, "unlink/") for dataset in DATASETS] == [["unlink/a.jpg", "unlink/b.jpg"]] * 2
    assert stored(shared, "unlink/") == before
    assert sums(day(shared, "unlink/")) == (3, 2, 1, 0, 0)


def test_a_file_deleted_from_a_group_is_reported_and_the_group_stays(shared: Stack) -> None:
    configure(shared, group={"deleted": "unlink", "group": {"kind": "image_group"}})
    there_is(shared, "group/zoo/a.jpg", "group/zoo/b.jpg", "group/zoo/_COMPLETE")

    register(delete(shared, "group/zoo/b.jpg"), delete(shared, "group/zoo/_COMPLETE"))

    assert linked(shared, "more", "group/") == ["group/zoo"]
    verdict, reason = removals(shared, "group")["group/zoo/b.jpg"]
    assert (verdict, reason.partition(",")[0]) == ("reported", "the object is gone; it is part of group/zoo")
    assert shared.refusals()["group/zoo/_COMPLETE"] == "deleted, and it was no media: nothing is undone"


def test_what_comes_after_its_directory_was_registered_is_refused_and_told(shared: Stack) -> None:
    configure(shared, late={"group": {"kind": "image_group"}})
    told = there_is(shared, "late/zoo/a.jpg", "late/zoo/_COMPLETE")

    register(*told, *put(shared, {"late/zoo/b.jpg": PICTURE}))
    shared.drain()

    assert shared.refusals()["late/zoo/b.jpg"].startswith("came after its directory was registered on ")
    assert len(stored(shared, "late/")["late/zoo"].files) == 1
    assert sums(day(shared, "late/")) == (2, 1, 0, 1, 0)


def test_what_encord_refuses_to_unlink_is_reported(shared: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise Reject("Encord says no")

    configure(shared, refused={"deleted": "unlink"})
    there_is(shared, "refused/a.jpg")
    monkeypatch.setattr(ItemUses, "take_out", refused)

    register(delete(shared, "refused/a.jpg"))

    told = "the object is gone; its item stands unchanged, for Encord says no"
    assert removals(shared, "refused") == {"refused/a.jpg": ("reported", told)}
    assert sums(day(shared, "refused/")) == (1, 1, 0, 0, 0)
