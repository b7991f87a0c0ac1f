"""Answers in the Spend table at moto's server, and what becomes of DynamoDB's own trouble."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from encord_lambda.aws.answers_table import ANSWERS_KEPT, MOST_BYTES, AnswersTable
from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.errors import Misconfigured, Retry
from sandbox import template
from tests.fakes.local_aws import requests_to
from tests.twin.receivers import Received, Said, receiving

TABLE_KEYS = ("BillingMode", "AttributeDefinitions", "KeySchema")
NIGHT = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)
BUSY = Said(400, {}, b'{"__type": "com.amazonaws#ProvisionedThroughputExceededException", "message": "busy"}')


@pytest.fixture
def answers(requests: SignedRequests) -> AnswersTable:
    properties = template.load()["Resources"]["Spend"]["Properties"]
    boto3.client("dynamodb").create_table(TableName="spend", **{key: properties[key] for key in TABLE_KEYS})
    return AnswersTable(requests, "spend", lambda: NIGHT)


def at(now: datetime, requests: SignedRequests, table: str = "spend") -> AnswersTable:
    return AnswersTable(requests, table, lambda: now)


def items() -> list[dict[str, Any]]:
    return boto3.client("dynamodb").scan(TableName="spend")["Items"]


def test_an_answer_is_found_again_until_no_retry_can_come(answers: AnswersTable, requests: SignedRequests) -> None:
    answers.keep("digest", b"\x00\xff Cat")
    assert at(NIGHT + ANSWERS_KEPT - timedelta(seconds=1), requests).kept("digest") == b"\x00\xff Cat"
    assert answers.kept("another") is None


def test_an_answer_that_dynamodb_has_not_deleted_yet_is_none(answers: AnswersTable, requests: SignedRequests) -> None:
    answers.keep("digest", b"Cat")
    [item] = items()
    assert (item["name"], item["expires_at"]) == (
        {"S": "answer digest"},
        {"N": str(int((NIGHT + ANSWERS_KEPT).timestamp()))},
    )
    assert at(NIGHT + ANSWERS_KEPT, requests).kept("digest") is None


def test_a_long_answer_is_kept_compressed(answers: AnswersTable) -> None:
    long = b'{"label": "cat"}' * 200_000
    answers.keep("digest", long)
    assert answers.kept("digest") == long


def test_an_answer_too_long_for_dynamodb_is_not_kept(answers: AnswersTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("encord_lambda.aws.answers_table.MOST_BYTES", 10)
    answers.keep("digest", bytes(range(256)))
    assert items() == []
    assert MOST_BYTES + 1000 < 400_000


def test_a_missing_table_names_itself_before_anything_is_paid(requests: SignedRequests) -> None:
    with pytest.raises(Misconfigured, match="cannot read the table elsewhere: ResourceNotFoundException"):
        at(NIGHT, requests, "elsewhere").kept("digest")


def test_a_paid_answer_is_not_lost_to_trouble_with_the_table(
    requests: SignedRequests, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        at(NIGHT, requests, "elsewhere").keep("digest", b"Cat")
    [message] = [record.message for record in caplog.records if record.name.startswith("encord_lambda")]
    assert message.startswith("an answer is not kept: cannot write to the table elsewhere: ResourceNotFoundException")


def test_a_busy_table_is_asked_again_later() -> None:
    asked: list[Received] = []

    def busy(request: Received) -> Said:
        asked.append(request)
        return BUSY

    with receiving(busy) as dynamodb, pytest.raises(Retry, match="ProvisionedThroughputExceededException: busy"):
        at(NIGHT, requests_to(dynamodb.url)).kept("digest")

    assert {name.lower(): text for name, text in asked[0].headers.items()}[
        "content-type"
    ] == "application/x-amz-json-1.0"
