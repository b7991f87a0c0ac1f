"""The closing table's rows about the library and the receipts see what is wrong."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from encord.orm.storage import StorageItemType as Type

from encord_lambda.registration.upload_jobs.receipts import Summary
from sandbox.scenario.catalogue import Catalogue, Holding
from sandbox.scenario.library_checks import library_checks
from sandbox.scenario.receipt_checks import receipt_checks, sums
from sandbox.scenario.receipts import Receipts
from sandbox.scenario.uploads import Upload
from tests.e2e import perfect

GOOD = perfect.catalogue()
UPLOADS = [Upload("pets/cat.jpg", b"", "Cat"), Upload("pets/bad.jpg", b"", None), Upload("pets/new folder/", b"", None)]


def complaints(held: Catalogue) -> list[str]:
    return [check.claim for check in library_checks(perfect.library(), held) if not check.holds]


def held(number: int, **changes: object) -> Catalogue:
    """The good catalogue with another item at one place."""
    holdings = list(GOOD.holdings)
    holdings[number] = replace(holdings[number], **changes)  # type: ignore[arg-type]
    return replace(GOOD, holdings=holdings)


def beside(summary: Summary | None) -> Catalogue:
    return replace(GOOD, beside=summary)


def test_nothing_is_wrong_with_a_perfect_library() -> None:
    assert complaints(GOOD) == []


@pytest.mark.parametrize(
    ("flawed", "claim"),
    [
        (replace(GOOD, holdings=GOOD.holdings[1:]), "there once, of their types"),
        (replace(GOOD, holdings=[*GOOD.holdings, GOOD.holdings[0]]), "there once, of their types"),
        (replace(GOOD, holdings=[*GOOD.holdings, Holding("x", Type.PDF, {}, linked=True)]), "there once"),
        (held(2, type=Type.IMAGE_SEQUENCE), "there once, of their types"),
        (held(3, linked=False), "linked to the dataset"),
        (replace(GOOD, holdings=[]), "linked to the dataset"),
        (held(0, metadata={"encord_lambda.source": {}}), "client metadata"),
        (held(0, metadata={"camera": "north gate"}), "client metadata"),
        (held(1, metadata={"encord_lambda.source": {}, "camera": "north gate"}), "client metadata"),
        (replace(GOOD, described=frozenset({"library/cat.jpg"})), "was told sizes"),
        (beside(None), "its receipt is beside it"),
        (beside(perfect.of_manifest(objects=(perfect.failed("m", "5"),))), "bad line"),
        (beside(perfect.of_manifest(objects=())), "bad line"),
        (beside(perfect.of_manifest(registered=0, pending=1)), "bad line"),
    ],
)
def test_a_flaw_of_the_library_is_noticed(flawed: Catalogue, claim: str) -> None:
    assert any(claim in one for one in complaints(flawed))


def uncounted(found: Receipts) -> list[str]:
    return [check.missing for check in receipt_checks(found, UPLOADS, perfect.library()) if not check.holds]


def told() -> Receipts:
    fates = perfect.receipts({"pets/cat.jpg": None, "pets/bad.jpg": "empty"})
    return replace(fates, fates={**fates.fates, "pets": {**fates.fates["pets"], "pets/new folder/": "a folder marker"}})


def instead(new: Summary) -> list[Summary]:
    return [new if day.prefix == new.prefix else day for day in told().days]


def test_nothing_is_wrong_with_receipts_that_add_up() -> None:
    assert uncounted(told()) == []


BAD = [perfect.failed("pets/bad.jpg")]


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        (instead(perfect.day("library/groups/", 0, [], pending=1)), "library/groups/"),
        (instead(perfect.day("library/groups/", 2, [])), "library/groups/"),
        (instead(perfect.day("library/groups/", 1, [], existing=1)), "library/groups/"),
        (told().days[:2], "library/groups/"),
        (instead(perfect.day("pets/", 1, [], failed=1)), "pets/bad.jpg"),
        (instead(perfect.day("pets/", 1, [perfect.failed("pets/cat.jpg"), *BAD], failed=1)), "pets/cat.jpg"),
    ],
)
def test_a_day_that_does_not_add_up_is_noticed(days: Sequence[Summary], missing: str) -> None:
    assert uncounted(replace(told(), days=days)) == [missing]


def test_an_item_that_no_receipt_speaks_of_is_noticed() -> None:
    silent = replace(told(), fates={**told().fates, "pets": {"pets/bad.jpg": "empty"}})

    assert uncounted(silent) == ["0 of 1 items below pets/ have a receipt"]


def test_days_of_one_registration_are_added() -> None:
    days = [perfect.day("pets/", 1, BAD), perfect.day("pets/", 2, [])]

    assert sums(days) == {
        "pets/": {"submitted": 4, "registered": 3, "existing": 0, "failed": 1, "pending": 0, "skipped": 0}
    }
