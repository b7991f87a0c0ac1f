"""The TaskClaims table: conditional writes, one item per task and stage (DESIGN §5.3)."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING
from uuid import UUID

from encord_lambda.aws.trouble import translated
from encord_lambda.dispatch.claims import Claim, State, TaskKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, KeysAndAttributesTypeDef

KEPT_FOR = timedelta(days=30)
"""How long after its lease a claim is kept, for people who ask what became of a task."""
_AT_ONCE = 16
_EARLIER_VISIT = "(#state IN (:done, :rejected) AND updated_at < :updated_at)"
_MAY_QUEUE = f"attribute_not_exists(task) OR {_EARLIER_VISIT} OR (#state IN (:queued, :running) AND lease < :now)"
_MAY_START = (
    f"attribute_not_exists(task) OR {_EARLIER_VISIT} OR #state = :queued"
    " OR (#state = :running AND (#owner = :owner OR lease < :now))"
)
_NAMES = {"#state": "state", "#owner": "owner", "#token": "token"}
_WRITE = (
    "SET #state = :state, #owner = :owner, updated_at = :updated_at, lease = :lease, expires_at = :expires_at"
    " ADD #token :one"
)


class TaskClaims:
    """The table, as `dispatch.claims.Held` describes it. `now` tells the time."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], datetime]) -> None:
        self._dynamodb, self._table, self._now = dynamodb, table, now

    def read(self, keys: list[TaskKey]) -> dict[TaskKey, Claim]:
        """The claims there are, by key; 100 a request, consistently."""
        found = [claim for chunk in batched(keys, 100, strict=False) for claim in self._read(chunk)]
        return {claim.key: claim for claim in found}

    def queue(self, claims: list[Claim]) -> set[TaskKey]:
        """Write new claims; returns the keys whose claim nobody else holds by now."""
        written = self._each(lambda claim: self._write(claim, _MAY_QUEUE), claims)
        return {claim.key for ours, claim in written if ours}

    def start(self, claims: list[Claim]) -> list[Claim]:
        """Take claims; in order, our own running claim with its token, or the claim that stands in the way."""
        return [claim for _, claim in self._each(lambda claim: self._write(claim, _MAY_START), claims)]

    def finish(self, claims: list[Claim], state: State) -> None:
        """Settle claims of ours; one that somebody else has taken over since is left alone."""
        self._each(lambda claim: self._finish(claim, state), claims)

    def _each[R](self, write: Callable[[Claim], R], claims: list[Claim]) -> list[R]:
        with translated(f"write to the table {self._table}"), ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(write, claims))

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

    def _write(self, claim: Claim, condition: str) -> tuple[bool, Claim]:
        """Whether the claim was written, and the claim that stands now."""
        now = {":now": _epoch(self._now())} if ":now" in condition else {}
        states = {f":{state}": {"S": str(state)} for state in State if f":{state}" in condition}
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_id(claim.key),
                UpdateExpression=_WRITE,
                ConditionExpression=condition,
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues={**_values(claim), **states, **now},
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as refused:
            return False, _claim(refused.response["Item"])  # type: ignore[typeddict-item]
        return True, _claim(answer["Attributes"])

    def _finish(self, claim: Claim, state: State) -> None:
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_id(claim.key),
                UpdateExpression="SET #state = :state",
                ConditionExpression="#token = :token",
                ExpressionAttributeNames={"#state": "state", "#token": "token"},
                ExpressionAttributeValues={":state": {"S": str(state)}, ":token": {"N": str(claim.token)}},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return


def _id(key: TaskKey) -> "dict[str, AttributeValueTypeDef]":
    return {"task": {"S": str(key)}}


def _values(claim: Claim) -> "dict[str, AttributeValueTypeDef]":
    return {
        ":state": {"S": str(claim.state)},
        ":owner": {"S": claim.owner},
        ":updated_at": {"S": claim.updated_at.astimezone(UTC).isoformat(timespec="microseconds")},
        ":lease": _epoch(claim.lease_until),
        ":expires_at": _epoch(claim.lease_until + KEPT_FOR),
        ":one": {"N": "1"},
    }


def _epoch(moment: datetime) -> "AttributeValueTypeDef":
    return {"N": str(int(moment.timestamp()))}


def _claim(item: "Mapping[str, AttributeValueTypeDef]") -> Claim:
    stage, _, task = item["task"]["S"].partition("/")
    return Claim(
        key=TaskKey(UUID(stage), UUID(task)),
        state=State(item["state"]["S"]),
        updated_at=datetime.fromisoformat(item["updated_at"]["S"]),
        lease_until=datetime.fromtimestamp(int(item["lease"]["N"]), UTC),
        owner=item["owner"]["S"],
        token=int(item["token"]["N"]),
    )
