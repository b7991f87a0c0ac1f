"""What the sweep and the workers rely on, held against the DynamoDB table (moto) and the fake alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import boto3
import pytest

from encord_lambda.aws.claims import KEPT_FOR, TaskClaims
from encord_lambda.dispatch.claims import Claim, Held, State, TaskKey
from encord_lambda.errors import Misconfigured
from sandbox import template
from tests.fakes.claims import FakeClaims

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("aws")
TABLE_KEYS = ("BillingMode", "AttributeDefinitions", "KeySchema")


class Clock:
    """Time that stands still until told."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def table(now: Callable[[], datetime]) -> TaskClaims:
    """The table as template.yaml makes it."""
    dynamodb = boto3.client("dynamodb")
    properties = template.load()["Resources"]["TaskClaims"]["Properties"]
    dynamodb.create_table(TableName="claims", **{key: properties[key] for key in TABLE_KEYS})
    return TaskClaims(dynamodb, "claims", now)


@pytest.fixture(params=["table", "fake"])
def held(request: pytest.FixtureRequest, clock: Clock) -> Held:
    return table(clock) if request.param == "table" else FakeClaims(clock)


def a_claim(
    key: TaskKey | None = None, state: State = State.QUEUED, updated_at: datetime = NOON, owner: str = ""
) -> Claim:
    return Claim(key or TaskKey(uuid4(), uuid4()), state, updated_at, NOON + HOUR, owner)


def running(owner: str, key: TaskKey | None = None, updated_at: datetime = NOON) -> Claim:
    return a_claim(key, State.RUNNING, updated_at, owner)


def test_a_new_claim_is_ours_and_reads_back_as_written(held: Held) -> None:
    claim = a_claim()

    assert held.queue([claim]) == {claim.key}
    assert held.read([claim.key]) == {claim.key: replace(claim, token=1)}


def test_an_unknown_key_is_left_out(held: Held) -> None:
    assert held.read([]) == {}
    assert held.read([TaskKey(uuid4(), uuid4())]) == {}


def test_a_live_claim_is_not_queued_again_even_for_a_newer_visit(held: Held) -> None:
    claim = a_claim()
    held.queue([claim])

    assert held.queue([claim]) == set()
    assert held.queue([replace(claim, updated_at=NOON + HOUR)]) == set()


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_a_claim_whose_lease_ran_out_is_queued_again(held: Held, clock: Clock, state: State) -> None:
    claim = a_claim()
    held.queue([claim])
    if state is State.RUNNING:
        held.start([running("m1", claim.key)])
    clock.time = NOON + HOUR + timedelta(seconds=1)

    assert held.queue([claim]) == {claim.key}
    assert held.read([claim.key])[claim.key].state is State.QUEUED


@pytest.mark.parametrize("state", [State.DONE, State.REJECTED])
@pytest.mark.parametrize(("later", "again"), [(timedelta(0), False), (timedelta(microseconds=1), True)])
def test_a_finished_task_is_queued_again_only_when_it_came_back(
    held: Held, state: State, later: timedelta, again: bool
) -> None:
    [ours] = held.start([running("m1")])
    held.finish([ours], state)

    assert held.queue([a_claim(ours.key, updated_at=NOON + later)]) == ({ours.key} if again else set())


def test_a_queued_claim_is_started_by_the_first_message(held: Held) -> None:
    claim = a_claim()
    held.queue([claim])

    [first] = held.start([running("m1", claim.key)])
    [second] = held.start([running("m2", claim.key)])

    assert (first.state, first.owner) == (State.RUNNING, "m1")
    assert second == first


def test_a_claim_that_expired_from_the_table_is_started_anew(held: Held) -> None:
    [ours] = held.start([running("m1")])

    assert (ours.state, ours.token) == (State.RUNNING, 1)


def test_the_same_message_resumes_at_once_with_a_higher_token(held: Held) -> None:
    [first] = held.start([running("m1")])
    [second] = held.start([running("m1", first.key)])

    assert second.token > first.token


def test_another_message_takes_over_when_the_lease_ran_out(held: Held, clock: Clock) -> None:
    [first] = held.start([running("m1")])
    clock.time = NOON + HOUR + timedelta(seconds=1)

    [second] = held.start([running("m2", first.key)])

    assert (second.owner, second.token) == ("m2", first.token + 1)


@pytest.mark.parametrize("state", [State.DONE, State.REJECTED])
def test_a_finished_claim_stands_in_the_way_of_its_own_visit_only(held: Held, state: State) -> None:
    [ours] = held.start([running("m1")])
    held.finish([ours], state)

    [again] = held.start([running("m1", ours.key)])
    [later] = held.start([running("m2", ours.key, updated_at=NOON + HOUR)])

    assert (again.state, again.owner) == (state, "m1")
    assert (later.state, later.owner) == (State.RUNNING, "m2")


def test_who_lost_the_claim_cannot_settle_it(held: Held, clock: Clock) -> None:
    [lost] = held.start([running("m1")])
    clock.time = NOON + HOUR + timedelta(seconds=1)
    [ours] = held.start([running("m2", lost.key)])

    held.finish([lost], State.DONE)

    assert held.read([ours.key])[ours.key] == ours


def test_queueing_fences_off_the_worker_whose_lease_ran_out(held: Held, clock: Clock) -> None:
    [lost] = held.start([running("m1")])
    clock.time = NOON + HOUR + timedelta(seconds=1)
    held.queue([a_claim(lost.key)])

    assert held.read([lost.key])[lost.key].token > lost.token


def test_answers_come_in_the_order_of_the_claims(held: Held) -> None:
    claims = [running(f"m{number}") for number in range(40)]

    assert [claim.owner for claim in held.start(claims)] == [claim.owner for claim in claims]


def test_more_claims_than_one_request_takes_are_all_read(held: Held) -> None:
    keys = [TaskKey(UUID(int=1), UUID(int=number)) for number in range(230)]
    held.queue([a_claim(key) for key in keys])

    assert held.read(keys).keys() == set(keys)


def test_one_key_queued_again_is_one_claim(held: Held) -> None:
    """One after the other: moto's table is not atomic between threads, as DynamoDB's is."""
    claim = a_claim()
    for _ in range(3):
        held.queue([claim])

    assert held.read([claim.key])[claim.key].token == 1


def test_a_claim_is_kept_a_month_past_its_lease(clock: Clock) -> None:
    claim = a_claim()
    table(clock).queue([claim])

    [item] = boto3.client("dynamodb").scan(TableName="claims")["Items"]

    assert item["expires_at"]["N"] == str(int((NOON + HOUR + KEPT_FOR).timestamp()))


def test_a_missing_table_is_the_deployments_fault(clock: Clock) -> None:
    claims = TaskClaims(boto3.client("dynamodb"), "gone", clock)

    with pytest.raises(Misconfigured, match="cannot write to the table gone"):
        claims.queue([a_claim()])
    with pytest.raises(Misconfigured, match="cannot read the table gone"):
        claims.read([TaskKey(uuid4(), uuid4())])
