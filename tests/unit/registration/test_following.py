"""A batch of RegistrationsQueue: each message's trouble is its own, and it comes back when the time has come."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from encord_lambda.dispatch.messages import SqsAttributes, SqsRecord
from encord_lambda.errors import Misconfigured, Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Postponed, Rejected, Skipped
from encord_lambda.registration.following import Desk, follow
from encord_lambda.registration.upload_jobs import advancing
from encord_lambda.registration.upload_jobs.jobs import Job, State
from encord_lambda.registration.upload_jobs.tallies import Accounts
from tests.fakes.registrations import FakeNews, FakeQueue, FakeRecords, FakeRegistrations, FakeUploads

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
UNUSED: Any = None


@dataclass
class FakeInbox:
    trouble: Trouble | None = None
    hidden: dict[str, int] = field(default_factory=dict)

    def hide(self, seconds: Mapping[str, int]) -> None:
        if self.trouble:
            raise self.trouble
        self.hidden |= seconds


@dataclass
class Troubled(FakeRegistrations):
    """Every job is over, but for those in trouble."""

    seen: list[str] = field(default_factory=list)
    troubles: dict[str, Trouble] = field(default_factory=dict)

    def read(self, job: str) -> Job | None:
        if job not in self.seen:
            self.seen.append(job)
        if trouble := self.troubles.get(job):
            raise trouble
        return Job(job, "", UUID(int=1), "aws", (), "m", 1, NOON, state=State.CLOSED)


@dataclass
class Scene:
    """A desk for messages about jobs."""

    inbox: FakeInbox = field(default_factory=FakeInbox)
    held: Troubled = field(default_factory=Troubled)

    def desk(self) -> Desk:
        records = FakeRecords()
        accounts = Accounts(self.held, records, FakeUploads())
        jobs = advancing.Desk(UNUSED, self.held, records, accounts, FakeQueue(), FakeNews())
        return Desk(jobs, UNUSED, UNUSED, self.inbox, lambda: 0.0)


def plenty() -> float:
    return 300.0


def id_of(number: int) -> str:
    return f"{number:064x}"


def record(number: int, received: int = 1) -> SqsRecord:
    body = json.dumps({"version": 1, "kind": "job", "id": id_of(number), "visit": 0})
    attributes = SqsAttributes(ApproximateReceiveCount=received)
    return SqsRecord(messageId=f"m{number}", receiptHandle=f"r{number}", body=body, attributes=attributes)


def test_nothing_is_set_up_for_an_empty_batch() -> None:
    def nobody() -> Desk:
        raise AssertionError

    assert follow([], nobody, NOON, plenty).keep == []


@pytest.mark.parametrize("trouble", [Retry("busy"), Misconfigured("no key"), Reject("never")])
def test_trouble_keeps_its_own_message_only(trouble: Trouble) -> None:
    scene = Scene()
    batch = [record(1), record(2), record(3)]
    scene.held.troubles[id_of(2)] = trouble

    result = follow(batch, scene.desk, NOON, plenty)

    assert (len(scene.held.seen), result.keep) == (3, ["m2"])
    [told] = [outcome for outcome in result.outcomes if not isinstance(outcome, Skipped)]
    assert isinstance(told, Rejected if isinstance(trouble, Reject) else Postponed)
    assert (told.subject, told.reason) == (f"upload job {id_of(2)}", trouble.reason)


def test_a_kept_message_comes_back_later_each_time_and_not_before_the_service_asks() -> None:
    scene = Scene()
    batch = [record(1), record(2, received=3), record(3)]
    scene.held.troubles = {id_of(1): Retry("busy"), id_of(2): Retry("busy"), id_of(3): Retry("x", after=100)}

    follow(batch, scene.desk, NOON, plenty)

    assert scene.inbox.hidden == {"r1": 3, "r2": 10, "r3": 100}


def test_what_cannot_be_hidden_is_kept_all_the_same() -> None:
    scene = Scene(FakeInbox(Retry("SQS is away")))
    batch = [record(1)]
    scene.held.troubles[id_of(1)] = Retry("busy")

    result = follow(batch, scene.desk, NOON, plenty)

    assert result.keep == ["m1"]
    assert [told.reason for told in result.outcomes if isinstance(told, Postponed)] == ["busy", "SQS is away"]


def test_what_there_is_nothing_to_do_for_is_acknowledged() -> None:
    scene = Scene()
    scene.held.troubles[id_of(1)] = Skip("it is gone")

    result = follow([record(1)], scene.desk, NOON, plenty)

    assert (result.keep, result.outcomes) == ([], [Skipped(f"upload job {id_of(1)}", "it is gone")])


def test_without_time_for_the_rest_the_rest_is_kept_untouched() -> None:
    scene, left = Scene(), iter([300.0, 59.0, 10.0])

    result = follow([record(1), record(2), record(3)], scene.desk, NOON, lambda: next(left))

    assert (scene.held.seen, result.keep) == ([id_of(1)], ["m2", "m3"])
    assert [outcome.subject for outcome in result.outcomes if isinstance(outcome, Postponed)] == [
        f"upload job {id_of(2)}",
        f"upload job {id_of(3)}",
    ]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"kind": 1}', '{"kind": "task"}'])
def test_what_is_of_no_kind_is_kept_for_the_dead_letter_queue(body: str) -> None:
    message = SqsRecord(messageId="m1", receiptHandle="r1", body=body)

    result = follow([message], Scene().desk, NOON, plenty)

    assert result.keep == ["m1"]
    [told] = result.outcomes
    assert isinstance(told, Rejected)
    assert told.reason.startswith("malformed message: ")
    assert told.cause == "malformed"
