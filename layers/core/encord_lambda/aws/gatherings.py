"""Directories that are being gathered, or were: items `group#<bucket>/<directory>` of the Registrations table."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from encord_lambda.aws.trouble import translated
from encord_lambda.registration.directories.groups import Group, GroupKey, State

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

KEPT_FOR: Final = timedelta(days=365)
"""How long after its last change a directory is known. What comes to it later is taken for a new directory."""


class Gatherings:
    """The table, as `registration.directories.groups.Groups` describes it."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb, self._table = dynamodb, table

    def read(self, key: GroupKey) -> Group | None:
        """The group as it stands now, consistently."""
        with translated(f"read the table {self._table}"):
            answer = self._dynamodb.get_item(TableName=self._table, Key={"id": _id(key)}, ConsistentRead=True)
        item = answer.get("Item")
        return _group(item) if item else None

    def swap(self, group: Group) -> bool:
        """Compare and set by token, as `Groups.swap`.

        Raises:
            Retry: DynamoDB is busy. It may be written.
        """
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(id)"}
        if group.token > 1:
            condition = {
                "ConditionExpression": "#token = :seen",
                "ExpressionAttributeNames": {"#token": "token"},
                "ExpressionAttributeValues": {":seen": {"N": str(group.token - 1)}},
            }
        with translated(f"write to the table {self._table}"):
            try:
                self._dynamodb.put_item(TableName=self._table, Item=_item(group), **condition)
            except self._dynamodb.exceptions.ConditionalCheckFailedException:
                return False
        return True


def _id(key: GroupKey) -> "AttributeValueTypeDef":
    return {"S": f"group#{key.bucket}/{key.directory}"}


def _item(group: Group) -> "dict[str, AttributeValueTypeDef]":
    changed = max(moment for moment in (group.seen, group.planned_at) if moment)
    item: dict[str, AttributeValueTypeDef] = {
        "id": _id(group.key),
        "bucket": {"S": group.key.bucket},
        "directory": {"S": group.key.directory},
        "region": {"S": group.region},
        "state": {"S": str(group.state)},
        "seen": _moment(group.seen),
        "plan": {"S": group.plan},
        "token": {"N": str(group.token)},
        "expires_at": {"N": str(int((changed + KEPT_FOR).timestamp()))},
    }
    moments = {"due": group.due, "lease": group.lease_until, "planned_at": group.planned_at}
    return item | {name: _moment(moment) for name, moment in moments.items() if moment}


def _moment(moment: datetime) -> "AttributeValueTypeDef":
    return {"S": moment.astimezone(UTC).isoformat(timespec="microseconds")}


def _group(item: "Mapping[str, AttributeValueTypeDef]") -> Group:
    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(item[name]["S"]) if name in item else None

    return Group(
        key=GroupKey(item["bucket"]["S"], item["directory"]["S"]),
        region=item["region"]["S"],
        state=State(item["state"]["S"]),
        seen=datetime.fromisoformat(item["seen"]["S"]),
        due=moment("due"),
        lease_until=moment("lease"),
        plan=item["plan"]["S"],
        planned_at=moment("planned_at"),
        token=int(item["token"]["N"]),
    )
