"""The Spend table: what each model cost per day, and replies that were paid for (DESIGN §5.6)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from encord_lambda.aws.trouble import translated

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAYS_KEPT = timedelta(days=400)
"""How long a day's counter is kept: a year, and some."""
REPLIES_KEPT = timedelta(days=4)
"""How long a reply is kept: as long as SQS keeps a message."""
_WITHOUT_CEILING = 10**15


class SpendTable:
    """One item per model and day (UTC), in micro-USD, and one per reply. `now` tells the time, with its zone."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], datetime]) -> None:
        self._dynamodb, self._table, self._now = dynamodb, table, now

    def reserve(self, model: str, amount: int, ceiling: int) -> str | None:
        """Add an amount to today's spend unless that would pass the ceiling; returns the day it was written to."""
        day = f"{self._now():%Y-%m-%d}"
        with translated(f"write to the table {self._table}"):
            try:
                self._add(model, day, amount, room=ceiling - amount)
            except self._dynamodb.exceptions.ConditionalCheckFailedException:
                return None
        return day

    def correct(self, model: str, day: str, amount: int) -> None:
        """Add an amount, which may be negative, to a day's spend."""
        with translated(f"write to the table {self._table}"):
            self._add(model, day, amount, room=_WITHOUT_CEILING)

    def kept(self, digest: str) -> str | None:
        """The reply to a question asked before."""
        with translated(f"read the table {self._table}"):
            found = self._dynamodb.get_item(TableName=self._table, Key={"name": {"S": f"reply {digest}"}})
        return found["Item"]["reply"]["S"] if "Item" in found else None

    def keep(self, digest: str, text: str) -> None:
        """Keep a reply; a later one to the same question takes its place."""
        name, expires = {"S": f"reply {digest}"}, self._expires(REPLIES_KEPT)
        with translated(f"write to the table {self._table}"):
            self._dynamodb.put_item(
                TableName=self._table, Item={"name": name, "reply": {"S": text}, "expires_at": {"N": expires}}
            )

    def _add(self, model: str, day: str, amount: int, room: int) -> None:
        self._dynamodb.update_item(
            TableName=self._table,
            Key={"name": {"S": f"{day} {model}"}},
            UpdateExpression="ADD spent :amount SET expires_at = :expires",
            ConditionExpression="attribute_not_exists(spent) OR spent <= :room",
            ExpressionAttributeValues={
                ":amount": {"N": str(amount)},
                ":room": {"N": str(room)},
                ":expires": {"N": self._expires(DAYS_KEPT)},
            },
        )

    def _expires(self, after: timedelta) -> str:
        return str(int((self._now() + after).timestamp()))
