"""What guards rely on, held against the Spend table as template.yaml makes it (moto) and the fake alike."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from encord_lambda.agents.allowance import Full, Reserved
from encord_lambda.aws.spend import RESERVED_FOR, SpendTable
from sandbox import template
from tests.fakes.ledger import Books

NIGHT = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MODEL = "openai:gpt-4o-mini"
TABLE_KEYS = ("BillingMode", "AttributeDefinitions", "KeySchema")
type Ledger = SpendTable | Books
pytestmark = pytest.mark.usefixtures("aws")


@dataclass
class Clock:
    """Time that stands still until told."""

    time: datetime = NIGHT

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def table(now: Callable[[], datetime]) -> SpendTable:
    dynamodb = boto3.client("dynamodb")
    properties = template.load()["Resources"]["Spend"]["Properties"]
    if "spend" not in dynamodb.list_tables()["TableNames"]:
        dynamodb.create_table(TableName="spend", **{key: properties[key] for key in TABLE_KEYS})
    return SpendTable(dynamodb, "spend", now)


MAKERS: dict[str, Callable[[Callable[[], datetime]], Ledger]] = {"table": table, "fake": Books}


@pytest.fixture(params=MAKERS)
def ledger(request: pytest.FixtureRequest, clock: Clock) -> Ledger:
    return MAKERS[request.param](clock)


def reserved(ledger: Ledger, amount: int, ceiling: int = 100, name: str = MODEL) -> Reserved:
    made = ledger.reserve(name, amount, ceiling)
    assert isinstance(made, Reserved)
    return made


def test_reserving_stops_at_the_ceiling_exactly(ledger: Ledger) -> None:
    reserved(ledger, 40)
    reserved(ledger, 40)
    assert ledger.reserve(MODEL, 21, 100) == Full(0)
    reserved(ledger, 20)
    assert ledger.reserve(MODEL, 1, 100) == Full(0)


def test_what_is_really_spent_is_told_apart_from_what_is_reserved(ledger: Ledger) -> None:
    ledger.settle(reserved(ledger, 50), 30)
    reserved(ledger, 60)
    assert ledger.reserve(MODEL, 20, 100) == Full(30)


def test_what_was_given_back_can_be_reserved_again(ledger: Ledger) -> None:
    ledger.settle(reserved(ledger, 100), 0)
    reserved(ledger, 100)
    assert ledger.reserve(MODEL, 1, 100) == Full(0)


def test_settling_twice_counts_once(ledger: Ledger) -> None:
    one, _ = reserved(ledger, 40), reserved(ledger, 40)
    ledger.settle(one, 30)
    ledger.settle(one, 30)
    assert ledger.reserve(MODEL, 31, 100) == Full(30)
    reserved(ledger, 30)


def test_a_new_day_and_another_budget_have_books_of_their_own(ledger: Ledger, clock: Clock) -> None:
    assert reserved(ledger, 100).day == "2026-11-21"
    reserved(ledger, 100, name="openai:gpt-4o")
    clock.time += SECOND
    assert reserved(ledger, 100).day == "2026-11-22"


def test_a_call_over_midnight_is_settled_on_the_day_it_began(ledger: Ledger, clock: Clock) -> None:
    late = reserved(ledger, 100)
    clock.time += SECOND
    ledger.settle(late, 100)
    reserved(ledger, 100)


def test_what_a_crash_left_reserved_is_free_again_a_quarter_of_an_hour_later(ledger: Ledger, clock: Clock) -> None:
    clock.time -= timedelta(hours=1)
    reserved(ledger, 60)
    clock.time += RESERVED_FOR
    reserved(ledger, 40)
    assert ledger.reserve(MODEL, 60, 100) == Full(0)
    clock.time += SECOND
    assert ledger.reserve(MODEL, 60, 100) == Full(0), "this try finds it expired; the next one may have it"
    reserved(ledger, 60)
    assert ledger.reserve(MODEL, 1, 100) == Full(0), "the younger reservation stands"


def test_a_call_that_was_settled_after_its_reservation_expired_is_counted_all_the_same(
    ledger: Ledger, clock: Clock
) -> None:
    clock.time -= timedelta(hours=1)
    late = reserved(ledger, 100)
    clock.time += RESERVED_FOR + SECOND
    assert ledger.reserve(MODEL, 100, 100) == Full(0)
    ledger.settle(late, 70)
    assert ledger.reserve(MODEL, 31, 100) == Full(70)
    reserved(ledger, 30)


def test_many_expired_reservations_are_all_given_back(ledger: Ledger, clock: Clock) -> None:
    clock.time -= timedelta(hours=1)
    for _ in range(100):
        reserved(ledger, 1)
    clock.time += RESERVED_FOR + SECOND
    assert any(isinstance(ledger.reserve(MODEL, 100, 100), Reserved) for _ in range(4))


@dataclass
class Workers:
    """Workers that reserve, settle and crash in any order, and what they were told."""

    ledger: Ledger
    name: str
    ceiling: int
    clock: Clock
    under_way: list[Reserved] = field(default_factory=list)
    spent: int = 0

    def reserve(self, number: int) -> Full | None:
        made = self.ledger.reserve(self.name, number % (self.ceiling + 1), self.ceiling)
        if isinstance(made, Full):
            return made
        self.under_way.append(made)
        return None

    def settle(self, number: int) -> None:
        if self.under_way:
            done = self.under_way.pop(number % len(self.under_way))
            cost = done.amount * (number % 4) // 3
            self.spent += cost
            self.ledger.settle(done, cost)

    def crash(self, number: int) -> None:
        if self.under_way:
            self.under_way.pop(number % len(self.under_way))

    def wait(self, number: int) -> None:
        """Whoever is alive has settled before a reservation expires."""
        while self.under_way:
            self.settle(number)
        self.clock.time += timedelta(minutes=number % 20)


STEPS = st.lists(st.tuples(st.sampled_from(["reserve", "settle", "crash", "wait"]), st.integers(0, 60)), max_size=25)
NAMES = (f"openai:{number}" for number in itertools.count())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, ceiling=st.integers(1, 100))
def test_whatever_the_order_of_writes_the_ceiling_stands_and_table_and_fake_agree(
    steps: list[tuple[str, int]], ceiling: int
) -> None:
    """Each write is atomic in DynamoDB, so that whatever workers do at once is some order of these writes."""
    name = next(NAMES)
    together = []
    for make in MAKERS.values():
        clock = Clock(NIGHT - timedelta(hours=23))
        together.append(Workers(make(clock), name, ceiling, clock))
    for step, number in steps:
        told = [getattr(workers, step)(number) for workers in together]
        assert told[0] == told[1]
        for workers in together:
            assert workers.spent + sum(one.amount for one in workers.under_way) <= ceiling
            assert told[0] is None or told[0].spent == workers.spent
