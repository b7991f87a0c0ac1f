"""What the sweep and the workers rely on, held against the DynamoDB table (moto) and the fake alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.claims import KEPT_FOR, TaskClaims
from encord_lambda.dispatch import claims
from encord_lambda.dispatch.claims import Claim, Held, State, TaskKey
from encord_lambda.errors import Misconfigured, Retry
from sandbox import template
from tests.fakes.claims import FakeClaims

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = NOON + HOUR + timedelta(seconds=1)
pytestmark = pytest.mark.usefixtures("aws")
TABLE_KEYS = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


def table() -> TaskClaims:
    """The table as template.yaml makes it."""
    dynamodb = boto3.client("dynamodb")
    properties = template.load()["Resources"]["TaskClaims"]["Properties"]
    dynamodb.create_table(TableName="claims", **{key: properties[key] for key in TABLE_KEYS})
    return TaskClaims(dynamodb, "claims")


@pytest.fixture(params=["table", "fake"])
def held(request: pytest.FixtureRequest) -> Held:
    return table() if request.param == "table" else FakeClaims()


def a_claim(
    key: TaskKey | None = None, state: State = State.QUEUED, updated_at: datetime = NOON, owner: str = ""
) -> Claim:
    return Claim(key or TaskKey(uuid4(), uuid4()), state, updated_at, NOON + HOUR, owner)


def running(owner: str, key: TaskKey | None = None, updated_at: datetime = NOON) -> Claim:
    return a_claim(key, State.RUNNING, updated_at, owner)


def queue(held: Held, *wanted: Claim) -> set[TaskKey]:
    """As a sweep does that has just read the claims."""
    return set(claims.queue(held, wanted, held.read([claim.key for claim in wanted])))


def start(held: Held, *wanted: Claim, now: datetime = NOON) -> list[Claim]:
    """As a worker does that has just read the claims."""
    return claims.start(held, wanted, held.read([claim.key for claim in wanted]), now)


def standing(held: Held, claim: Claim) -> Claim:
    return held.read([claim.key])[claim.key]


# Compare and set


def test_a_new_claim_reads_back_as_written(held: Held) -> None:
    claim = replace(a_claim(owner="m1"), token=1, tries=2, crashes=3, reason="busy")

    assert held.swap([claim]) == {}
    assert held.read([claim.key]) == {claim.key: claim}


def test_an_unknown_key_is_left_out(held: Held) -> None:
    assert held.read([]) == {}
    assert held.read([TaskKey(uuid4(), uuid4())]) == {}


def test_a_claim_is_written_in_place_of_the_one_it_was_made_from_only(held: Held) -> None:
    first = replace(a_claim(), token=1)
    held.swap([first])
    second = replace(first, token=2, owner="m1")

    assert held.swap([first]) == {first.key: first}
    assert held.swap([second]) == {}
    assert held.swap([replace(second, owner="m2")]) == {first.key: second}
    assert standing(held, first) == second


def test_a_claim_that_is_gone_is_not_written_over(held: Held) -> None:
    claim = replace(a_claim(), token=2)

    assert held.swap([claim]) == {claim.key: None}
    assert held.read([claim.key]) == {}


def test_who_is_refused_keeps_nobody_else_from_being_written(held: Held) -> None:
    """More than one request takes, with refused ones in each."""
    taken = [replace(a_claim(TaskKey(UUID(int=1), UUID(int=number))), token=1) for number in range(0, 230, 7)]
    held.swap(taken)
    wanted = [replace(a_claim(TaskKey(UUID(int=1), UUID(int=number))), token=1) for number in range(230)]

    assert held.swap(wanted).keys() == {claim.key for claim in taken}
    assert len(held.read([claim.key for claim in wanted])) == 230


def test_in_flight_are_those_queued_or_running_under_a_lease(held: Held) -> None:
    def at(state: State, lease_until: datetime = NOON + HOUR, stage: int = 1) -> Claim:
        return Claim(TaskKey(UUID(int=stage), uuid4()), state, NOON, lease_until, token=1)

    live = [at(State.QUEUED), at(State.RUNNING), at(State.RUNNING)]
    held.swap([*live, at(State.DONE), at(State.REJECTED), at(State.QUEUED, NOON - HOUR), at(State.QUEUED, stage=2)])

    assert held.in_flight(UUID(int=1), NOON) == {claim.key.task for claim in live}
    held.swap([live[0].settled(State.DONE)])
    assert held.in_flight(UUID(int=1), NOON) == {claim.key.task for claim in live[1:]}


# To queue


def test_a_claim_whose_lease_ran_out_is_queued_again_and_a_running_one_counts_a_crash(held: Held) -> None:
    waiting, dying = a_claim(), a_claim()
    queue(held, waiting, dying)
    start(held, running("m1", dying.key))

    assert queue(held, waiting, dying) == {waiting.key, dying.key}
    assert [standing(held, one).crashes for one in (waiting, dying)] == [0, 1]
    assert standing(held, dying).state is State.QUEUED


def test_of_two_sweeps_that_saw_the_same_one_queues_the_task(held: Held) -> None:
    claim = a_claim()

    assert claims.queue(held, [claim], {}).keys() == {claim.key}
    assert claims.queue(held, [claim], {}) == {}


def test_tries_are_remembered_within_a_visit_and_forgotten_with_the_next(held: Held) -> None:
    [ours] = start(held, running("m1"))
    held.swap([ours.put_off(NOON + HOUR, "busy", counts=True)])
    queue(held, a_claim(ours.key))
    same = standing(held, ours)
    queue(held, a_claim(ours.key, updated_at=NOON + HOUR))
    later = standing(held, ours)

    assert (same.tries, same.reason) == (1, "busy")
    assert (later.tries, later.reason) == (0, "")


# To start


def test_a_queued_claim_is_started_by_the_first_message(held: Held) -> None:
    claim = a_claim()
    queue(held, claim)

    [first] = start(held, running("m1", claim.key))
    [second] = start(held, running("m2", claim.key))

    assert (first.state, first.owner) == (State.RUNNING, "m1")
    assert second == first


def test_of_two_workers_that_saw_the_same_one_starts_the_task(held: Held) -> None:
    claim = a_claim()
    queue(held, claim)
    seen = held.read([claim.key])

    [first] = claims.start(held, [running("m1", claim.key)], seen, NOON)
    [second] = claims.start(held, [running("m2", claim.key)], seen, NOON)

    assert (first.owner, second.owner) == ("m1", "m1")


def test_a_claim_that_expired_from_the_table_is_started_anew(held: Held) -> None:
    [ours] = start(held, running("m1"))

    assert (ours.state, ours.token) == (State.RUNNING, 1)


def test_the_same_message_resumes_at_once_with_a_higher_token_and_counts_a_crash(held: Held) -> None:
    [first] = start(held, running("m1"))
    [second] = start(held, running("m1", first.key))

    assert second.token > first.token
    assert second.crashes == 1


def test_another_message_takes_over_when_the_lease_ran_out(held: Held) -> None:
    [first] = start(held, running("m1"))

    [second] = start(held, running("m2", first.key), now=LATER)

    assert (second.owner, second.token, second.crashes) == ("m2", first.token + 1, 1)


@pytest.mark.parametrize("state", [State.DONE, State.REJECTED])
def test_a_finished_claim_stands_in_the_way_of_its_own_visit_only(held: Held, state: State) -> None:
    [ours] = start(held, running("m1"))
    held.swap([ours.settled(state)])

    [again] = start(held, running("m1", ours.key))
    [later] = start(held, running("m2", ours.key, updated_at=NOON + HOUR))

    assert (again.state, again.owner) == (state, "m1")
    assert (later.state, later.owner) == (State.RUNNING, "m2")


def test_a_late_message_of_an_earlier_visit_works_for_the_visit_that_is(held: Held) -> None:
    """Or a rejection would be remembered of the earlier one, and the task be queued again."""
    claim = a_claim(updated_at=NOON + HOUR)
    queue(held, claim)

    [ours] = start(held, running("m1", claim.key, updated_at=NOON))

    assert ours.updated_at == NOON + HOUR


def test_answers_come_in_the_order_of_the_claims(held: Held) -> None:
    wanted = [running(f"m{number}") for number in range(140)]

    assert [claim.owner for claim in start(held, *wanted)] == [claim.owner for claim in wanted]


# To settle


def test_who_lost_the_claim_cannot_settle_it(held: Held) -> None:
    [lost] = start(held, running("m1"))
    [ours] = start(held, running("m2", lost.key), now=LATER)

    assert claims.settle(held, [lost.settled(State.DONE)]) == {lost.key: ours}

    assert standing(held, ours) == ours


def test_queueing_fences_off_the_worker_whose_lease_ran_out(held: Held) -> None:
    [lost] = start(held, running("m1"))
    queue(held, a_claim(lost.key))

    assert standing(held, lost).token > lost.token


def test_a_rule_that_others_keep_breaking_ends_in_a_retry() -> None:
    class Busy(FakeClaims):
        def swap(self, claims: Any) -> dict[TaskKey, Claim | None]:
            return {claim.key: None for claim in claims}

    with pytest.raises(Retry, match="again and again"):
        start(Busy(), running("m1"))


# The table alone


def test_a_claim_is_kept_a_month_past_its_lease() -> None:
    queue(table(), a_claim())

    [item] = boto3.client("dynamodb").scan(TableName="claims")["Items"]

    assert item["expires_at"]["N"] == str(int((NOON + HOUR + KEPT_FOR).timestamp()))


def test_a_tasks_claims_are_found_at_all_stages() -> None:
    held, task = table(), uuid4()
    ours = [replace(a_claim(TaskKey(UUID(int=stage), task)), token=1) for stage in (1, 2)]
    held.swap([*ours, replace(a_claim(), token=1)])

    assert held.of_task(task) == ours


@pytest.mark.parametrize(("collisions", "written"), [(2, True), (9, False)])
def test_transactions_that_collide_go_again(collisions: int, written: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("encord_lambda.aws.claims.PAUSE", 0)
    dynamodb = boto3.client("dynamodb")
    with Stubber(dynamodb) as answers:
        for _ in range(min(collisions, 6)):
            answers.add_client_error(
                "transact_write_items",
                "TransactionCanceledException",
                modeled_fields={"CancellationReasons": [{"Code": "TransactionConflict"}]},
            )
        answers.add_response("transact_write_items", {})
        held = TaskClaims(dynamodb, "claims")

        if written:
            assert held.swap([replace(a_claim(), token=1)]) == {}
        else:
            with pytest.raises(Retry, match="other transactions came in between"):
                held.swap([replace(a_claim(), token=1)])


def test_a_missing_table_is_the_deployments_fault() -> None:
    held = TaskClaims(boto3.client("dynamodb"), "gone")

    with pytest.raises(Misconfigured, match="cannot write to the table gone"):
        held.swap([replace(a_claim(), token=1)])
    for ask in (lambda: held.read([TaskKey(uuid4(), uuid4())]), lambda: held.in_flight(uuid4(), NOON)):
        with pytest.raises(Misconfigured, match="cannot read the table gone"):
            ask()
