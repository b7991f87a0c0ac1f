"""What AWS would bill for a request, beside the time of the function that made it.

DynamoDB's rules are those of its developer guide, "Read and write operations" (on-demand capacity): a write takes a
unit for each KB, twice as many in a transaction; a read takes one for each 4 KB, half of it where it may be out of
date.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

WRITE_UNIT, READ_UNIT = 1024, 4096  # bytes
_BARE: Final = {"sqs": "sqs_requests", "secretsmanager": "secret_reads"}


class Kind(StrEnum):
    """What is billed by the piece."""

    SQS = "sqs_requests"
    WRITE_UNITS = "write_units"
    READ_UNITS = "read_units"
    S3_WRITES = "s3_writes"
    """And listings, which cost as much."""
    S3_READS = "s3_reads"
    EVENTS = "events"
    SECRETS = "secret_reads"


@dataclass(frozen=True, slots=True)
class Request:
    """A request to AWS and the size of its answer. `operation` is empty for S3, whose `method` says it."""

    service: str
    operation: str
    method: str
    target: str
    body: bytes
    answered: int
    """Bytes."""


def billed(request: Request) -> Mapping[str, float]:
    """How much of what; nothing for what costs nothing."""
    match request.service:
        case "s3":
            return _of_s3(request)
        case "dynamodb":
            return _of_dynamodb(request)
        case "events":
            return {Kind.EVENTS: len(json.loads(request.body)["Entries"])}
        case "sqs" | "secretsmanager":
            return {Kind(_BARE[request.service]): 1}
    return {}


def _of_s3(request: Request) -> Mapping[str, float]:
    parts = urlsplit(request.target)
    lists = request.method == "GET" and ("list-type" in parse_qs(parts.query) or parts.path.strip("/").count("/") == 0)
    if request.method in ("PUT", "POST") or lists:
        return {Kind.S3_WRITES: 1}
    return {Kind.S3_READS: 1} if request.method in ("GET", "HEAD") else {}


def _of_dynamodb(request: Request) -> Mapping[str, float]:
    asked: dict[str, Any] = json.loads(request.body)
    match request.operation:
        case "TransactWriteItems":
            return {Kind.WRITE_UNITS: sum(_written(next(iter(one.items()))) for one in asked["TransactItems"])}
        case "PutItem" | "UpdateItem" | "DeleteItem":
            return {Kind.WRITE_UNITS: _kilobytes(asked.get("Item", {}))}
        case "BatchGetItem":
            return {Kind.READ_UNITS: sum(len(one["Keys"]) for one in asked["RequestItems"].values())}
        case "GetItem" | "Query":
            return {Kind.READ_UNITS: _reading(request, asked)}
    raise ValueError(f"no rule for what DynamoDB bills for {request.operation}")


def _reading(request: Request, asked: Mapping[str, Any]) -> float:
    units = max(1, math.ceil(request.answered / READ_UNIT))
    return units if asked.get("ConsistentRead") else units / 2


def _written(one: tuple[str, Mapping[str, Any]]) -> int:
    """Units of one write of a transaction; where it moves a claim in the index of live ones, those of the index."""
    _, write = one
    item = write.get("Item", {})
    return 2 * _kilobytes(item) + (_indexed(item, write) if "lease" in item and "token" in item else 0)


def _indexed(claim: Mapping[str, Any], write: Mapping[str, Any]) -> int:
    """An entry is made, removed, or both, for its key has the lease in it."""
    first = "attribute_not_exists" in write.get("ConditionExpression", "")
    live = "in_flight" in claim
    return int(live) + int(not first)


def _kilobytes(item: Mapping[str, Any]) -> int:
    return max(1, math.ceil(len(json.dumps(item, separators=(",", ":"))) / WRITE_UNIT))


class Meter:
    """The sum up to now."""

    def __init__(self) -> None:
        self.read: Counter[str] = Counter()

    def add(self, request: Request) -> None:
        """Count a request."""
        for kind, amount in billed(request).items():
            self.read[kind] += amount  # type: ignore[assignment]

    def reset(self) -> Mapping[str, float]:
        """The sum since the last reset."""
        told, self.read = dict(self.read), Counter()
        return told
