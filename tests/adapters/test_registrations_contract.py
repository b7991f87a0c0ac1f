"""What advancing relies on, held against the DynamoDB table (moto) and the fake alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.registrations import KEPT_FOR, Registrations
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.registration.upload_jobs.jobs import Held, Job, State
from encord_lambda.registration.upload_jobs.tallies import Day, Source, Tally
from sandbox import template
from tests.fakes.registrations import FakeRegistrations

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = Day("pets/", "2026-11-21")
SOURCE = Source("uploads", "pets/manifests/a.csv", "abc")
pytestmark = pytest.mark.usefixtures("aws")


def table() -> Registrations:
    """The table as template.yaml makes it."""
    dynamodb = boto3.client("dynamodb")
    properties = template.load()["Resources"]["Registrations"]["Properties"]
    keys = ("BillingMode", "AttributeDefinitions", "KeySchema")
    dynamodb.create_table(TableName="registrations", **{key: properties[key] for key in keys})
    return Registrations(dynamodb, "registrations", lambda: NOON)


@pytest.fixture(params=["table", "fake"])
def held(request: pytest.FixtureRequest) -> Held:
    return table() if request.param == "table" else FakeRegistrations()


def a_job(number: int = 1, **changes: Any) -> Job:
    job = Job(
        id=f"{number:064x}",
        prefix="pets/",
        folder=UUID(int=1),
        integration="aws",
        datasets=(UUID(int=2), UUID(int=3)),
        manifest="manifests/m.json",
        submitted=3,
        submitted_at=NOON + timedelta(microseconds=7),
    )
    return replace(job, **changes)


def test_a_job_reads_back_as_written(held: Held) -> None:
    plain = a_job(1, datasets=(), prefix="")
    full = a_job(
        2,
        source=SOURCE,
        state=State.RUNNING,
        lease_until=NOON,
        encord_job=UUID(int=9),
        visits=4,
        parts=("a", "b"),
        registered=1,
        existing=2,
        failed=3,
    )

    assert held.write([plain, full], {})
    assert [held.read(plain.id), held.read(full.id)] == [plain, full]
    assert held.read(a_job(3).id) is None


def test_a_job_is_written_in_place_of_the_one_it_was_made_from_only(held: Held) -> None:
    first = a_job()
    held.write([first], {})

    assert not held.write([first], {})
    assert held.write([first.leased(NOON)], {})
    assert not held.write([first.running(UUID(int=9))], {})
    assert held.read(first.id) == first.leased(NOON)
    assert not held.write([a_job(2, token=2)], {})


def test_what_a_job_adds_is_counted_if_and_only_if_the_job_is_written(held: Held) -> None:
    job = a_job()
    for _ in range(2):
        held.write([job], {DAY: Tally(submitted=3), SOURCE: Tally(submitted=3)})
    for _ in range(2):
        held.write([job.settled(1, 1, 1)], {DAY: Tally(registered=1, existing=1, failed=1, failing=frozenset("r"))})

    assert held.tally(DAY) == Tally(3, 1, 1, 1, 0, frozenset("r"))
    assert held.tally(SOURCE) == Tally(3)
    assert held.tally(Day("pets/", "2026-11-22")) == Tally()


def test_one_job_in_the_way_keeps_all_from_being_written(held: Held) -> None:
    held.write([a_job(2)], {})

    assert not held.write([a_job(1), a_job(2)], {DAY: Tally(submitted=1)})
    assert held.read(a_job(1).id) is None
    assert held.tally(DAY) == Tally()


def test_a_mark_counts_once(held: Held) -> None:
    for mark in ("one", "two", "one"):
        held.count_once(mark, {DAY: Tally(submitted=2, failed=2, skipped=1, failing=frozenset({mark}))})

    assert held.tally(DAY) == Tally(4, 0, 0, 4, 2, frozenset({"one", "two"}))


def test_jobs_go_90_days_after_they_ended_and_not_before() -> None:
    held = table()
    held.write([a_job(1), a_job(2, state=State.SETTLED)], {DAY: Tally(submitted=1)})
    items = {item["id"]["S"]: item for item in boto3.client("dynamodb").scan(TableName="registrations")["Items"]}

    assert "expires_at" not in items[f"job#{a_job(1).id}"]
    assert int(items[f"job#{a_job(2).id}"]["expires_at"]["N"]) == (NOON + KEPT_FOR).timestamp()
    assert int(items[DAY.id]["expires_at"]["N"]) == (NOON + KEPT_FOR).timestamp()


def test_a_transaction_that_runs_into_another_is_tried_again_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("encord_lambda.aws.registrations.PAUSE", 0)
    dynamodb = boto3.client("dynamodb")
    held = Registrations(dynamodb, "registrations", lambda: NOON)
    with Stubber(dynamodb) as stub:
        for _ in range(3):
            _collide(stub)
        stub.add_response("transact_write_items", {})
        assert held.write([a_job()], {})
        for _ in range(20):
            _collide(stub)
        with pytest.raises(Retry, match="other transactions came in between"):
            held.write([a_job()], {})


def _collide(stub: Stubber) -> None:
    response: Any = {"CancellationReasons": [{"Code": "TransactionConflict"}]}
    stub.add_client_error("transact_write_items", "TransactionCanceledException", modeled_fields=response)


def test_a_table_that_is_not_there_is_a_fault_of_the_setup() -> None:
    held = Registrations(boto3.client("dynamodb"), "nowhere", lambda: NOON)

    with pytest.raises(Misconfigured):
        held.read("x")
    with pytest.raises(Misconfigured):
        held.write([a_job()], {})
