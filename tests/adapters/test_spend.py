"""The Spend table beyond its contract: what stands in it, how long, and what becomes of DynamoDB's own trouble."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.agents.allowance import Full, Reserved
from encord_lambda.aws.spend import DAYS_KEPT, SpendTable
from encord_lambda.errors import Misconfigured, Retry
from sandbox import template

TABLE_KEYS = ("BillingMode", "AttributeDefinitions", "KeySchema")
NIGHT = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)
MODEL = "openai:gpt-4o-mini"


def table(now: datetime = NIGHT, name: str = "spend") -> SpendTable:
    return SpendTable(boto3.client("dynamodb"), name, lambda: now)


def reserved(amount: int) -> Reserved:
    made = table().reserve(MODEL, amount, 100)
    assert isinstance(made, Reserved)
    return made


def items() -> Sequence[Mapping[str, Any]]:
    return boto3.client("dynamodb").scan(TableName="spend")["Items"]


@pytest.fixture(autouse=True)
def _table(aws: None) -> None:  # noqa: ARG001 - the table is made in it
    properties = template.load()["Resources"]["Spend"]["Properties"]
    boto3.client("dynamodb").create_table(TableName="spend", **{key: properties[key] for key in TABLE_KEYS})


def test_a_days_item_tells_what_is_spent_and_what_is_committed_and_outlives_a_year() -> None:
    table().settle(reserved(60), 25)
    left = reserved(40)
    assert items() == [
        {
            "name": {"S": f"2026-11-21 {MODEL}"},
            "spent": {"N": "25"},
            "committed": {"N": "65"},
            left.id: {"N": "40"},
            "expires_at": {"N": str(int((NIGHT + DAYS_KEPT).timestamp()))},
        }
    ]


def test_a_write_that_boto3_sends_twice_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first reply was lost on its way."""
    dynamodb = boto3.client("dynamodb")
    once = dynamodb.update_item
    monkeypatch.setattr(dynamodb, "update_item", lambda **request: (once(**request), once(**request))[1])
    spend = SpendTable(dynamodb, "spend", lambda: NIGHT)
    made = spend.reserve(MODEL, 30, 100)
    assert isinstance(made, Reserved)
    spend.settle(made, 25)
    assert [(item["spent"]["N"], item["committed"]["N"]) for item in items()] == [("25", "25")]


def test_a_missing_table_names_itself_before_anything_is_paid() -> None:
    with pytest.raises(Misconfigured, match="cannot write to the table elsewhere"):
        table(name="elsewhere").reserve(MODEL, 1, 100)


def test_what_is_paid_is_not_lost_to_trouble_with_the_table(caplog: pytest.LogCaptureFixture) -> None:
    made = reserved(60)
    with caplog.at_level(logging.WARNING):
        table(name="elsewhere").settle(made, 25)
    [message] = caplog.messages
    assert message.startswith(f"{MODEL}: 60 micro-USD stay reserved: cannot write to the table elsewhere")
    assert table().reserve(MODEL, 41, 100) == Full(0)


def test_trouble_of_dynamodbs_own_is_no_full_budget() -> None:
    dynamodb = boto3.client("dynamodb")
    with Stubber(dynamodb) as stub:
        stub.add_client_error("update_item", "ProvisionedThroughputExceededException")
        with pytest.raises(Retry, match="ProvisionedThroughputExceededException") as raised:
            SpendTable(dynamodb, "spend", lambda: NIGHT).reserve(MODEL, 1, 100)
    assert type(raised.value) is Retry
