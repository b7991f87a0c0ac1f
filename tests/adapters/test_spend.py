"""The Spend table as template.yaml makes it, in moto."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from encord_lambda.aws.spend import DAYS_KEPT, REPLIES_KEPT, SpendTable
from encord_lambda.errors import Misconfigured
from sandbox import template

TABLE_KEYS = ("BillingMode", "AttributeDefinitions", "KeySchema")
NIGHT = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)
MODEL = "openai:gpt-4o-mini"


def table(now: datetime = NIGHT) -> SpendTable:
    return SpendTable(boto3.client("dynamodb"), "spend", lambda: now)


@pytest.fixture(autouse=True)
def _table(aws: None) -> None:  # noqa: ARG001 - the table is made in it
    properties = template.load()["Resources"]["Spend"]["Properties"]
    boto3.client("dynamodb").create_table(TableName="spend", **{key: properties[key] for key in TABLE_KEYS})


def test_reserving_stops_at_the_ceiling_exactly() -> None:
    spend = table()
    assert [spend.reserve(MODEL, 40, 100) for _ in range(3)] == ["2026-11-21", "2026-11-21", None]
    assert spend.reserve(MODEL, 20, 100) == "2026-11-21"
    assert spend.reserve(MODEL, 1, 100) is None


def test_what_was_given_back_can_be_reserved_again() -> None:
    spend = table()
    day = spend.reserve(MODEL, 100, 100)
    assert day
    spend.correct(MODEL, day, -60)
    assert spend.reserve(MODEL, 60, 100)
    assert spend.reserve(MODEL, 1, 100) is None


def test_a_new_day_and_another_model_have_books_of_their_own() -> None:
    assert table().reserve(MODEL, 100, 100) == "2026-11-21"
    assert table().reserve("openai:gpt-4o", 100, 100) == "2026-11-21"
    assert table(NIGHT + timedelta(seconds=1)).reserve(MODEL, 100, 100) == "2026-11-22"


def test_a_call_over_midnight_is_settled_on_the_day_it_began() -> None:
    day = table().reserve(MODEL, 100, 100)
    assert day
    table(NIGHT + timedelta(seconds=1)).correct(MODEL, day, -100)
    assert table().reserve(MODEL, 100, 100) == "2026-11-21"


def test_a_reply_is_found_again_and_expires_when_no_retry_can_come() -> None:
    spend = table()
    assert spend.kept("digest") is None
    spend.keep("digest", '{"answer": "Cat"}')
    assert spend.kept("digest") == '{"answer": "Cat"}'
    items = boto3.client("dynamodb").scan(TableName="spend")["Items"]
    assert [int(item["expires_at"]["N"]) for item in items] == [int((NIGHT + REPLIES_KEPT).timestamp())]


def test_counters_outlive_a_year() -> None:
    table().reserve(MODEL, 1, 100)
    (item,) = boto3.client("dynamodb").scan(TableName="spend")["Items"]
    assert int(item["expires_at"]["N"]) == int((NIGHT + DAYS_KEPT).timestamp())


def test_a_missing_table_names_itself() -> None:
    with pytest.raises(Misconfigured, match="cannot write to the table elsewhere"):
        SpendTable(boto3.client("dynamodb"), "elsewhere", lambda: NIGHT).reserve(MODEL, 1, 100)
