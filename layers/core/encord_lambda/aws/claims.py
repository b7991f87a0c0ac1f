"""The TaskClaims table: compare-and-set by token, one item per task and stage (DESIGN §5.3)."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from encord_lambda.aws.trouble import translated
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.errors import Retry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        KeysAndAttributesTypeDef,
        TransactWriteItemTypeDef,
    )

KEPT_FOR: Final = timedelta(days=30)
"""How long after its lease a claim is kept, for people who ask what became of a task."""
LIVE: Final = "InFlight"
"""The index of queued and running claims, by stage."""
PAUSE: Final = 0.01
"""Seconds before a transaction that ran into another one is tried again; each time twice as long."""
_AT_A_TIME: Final = 100
_COLLISIONS: Final = 6
"""How often a transaction is tried that runs into another one."""
_NO_TEXT: "Final[AttributeValueTypeDef]" = {"S": ""}
_ZERO: "Final[AttributeValueTypeDef]" = {"N": "0"}


class TaskClaims:
    """The table, as `dispatch.claims.Held` describes it. Shared between threads."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb, self._table = dynamodb, table

    def read(self, keys: Sequence[TaskKey]) -> dict[TaskKey, Claim]:
        """The claims there are, by key; 100 a request, consistently."""
        found = [claim for chunk in batched(keys, _AT_A_TIME, strict=False) for claim in self._read(chunk)]
        return {claim.key: claim for claim in found}

    def swap(self, claims: Sequence[Claim]) -> dict[TaskKey, Claim | None]:
        """Compare and set, as `Held.swap`; a transaction for each hundred of them.

        Raises:
            Retry: DynamoDB is busy, or other transactions kept coming in between. Some may be written.
        """
        refused: dict[TaskKey, Claim | None] = {}
        for chunk in batched(claims, _AT_A_TIME, strict=False):
            refused |= self._swap(chunk)
        return refused

    def in_flight(self, stage: UUID, now: datetime) -> set[UUID]:
        """The tasks of the stage that are queued or running under a lease: a request for each 5,000 or so."""
        with translated(f"read the table {self._table}"):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                IndexName=LIVE,
                KeyConditionExpression="in_flight = :stage AND lease > :now",
                ExpressionAttributeValues={":stage": {"S": str(stage)}, ":now": _epoch(now)},
                ProjectionExpression="task",
            )
            return {UUID(item["task"]["S"]) for page in pages for item in page["Items"]}

    def of_task(self, task: UUID) -> list[Claim]:
        """The task's claims at all stages."""
        with translated(f"read the table {self._table}"):
            answer = self._dynamodb.query(
                TableName=self._table,
                ConsistentRead=True,
                KeyConditionExpression="task = :task",
                ExpressionAttributeValues={":task": {"S": str(task)}},
            )
        return [_claim(item) for item in answer["Items"]]

    def _read(self, keys: tuple[TaskKey, ...]) -> list[Claim]:
        wanted: KeysAndAttributesTypeDef = {"Keys": [_id(key) for key in keys], "ConsistentRead": True}
        claims: list[Claim] = []
        pending = {self._table: wanted}
        while pending:
            with translated(f"read the table {self._table}"):
                answer = self._dynamodb.batch_get_item(RequestItems=pending)
            claims += [_claim(item) for item in answer["Responses"].get(self._table, [])]
            pending = dict(answer.get("UnprocessedKeys", {}))  # type: ignore[arg-type]
        return claims

    def _swap(self, claims: Sequence[Claim]) -> dict[TaskKey, Claim | None]:
        """A transaction is all or nothing: what stands in its way is left out of the next one."""
        refused: dict[TaskKey, Claim | None] = {}
        left = list(claims)
        for collision in range(_COLLISIONS):
            if not left:
                return refused
            reasons = self._cancelled(left)
            if reasons is None:
                return refused
            stale = {c.key: r for c, r in zip(left, reasons, strict=True) if r.get("Code") == "ConditionalCheckFailed"}
            refused |= {key: _claim(r["Item"]) if r.get("Item") else None for key, r in stale.items()}
            left = [claim for claim in left if claim.key not in stale]
            if not stale:
                time.sleep(PAUSE * 2**collision)
        raise Retry(f"cannot write to the table {self._table}: other transactions came in between again and again")

    def _cancelled(self, claims: Sequence[Claim]) -> Sequence[Mapping[str, Any]] | None:
        """Why nothing of it was written, claim by claim; None if all is."""
        with translated(f"write to the table {self._table}"):
            try:
                self._dynamodb.transact_write_items(TransactItems=[self._put(claim) for claim in claims])
            except self._dynamodb.exceptions.TransactionCanceledException as cancelled:
                return cancelled.response["CancellationReasons"]
        return None

    def _put(self, claim: Claim) -> "TransactWriteItemTypeDef":
        condition = {"ConditionExpression": "attribute_not_exists(task)"}
        if claim.token > 1:
            condition = {
                "ConditionExpression": "#token = :seen",
                "ExpressionAttributeNames": {"#token": "token"},  # type: ignore[dict-item]
                "ExpressionAttributeValues": {":seen": {"N": str(claim.token - 1)}},  # type: ignore[dict-item]
            }
        return {
            "Put": {
                "TableName": self._table,
                "Item": _item(claim),
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                **condition,  # type: ignore[typeddict-item]
            }
        }


def _id(key: TaskKey) -> "dict[str, AttributeValueTypeDef]":
    return {"task": {"S": str(key.task)}, "stage": {"S": str(key.stage)}}


def _item(claim: Claim) -> "dict[str, AttributeValueTypeDef]":
    """Without what is empty or zero, as most of a queued claim is: botocore takes its time for each attribute."""
    item: dict[str, AttributeValueTypeDef] = {
        **_id(claim.key),
        "state": {"S": str(claim.state)},
        "updated_at": {"S": claim.updated_at.astimezone(UTC).isoformat(timespec="microseconds")},
        "lease": _epoch(claim.lease_until),
        "token": {"N": str(claim.token)},
        "expires_at": _epoch(claim.lease_until + KEPT_FOR),
    }
    item |= {name: {"S": text} for name, text in (("owner", claim.owner), ("reason", claim.reason)) if text}
    item |= {name: {"N": str(count)} for name, count in (("tries", claim.tries), ("crashes", claim.crashes)) if count}
    if claim.is_live:
        item["in_flight"] = {"S": str(claim.key.stage)}
    return item


def _epoch(moment: datetime) -> "AttributeValueTypeDef":
    return {"N": str(int(moment.timestamp()))}


def _claim(item: "Mapping[str, AttributeValueTypeDef]") -> Claim:
    return Claim(
        key=TaskKey(UUID(item["stage"]["S"]), UUID(item["task"]["S"])),
        state=State(item["state"]["S"]),
        updated_at=datetime.fromisoformat(item["updated_at"]["S"]),
        lease_until=datetime.fromtimestamp(int(item["lease"]["N"]), UTC),
        owner=item.get("owner", _NO_TEXT)["S"],
        token=int(item["token"]["N"]),
        tries=int(item.get("tries", _ZERO)["N"]),
        crashes=int(item.get("crashes", _ZERO)["N"]),
        reason=item.get("reason", _NO_TEXT)["S"],
    )
