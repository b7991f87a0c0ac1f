"""The Registrations table: upload jobs, and the counters they are summed up in (DESIGN §5.6).

A job is written in one transaction with what it adds to the counters, so the sums are exact whatever is repeated.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Retry
from encord_lambda.registration.upload_jobs.jobs import Job, State
from encord_lambda.registration.upload_jobs.tallies import Account, Source, Tally

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

KEPT_FOR: Final = timedelta(days=90)
"""How long a job is kept once it is settled, and a counter once nothing was added to it any more."""
PAUSE: Final = 0.02
"""Seconds before a transaction that ran into another one is tried again; each time twice as long."""
_COLLISIONS: Final = 8
_SUMS: Final = ("submitted", "registered", "existing", "failed", "skipped")
_ENDED: Final = (State.SPLIT, State.SETTLED, State.CLOSED)


class Registrations:
    """The table, as `registration.upload_jobs.jobs.Held` describes it. `now` tells the time, with its zone."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], datetime]) -> None:
        self._dynamodb, self._table, self._now = dynamodb, table, now

    def read(self, job: str) -> Job | None:
        """The job of this id, consistently."""
        item = self._item(f"job#{job}")
        return _job(item) if item else None

    def write(self, changed: Sequence[Job], tallies: Mapping[Account, Tally]) -> bool:
        """Compare and set, as `Held.write`; at most a hundred jobs and accounts in all.

        Raises:
            Retry: DynamoDB is busy, or other transactions kept coming in between; nothing is written.
        """
        return self._written([*map(self._put, changed), *self._additions(tallies)])

    def tally(self, account: Account) -> Tally:
        """What an account has come to, consistently."""
        item = self._item(account.id) or {}
        return Tally(
            **{name: int(item[name]["N"]) for name in _SUMS if name in item},
            failing=frozenset(item["failing"]["SS"]) if "failing" in item else frozenset(),
        )

    def count_once(self, mark: str, tallies: Mapping[Account, Tally]) -> None:
        """Add to the tallies, as `Counters.count_once`."""
        item = {"id": {"S": mark}, "expires_at": self._expires()}
        put: TransactWriteItemTypeDef = {
            "Put": {"TableName": self._table, "Item": item, "ConditionExpression": "attribute_not_exists(id)"}
        }
        self._written([put, *self._additions(tallies)])

    def _item(self, key: str) -> "Mapping[str, AttributeValueTypeDef] | None":
        with translated(f"read the table {self._table}"):
            return self._dynamodb.get_item(TableName=self._table, Key={"id": {"S": key}}, ConsistentRead=True).get(
                "Item"
            )

    def _written(self, writes: "Sequence[TransactWriteItemTypeDef]") -> bool:
        """Whether all of it was written; False if a condition does not hold."""
        for collision in range(_COLLISIONS):
            with translated(f"write to the table {self._table}"):
                try:
                    self._dynamodb.transact_write_items(TransactItems=writes)
                except self._dynamodb.exceptions.TransactionCanceledException as cancelled:
                    reasons = {reason.get("Code") for reason in cancelled.response["CancellationReasons"]}
                else:
                    return True
            if "ConditionalCheckFailed" in reasons:
                return False
            time.sleep(PAUSE * 2**collision)
        raise Retry(f"cannot write to the table {self._table}: other transactions came in between again and again")

    def _put(self, job: Job) -> "TransactWriteItemTypeDef":
        item = _attributes(job)
        if job.state in _ENDED:
            item["expires_at"] = self._expires()
        if job.token == 1:
            return {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": "attribute_not_exists(id)"}}
        return {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": "#token = :seen",
                "ExpressionAttributeNames": {"#token": "token"},
                "ExpressionAttributeValues": {":seen": {"N": str(job.token - 1)}},
            }
        }

    def _additions(self, tallies: Mapping[Account, Tally]) -> "Iterator[TransactWriteItemTypeDef]":
        for account, tally in tallies.items():
            added: dict[str, AttributeValueTypeDef] = {name: {"N": str(getattr(tally, name))} for name in _SUMS}
            if tally.failing:
                added["failing"] = {"SS": sorted(tally.failing)}
            yield {
                "Update": {
                    "TableName": self._table,
                    "Key": {"id": {"S": account.id}},
                    "UpdateExpression": f"ADD {', '.join(map(_placed, added))} SET expires_at = :expires",
                    "ExpressionAttributeValues": {
                        **{f":{name}": value for name, value in added.items()},
                        ":expires": self._expires(),
                    },
                }
            }

    def _expires(self) -> "AttributeValueTypeDef":
        return {"N": str(int((self._now() + KEPT_FOR).timestamp()))}


def _placed(name: str) -> str:
    return f"{name} :{name}"


def _attributes(job: Job) -> "dict[str, AttributeValueTypeDef]":
    item: dict[str, AttributeValueTypeDef] = {
        "id": {"S": f"job#{job.id}"},
        "state": {"S": str(job.state)},
        "token": {"N": str(job.token)},
        "prefix": {"S": job.prefix},
        "folder": {"S": str(job.folder)},
        "integration": {"S": job.integration},
        "datasets": {"L": [{"S": str(dataset)} for dataset in job.datasets]},
        "manifest": {"S": job.manifest},
        "submitted_at": {"S": job.submitted_at.astimezone(UTC).isoformat()},
        "parts": {"L": [{"S": part} for part in job.parts]},
        **{name: {"N": str(getattr(job, name))} for name in _NUMBERS},
    }
    if job.source:
        item["source"] = {"M": {name: {"S": getattr(job.source, name)} for name in ("bucket", "key", "etag", "event")}}
    if job.lease_until:
        item["lease"] = {"S": job.lease_until.astimezone(UTC).isoformat()}
    if job.encord_job:
        item["encord_job"] = {"S": str(job.encord_job)}
    return item


_NUMBERS: Final = ("submitted", "registered", "existing", "failed", "visits")


def _job(item: "Mapping[str, AttributeValueTypeDef]") -> Job:
    return Job(
        id=item["id"]["S"].removeprefix("job#"),
        state=State(item["state"]["S"]),
        token=int(item["token"]["N"]),
        prefix=item["prefix"]["S"],
        folder=UUID(item["folder"]["S"]),
        integration=item["integration"]["S"],
        datasets=tuple(UUID(dataset["S"]) for dataset in item["datasets"]["L"]),
        manifest=item["manifest"]["S"],
        submitted_at=datetime.fromisoformat(item["submitted_at"]["S"]),
        parts=tuple(part["S"] for part in item["parts"]["L"]),
        source=Source(**{name: value["S"] for name, value in item["source"]["M"].items()})
        if "source" in item
        else None,
        lease_until=datetime.fromisoformat(item["lease"]["S"]) if "lease" in item else None,
        encord_job=UUID(item["encord_job"]["S"]) if "encord_job" in item else None,
        **{name: int(item[name]["N"]) for name in _NUMBERS},
    )
