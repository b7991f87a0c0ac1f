"""The Spend table: what each model and detector cost per day (DESIGN §5.6); `answers_table` keeps answers in it.

A day of a budget is one item. `spent` is what was settled; each reservation is an attribute of its own, named
`open <when> <id>`; `committed` is the sum of all of them, because a condition can compare but not add. Every write is
one conditional UpdateItem that leaves this sum true, also when boto3 sends it twice.
"""

import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from encord_lambda.agents.allowance import Full, Reserved
from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Trouble

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAYS_KEPT: Final = timedelta(days=400)
"""How long a day's item is kept: a year, and some."""
RESERVED_FOR: Final = timedelta(minutes=15)
"""How long money stays reserved that nobody settles. No Lambda function runs longer, so whoever reserved it is gone."""
_AT_ONCE: Final = 40
"""Reservations given back by one write, whose expressions have a limit of 4 KB."""

_log = logging.getLogger(__name__)
_OPEN = "open "


class SpendTable:
    """`agents.allowance.Ledger`. `now` tells the time, with its zone; days are UTC's."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], datetime]) -> None:
        self._dynamodb, self._table, self._now = dynamodb, table, now

    def reserve(self, name: str, amount: int, ceiling: int) -> Reserved | Full:
        """Set an amount aside today; as `Ledger.reserve`. If there is no room, what has expired is given back."""
        now = self._now()
        reserved = Reserved(name, f"{now:%Y-%m-%d}", f"{_OPEN}{int(now.timestamp())} {uuid.uuid4().hex[:12]}", amount)
        with translated(f"write to the table {self._table}"):
            standing = self._update(
                reserved,
                "ADD committed :amount SET expires_at = :expires, #open = :amount",
                "attribute_not_exists(#open) AND (attribute_not_exists(committed) OR committed <= :room)",
                {"amount": amount, "room": ceiling - amount, "expires": int((now + DAYS_KEPT).timestamp())},
            )
            if standing is None or reserved.id in standing:
                return reserved
            self._give_back(reserved, standing)
        return Full(int(standing.get("spent", {"N": "0"})["N"]))

    def settle(self, reserved: Reserved, cost: int) -> None:
        """Put what a call did cost in place of what was reserved; trouble is only logged."""
        try:
            with translated(f"write to the table {self._table}"):
                self._settle(reserved, cost)
        except Trouble as trouble:
            _log.warning("%s: %d micro-USD stay reserved: %s", reserved.name, reserved.amount, trouble.reason)

    def _settle(self, reserved: Reserved, cost: int) -> None:
        standing = self._update(
            reserved,
            "ADD committed :difference, spent :cost REMOVE #open",
            "attribute_exists(#open)",
            {"difference": cost - reserved.amount, "cost": cost},
        )
        if standing is not None and self._expired(reserved.id):
            # It was given back meanwhile. One that has not expired was settled by the same write, sent twice.
            self._update(reserved, "ADD committed :cost, spent :cost", "attribute_not_exists(#open)", {"cost": cost})

    def _give_back(self, day: Reserved, standing: Mapping[str, Any]) -> None:
        """Release a day's expired reservations; another worker who does the same gets there first or not at all."""
        expired = list(islice(filter(self._expired, standing), _AT_ONCE))
        if not expired:
            return
        names = {f"#{number}": name for number, name in enumerate(expired)}
        self._update(
            day,
            f"ADD committed :amount REMOVE {', '.join(names)}",
            " AND ".join(f"attribute_exists({name})" for name in names),
            {"amount": -sum(int(standing[name]["N"]) for name in expired)},
            names,
        )

    def _expired(self, attribute: str) -> bool:
        if not attribute.startswith(_OPEN):
            return False
        return int(attribute.split()[1]) + RESERVED_FOR.total_seconds() < self._now().timestamp()

    def _update(
        self,
        reserved: Reserved,
        update: str,
        condition: str,
        values: Mapping[str, int],
        names: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any] | None:
        """Write to the day's item; returns the item as it stands if the condition does not hold."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"name": {"S": f"{reserved.day} {reserved.name}"}},
                UpdateExpression=update,
                ExpressionAttributeValues={f":{key}": {"N": str(value)} for key, value in values.items()},
                ConditionExpression=condition,
                ExpressionAttributeNames=names or {"#open": reserved.id},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as refused:
            return refused.response.get("Item", {})  # type: ignore[return-value]
        return None
