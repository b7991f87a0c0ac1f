"""Import manifests of many jobs: entered some at a time, and taken up again by the next visit where time ran out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Deferred, Skip
from encord_lambda.outcomes import Outcome, Rejected, Skipped
from encord_lambda.registration import instructions
from encord_lambda.registration.instructions import RESERVE, ManifestMessage
from encord_lambda.registration.upload_jobs import advancing
from encord_lambda.registration.upload_jobs.jobs import Job
from encord_lambda.registration.upload_jobs.receipts import Summary
from encord_lambda.registration.upload_jobs.tallies import Account, Accounts, Tally
from tests.fakes.registrations import FakeNews, FakeQueue, FakeRecords, FakeRegistrations, FakeUploads

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEY = "pets/manifests/a.csv"
ROWS = 45
UNUSED: Any = None


def rows(bucket: str = "uploads") -> list[str]:
    return [f"https://{bucket}.s3.eu-west-1.amazonaws.com/{number}.jpg,{number}" for number in range(ROWS)]


@dataclass
class Counted(FakeRegistrations):
    """Counts its transactions."""

    transactions: int = 0

    def write(self, changed: Sequence[Job], tallies: Mapping[Account, Tally]) -> bool:
        self.transactions += 1
        return super().write(changed, tallies)


@dataclass
class Office:
    """An import manifest of two images a job, and all that reading it works with."""

    lines: list[str] = field(default_factory=rows)
    held: Counted = field(default_factory=Counted)
    records: FakeRecords = field(default_factory=FakeRecords)
    uploads: FakeUploads = field(default_factory=FakeUploads)
    queue: FakeQueue = field(default_factory=FakeQueue)
    etag: str = "abc"
    ends: Callable[[], None] = lambda: None
    """Happens when the file is read to its end."""

    def current(self) -> PipelineConfig:
        registration = {"prefix": "pets/", "integration": "aws", "folder": str(UUID(int=1)), "jobs": {"images": 2}}
        return PipelineConfig.model_validate({"version": 1, "registrations": [registration]})

    def open(self, bucket: str, key: str) -> "Office":
        assert (bucket, key) == ("uploads", KEY)
        return self

    @property
    def size(self) -> int:
        return len("\n".join(self.lines))

    def chunks(self) -> Iterator[bytes]:
        yield "\n".join(["ObjectURL,Image title", *self.lines]).encode()
        self.ends()

    def visit(self, time_left: Callable[[], float] = lambda: 300.0) -> Sequence[Outcome]:
        accounts = Accounts(self.held, self.records, self.uploads)
        jobs = advancing.Desk(UNUSED, self.held, self.records, accounts, self.queue, FakeNews())
        message = ManifestMessage(version=1, bucket="uploads", key=KEY, etag="abc", sequencer="1")
        return instructions.visit(message, instructions.Desk(self, self, jobs), NOON, time_left)

    def beside(self) -> Summary:
        return Summary.model_validate_json(self.uploads.kept["uploads", f"{KEY}.receipt.json"])

    def submitted(self) -> list[int]:
        """Of each account."""
        return [tally.submitted for tally in self.held.tallies.values()]


def test_jobs_are_recorded_ten_in_a_transaction_and_each_has_its_message() -> None:
    office = Office()

    assert office.visit() == []

    assert (len(office.held.jobs), office.held.transactions) == (23, 3)
    assert {message.model_dump()["id"] for message in office.queue.waiting} == set(office.held.jobs)
    assert {job.manifest for job in office.held.jobs.values()} == set(office.records.kept)
    assert office.submitted() == [ROWS, ROWS]


def test_a_visit_without_time_stops_and_the_next_one_submits_the_rest_alone() -> None:
    office, left = Office(), iter([300.0, 100.0, RESERVE - 1])

    with pytest.raises(Deferred, match="time is over with 20 of its upload jobs submitted"):
        office.visit(lambda: next(left))
    assert (len(office.held.jobs), office.submitted()) == (20, [40, 40])
    followed = [job.looked_at(1) for job in office.held.jobs.values()]
    office.held.write(followed, {})
    office.queue.waiting.clear()

    told = office.visit()

    assert told == [Skipped(f"s3://uploads/{KEY}", "20 of its upload jobs were submitted before")]
    assert (len(office.held.jobs), len(office.queue.waiting), office.submitted()) == (23, 3, [ROWS, ROWS])


def test_of_two_visits_at_once_each_job_is_counted_once() -> None:
    """While one is about to record its first ten jobs, the other records all of them."""
    office = Office()
    write = office.records.write

    def interrupted(key: str, body: bytes) -> None:
        if not office.held.jobs:
            Office(held=office.held, queue=office.queue).visit()
        write(key, body)

    office.records.write = interrupted  # type: ignore[method-assign]
    office.visit()

    assert (len(office.held.jobs), office.submitted()) == (23, [ROWS, ROWS])


def test_faults_are_written_down_some_at_a_time_and_told_once_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instructions, "AT_A_TIME", 10)
    office = Office(rows("elsewhere"))

    [told] = office.visit()

    assert isinstance(told, Rejected)
    assert f"refused of it: {ROWS}, the first: {KEY}:2: U10" in told.reason
    assert (office.beside().submitted, office.beside().failed, len(office.beside().receipts)) == (ROWS, ROWS, 5)
    assert office.submitted() == [ROWS, ROWS]


def test_of_a_file_with_far_too_many_faults_the_rest_is_not_read_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(instructions, "MOST_REFUSED", 20)
    office = Office(rows("elsewhere"))

    office.visit()

    told = [entry.reason for entry in office.beside().objects]
    assert (office.beside().failed, len(told)) == (22, 22)
    assert sum("more than 20 entries are refused; nothing after line 22 was read" in reason for reason in told) == 1


def test_what_was_refused_before_the_file_was_overwritten_is_told_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instructions, "AT_A_TIME", 10)

    def overwritten() -> None:
        raise Skip("it was overwritten while it was read")

    office = Office(rows("elsewhere") * 40, ends=overwritten)

    [told] = office.visit()

    assert told == Skipped(f"s3://uploads/{KEY}", "it was overwritten while it was read")
    assert office.beside().failed == office.submitted()[0] > 0
