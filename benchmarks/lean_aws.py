"""A stand-in for the few operations of AWS that are asked for in a race, so that it is about the one who asks.

    python -m benchmarks.lean_aws FOLDER

FOLDER holds a file for each secret, and `pipeline.yaml`, which is in every bucket. Tables, queues and event buses are
there as soon as they are named. Emulators that can do more take longer over a transaction of a hundred claims than
the client does. Prints its port, and serves until it is ended.
"""

import asyncio
import hashlib
import json
import sys
import uuid
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

type Json = dict[str, Any]
type Item = dict[str, dict[str, str]]

ETAG = '"one"'
"""Of every object; none changes."""
CONDITIONS = ("attribute_not_exists(task)", "#token = :seen")


class Refused(Exception):  # noqa: N818 - as AWS says it
    """An error that AWS names; the answer has status 400."""

    def __init__(self, kind: str, **more: object) -> None:
        super().__init__(kind)
        self.answer = {"__type": kind, **more}


class LeanAws:
    """What it holds, and how each operation changes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: defaultdict[str, dict[tuple[str, str], Item]] = defaultdict(dict)
        self._sent: defaultdict[str, list[str]] = defaultdict(list)
        self._operations: dict[str, Callable[[Json], Json]] = {
            "AWSEvents.PutEvents": self._put,
            "AmazonSQS.SendMessageBatch": self._send,
            "DynamoDB_20120810.BatchGetItem": self._read,
            "DynamoDB_20120810.TransactWriteItems": self._write,
            "DynamoDB_20120810.Query": self._query,
            "secretsmanager.GetSecretValue": self._secret,
        }

    def answer(self, target: str, operation: str, body: bytes) -> tuple[int, bytes]:
        """Status and body for a request; without an operation it is for an object in S3, or for what was sent."""
        if not operation:
            name = target.rpartition("/")[2]
            return 200, json.dumps(self._sent[name]).encode() if name in self._sent else self._file(name)
        try:
            if operation not in self._operations:
                raise Refused("UnknownOperationException", message=operation)
            return 200, json.dumps(self._operations[operation](json.loads(body))).encode()
        except Refused as refused:
            return 400, json.dumps(refused.answer).encode()

    def _file(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def _secret(self, asked: Json) -> Json:
        return {"Name": asked["SecretId"], "SecretString": self._file(asked["SecretId"]).decode()}

    def _send(self, asked: Json) -> Json:
        entries = asked["Entries"]
        if not 1 <= len(entries) <= 10 or len({one["Id"] for one in entries}) < len(entries):
            raise Refused("com.amazonaws.sqs#TooManyEntriesInBatchRequest")
        self._sent[asked["QueueUrl"].rpartition("/")[2]] += [one["MessageBody"] for one in entries]
        return {"Successful": [_accepted(one) for one in entries], "Failed": []}

    def _put(self, asked: Json) -> Json:
        entries = asked["Entries"]
        if not 1 <= len(entries) <= 10:
            raise Refused("com.amazon.coral.validate#ValidationException", message="no entries, or more than ten")
        for entry in entries:
            self._sent[entry["EventBusName"]].append(entry["Detail"])
        return {"Entries": [{"EventId": str(uuid.uuid4())} for _ in entries], "FailedEntryCount": 0}

    def _read(self, asked: Json) -> Json:
        [(table, wanted)] = asked["RequestItems"].items()
        if len(wanted["Keys"]) > 100:
            raise Refused("com.amazon.coral.validate#ValidationException", message="more than 100 keys")
        held = self._tables[table]
        found = [held[key] for key in map(_key, wanted["Keys"]) if key in held]
        return {"Responses": {table: found}, "UnprocessedKeys": {}}

    def _write(self, asked: Json) -> Json:
        puts = [one["Put"] for one in asked["TransactItems"]]
        if len(puts) > 100 or len({_key(put["Item"]) for put in puts}) < len(puts):
            raise Refused("com.amazon.coral.validate#ValidationException", message="over 100 items, or one twice")
        reasons = [self._reason(put) for put in puts]
        if any(reason["Code"] != "None" for reason in reasons):
            kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
            raise Refused(kind, Message="Transaction cancelled", CancellationReasons=reasons)
        for put in puts:
            self._tables[put["TableName"]][_key(put["Item"])] = put["Item"]
        return {}

    def _reason(self, put: Json) -> Json:
        if put["ConditionExpression"] not in CONDITIONS:
            raise Refused("com.amazon.coral.validate#ValidationException", message="a condition it does not know")
        standing = self._tables[put["TableName"]].get(_key(put["Item"]))
        seen = put.get("ExpressionAttributeValues", {}).get(":seen")
        if (standing and standing["token"]) == seen:
            return {"Code": "None"}
        return {"Code": "ConditionalCheckFailed", **({"Item": standing} if standing else {})}

    def _query(self, asked: Json) -> Json:
        values = asked["ExpressionAttributeValues"]
        stage, now = values[":stage"]["S"], int(values[":now"]["N"])
        items = self._tables[asked["TableName"]].values()
        live = (item for item in items if item.get("in_flight", {}).get("S") == stage)
        found = [{"task": item["task"]} for item in live if int(item["lease"]["N"]) > now]
        return {"Items": found, "Count": len(found), "ScannedCount": len(found)}


def _key(item: Item) -> tuple[str, str]:
    return item["task"]["S"], item["stage"]["S"]


def _accepted(entry: Json) -> Json:
    digest = hashlib.md5(entry["MessageBody"].encode(), usedforsecurity=False).hexdigest()
    return {"Id": entry["Id"], "MessageId": str(uuid.uuid4()), "MD5OfMessageBody": digest}


async def _serve(aws: LeanAws) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
            lower = {name.lower(): value for name, value in headers.items()}
            body = await reader.readexactly(int(lower.get("content-length", 0)))
            status, answer = aws.answer(head.split(" ", 2)[1], lower.get("x-amz-target", ""), body)
            if lower.get("if-none-match") == ETAG:
                status, answer = 304, b""
            writer.write(
                f"HTTP/1.1 {status} -\r\nETag: {ETAG}\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer
            )
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def _head(reader: asyncio.StreamReader) -> str:
    """The head of the next request; empty when there is none."""
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode()
    except (asyncio.IncompleteReadError, ConnectionError):
        return ""


if __name__ == "__main__":
    asyncio.run(_serve(LeanAws(Path(sys.argv[1]))))
