"""The sums of a day and of an import manifest: exact, complete, and the newest, whoever writes them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from encord_lambda.errors import Retry
from encord_lambda.registration.upload_jobs import receipts
from encord_lambda.registration.upload_jobs.receipts import Receipt, Refusal, Settled, Summary
from encord_lambda.registration.upload_jobs.tallies import (
    MOST_OBJECTS,
    MOST_RECEIPTS,
    Account,
    Accounts,
    Day,
    Source,
    Tally,
)
from tests.fakes.registrations import FakeRecords, FakeRegistrations, FakeUploads

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = Day("pets/", "2026-11-21")
SOURCE = Source("uploads", "pets/manifests/a.csv", "abc")
DAY_KEY = "receipts/2026-11-21/pets/day.json"


@dataclass
class Office:
    """Accounts over fakes."""

    counters: FakeRegistrations = field(default_factory=FakeRegistrations)
    records: FakeRecords = field(default_factory=FakeRecords)
    uploads: FakeUploads = field(default_factory=FakeUploads)

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.counters, self.records, self.uploads)

    def settle(self, name: str, failed: int, account: Account = DAY, registered: int = 0) -> None:
        """A job with that many failures is settled, and its worker publishes."""
        key = f"receipts/2026-11-21/pets/{name}.json"
        self.records.write(key, a_receipt(name, failed).model_dump_json().encode())
        submitted = failed + registered
        failing = self.accounts.failing(account, key, failed)
        self.counters.write([], {account: Tally(submitted, registered, 0, failed, 0, failing)})
        self.accounts.publish(account)

    def day(self) -> Summary:
        return Summary.model_validate_json(self.records.kept[DAY_KEY])


def a_receipt(name: str, failed: int) -> Receipt:
    return Receipt(
        job=name,
        encord_job=None,
        prefix="pets/",
        folder=UUID(int=1),
        datasets=(),
        manifest="m",
        source=None,
        submitted_at=NOON,
        settled_at=NOON,
        submitted=failed,
        registered=0,
        existing=0,
        failed=failed,
        pending=0,
        objects=tuple(
            Settled(key=f"{name}-{number}", urls=("https://x",), state="failed", reason="bad")
            for number in range(failed)
        ),
    )


def refusal(key: str, verdict: str = "refused", place: str = "") -> Refusal:
    return Refusal.model_validate(
        {"bucket": "uploads", "key": key, "verdict": verdict, "reason": "empty", "place": place}
    )


def test_a_day_that_is_not_over_tells_what_is_pending() -> None:
    office = Office()
    office.counters.write([], {DAY: Tally(submitted=10)})
    office.settle("a", failed=2, registered=3)

    day = office.day()

    assert (day.prefix, day.day, day.manifest) == ("pets/", "2026-11-21", None)
    assert (day.submitted, day.registered, day.existing, day.failed, day.pending) == (15, 3, 0, 2, 10)
    assert [(entry.key, entry.reason, entry.receipt) for entry in day.objects] == [
        ("a-0", "bad", "receipts/2026-11-21/pets/a.json"),
        ("a-1", "bad", "receipts/2026-11-21/pets/a.json"),
    ]


def test_refusals_are_written_down_and_count_once_as_submitted_and_failed() -> None:
    office = Office()
    for _ in range(2):
        office.accounts.refuse([refusal("b"), refusal("a"), refusal("a"), refusal("dir/", "skipped")], "pets/", NOON)

    day = office.day()
    assert (day.submitted, day.failed, day.skipped, day.pending) == (2, 2, 1, 0)
    assert [(entry.key, entry.reason) for entry in day.objects] == [("a", "empty"), ("b", "empty")]
    assert day.receipts == tuple(key for key in office.records.kept if receipts.is_refusals(key))


def test_refusals_in_an_import_manifest_count_for_its_day_and_for_itself_once_and_for_all() -> None:
    office = Office()
    for when in (NOON, NOON.replace(hour=13), NOON.replace(day=22)):
        office.accounts.refuse([refusal(SOURCE.key, place="12 record 7")], "pets/", when, SOURCE)

    body = office.uploads.kept["uploads", "pets/manifests/a.csv.receipt.json"]
    beside = Summary.model_validate_json(body)
    assert (beside.manifest, beside.etag, beside.prefix) == ("s3://uploads/pets/manifests/a.csv", "abc", None)
    assert (beside.submitted, beside.failed) == (1, 1)
    assert [(entry.key, entry.place) for entry in beside.objects] == [(SOURCE.key, "12 record 7")]
    assert office.day().failed == 1
    assert body in office.records.kept.values()


def test_what_no_registration_is_about_is_written_down_only() -> None:
    office = Office()

    office.accounts.refuse([refusal("elsewhere/a", "skipped")], None, NOON)

    [key] = office.records.kept
    assert key.startswith("receipts/2026-11-21/_unregistered/refused-")
    assert office.counters.tallies == {}


def test_failed_objects_are_listed_up_to_a_limit_and_the_others_counted() -> None:
    office = Office()
    for name in "bca":
        office.settle(name, failed=MOST_OBJECTS // 2 + 100)

    day = office.day()
    assert len(day.objects) == MOST_OBJECTS
    assert day.left_out == day.failed - MOST_OBJECTS == MOST_OBJECTS // 2 + 300
    assert [entry.key[0] for entry in day.objects] == ["a"] * 600 + ["b"] * 400


def test_receipts_are_remembered_up_to_a_limit() -> None:
    office = Office()
    for number in range(MOST_RECEIPTS + 3):
        office.settle(f"{number:03}", failed=1)

    day = office.day()
    assert (len(day.receipts), day.failed, day.left_out) == (MOST_RECEIPTS, MOST_RECEIPTS + 3, 3)


def test_a_receipt_is_read_once_however_often_the_sums_are_written() -> None:
    office = Office()
    office.settle("a", failed=3)
    del office.records.kept["receipts/2026-11-21/pets/a.json"]

    office.settle("b", failed=1)

    assert [entry.key for entry in office.day().objects] == ["a-0", "a-1", "a-2", "b-0"]


def test_a_summary_of_another_version_is_written_anew() -> None:
    office = Office()
    office.records.kept[DAY_KEY] = b'{"version": 7}'

    office.settle("a", failed=1)

    assert office.day().failed == 1


@dataclass
class Interrupted(FakeRecords):
    """Somebody else does something before each write of a day."""

    before: Callable[[], None] = lambda: None

    def write(self, key: str, body: bytes) -> None:
        if key == DAY_KEY:
            self.before()
        super().write(key, body)


def test_older_sums_are_not_left_standing_over_newer_ones() -> None:
    """While one worker is about to write what it read, another counts and writes; the first one then writes again."""
    records = Interrupted()
    office = Office(records=records)
    others = iter("bcd")

    def another() -> None:
        if name := next(others, None):
            records.before, held = lambda: None, records.before
            office.settle(name, failed=1)
            records.before = held

    records.before = another
    office.settle("a", failed=1)

    assert (office.day().failed, len(office.day().objects)) == (4, 4)


def test_who_never_gets_to_write_the_newest_comes_again() -> None:
    records = Interrupted()
    office = Office(records=records)
    records.before = lambda: office.counters._add({DAY: Tally(submitted=1)})

    with pytest.raises(Retry, match="changed again and again"):
        office.accounts.publish(DAY)


COUNTS = st.tuples(*[st.integers(0, 50)] * 3)


@given(jobs=st.lists(st.tuples(COUNTS, st.booleans()), max_size=12), refused=st.lists(st.integers(0, 5), max_size=4))
def test_every_object_of_a_day_is_accounted_for(
    jobs: list[tuple[tuple[int, int, int], bool]], refused: list[int]
) -> None:
    office = Office()
    for number, ((registered, existing, failed), is_settled) in enumerate(jobs):
        office.counters.write([], {DAY: Tally(submitted=registered + existing + failed)})
        if is_settled:
            key = f"receipts/{number}.json"
            office.records.write(key, a_receipt(str(number), failed).model_dump_json().encode())
            failing = office.accounts.failing(DAY, key, failed)
            office.counters.write([], {DAY: Tally(0, registered, existing, failed, 0, failing)})
    for number, count in enumerate(refused):
        office.accounts.refuse([refusal(f"{number}/{each}") for each in range(count)], "pets/", NOON)
    office.accounts.publish(DAY)

    day = office.day()
    assert day.submitted == sum(sum(counts) for counts, _ in jobs) + sum(refused)
    assert day.pending == sum(sum(counts) for counts, is_settled in jobs if not is_settled)
    assert day.submitted == day.registered + day.existing + day.failed + day.pending
    assert day.failed == len(day.objects) + day.left_out


def test_sums_that_do_not_add_up_cannot_be_written() -> None:
    good = a_receipt("a", 2).model_dump()
    wrongs: list[dict[str, int]] = [
        {"submitted": 3},
        {"failed": 1, "submitted": 1},
        {"existing": 1},
        {"pending": -1},
    ]
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            Receipt.model_validate(good | wrong)
    with pytest.raises(ValidationError, match="submitted must be"):
        Summary(
            submitted=2, registered=1, existing=0, failed=0, pending=0, skipped=0, receipts=(), objects=(), left_out=0
        )


PREFIXES = ["", "pets/", "pets-/", "pets", "a/b/", "a-b/", "A/", "a/", "ä/", "/", "//", "all/", "_unregistered/", "../"]


def test_no_two_prefixes_share_a_folder_of_receipts() -> None:
    folders = {receipts.folder(prefix, NOON) for prefix in [*PREFIXES, None]}

    assert len(folders) == len(PREFIXES) + 1
    assert not any("/.." in folder for folder in folders if "..-" not in folder)
    assert all(folder.count("/") == 3 for folder in folders)


def test_no_two_versions_of_an_import_manifest_share_a_record() -> None:
    other = replace(SOURCE, etag="def")

    assert receipts.of_manifest(SOURCE.address, SOURCE.etag) != receipts.of_manifest(other.address, other.etag)
    assert SOURCE.id != other.id
