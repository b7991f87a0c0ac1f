"""A stand-in for Lambda and its SQS event source, in a process of its own: batches become calls of the real handler.

It is killed at any moment. What a real queue does to messages is done here on purpose: some are delivered twice, some
are put back and come later, none are in order.
"""

import json
import os
import random
import signal
import time
from itertools import batched
from typing import Any, Final

import boto3

import encord_lambda.media.images as pictures_of
from encord_lambda.errors import Trouble
from functions.run_tasks import handler as run_tasks
from tests.chaos.chance import chance
from tests.chaos.instance import Invocation, begin
from tests.chaos.items import KILLER
from tests.chaos.pictures import MARK
from tests.chaos.plan import Place

DUPLICATED: Final = 0.03
PUT_BACK: Final = 0.03
IDLE: Final = 0.2

type Json = dict[str, Any]


def work(place: Place, name: str, life: int) -> None:
    """Poll and work until the run is over, or somebody kills this process."""
    begin(place, name)
    _let_killers_kill()
    source = _EventSource(place, name, chance(place.plan.seed, name, life))
    for _ in place.shift():
        source.turn()


class _EventSource:
    def __init__(self, place: Place, name: str, chance: random.Random) -> None:
        self._place, self._name, self._chance = place, name, chance
        self._sqs = boto3.client("sqs")

    def turn(self) -> None:
        batch = self._received(self._chance.choice((3, 10, 30, 60, 100, 100)))
        if not batch:
            time.sleep(IDLE)
            return
        self._send_again(batch)
        batch = self._put_back(batch)
        self._chance.shuffle(batch)
        busy = self._place.folder / f"{self._name}.busy"
        busy.write_text(json.dumps({record["messageId"]: record["receiptHandle"] for record in batch}))
        self._invoke(batch)
        busy.unlink()

    def _invoke(self, batch: list[Json]) -> None:
        began = time.monotonic()
        with Invocation(self._place.plan.timeout) as context:
            try:
                reply = run_tasks.lambda_handler({"Records": batch}, context)  # type: ignore[arg-type]
            except Trouble as trouble:
                self._place.note(self._name, failed=trouble.reason, messages=len(batch))
                return
        kept = {failure["itemIdentifier"] for failure in reply["batchItemFailures"]}
        self._delete([record for record in batch if record["messageId"] not in kept])
        self._place.note(self._name, messages=len(batch), kept=len(kept), seconds=round(time.monotonic() - began, 2))

    def _received(self, most: int) -> list[Json]:
        records: list[Json] = []
        while len(records) < most:
            found = self._sqs.receive_message(
                QueueUrl=self._place.queue,
                MaxNumberOfMessages=min(10, most - len(records)),
                MessageSystemAttributeNames=["All"],
            ).get("Messages", [])
            if not found:
                break
            records += [_record(message) for message in found]
        return records

    def _send_again(self, batch: list[Json]) -> None:
        for record in batch:
            if self._chance.random() < DUPLICATED:
                self._sqs.send_message(
                    QueueUrl=self._place.queue,
                    MessageBody=record["body"],
                    DelaySeconds=self._chance.randint(0, self._place.plan.latest),
                )
                self._place.note(self._name, fault="delivered twice")

    def _put_back(self, batch: list[Json]) -> list[Json]:
        stays = []
        for record in batch:
            if self._chance.random() < PUT_BACK:
                self._sqs.change_message_visibility(
                    QueueUrl=self._place.queue,
                    ReceiptHandle=record["receiptHandle"],
                    VisibilityTimeout=self._chance.randint(0, self._place.plan.latest),
                )
                self._place.note(self._name, fault="delivered later")
            else:
                stays.append(record)
        return stays

    def _delete(self, done: list[Json]) -> None:
        for ten in batched(done, 10, strict=False):
            entries = [{"Id": str(n), "ReceiptHandle": record["receiptHandle"]} for n, record in enumerate(ten)]
            self._sqs.delete_message_batch(QueueUrl=self._place.queue, Entries=entries)  # type: ignore[arg-type]


def _record(message: Any) -> Json:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }


def _let_killers_kill() -> None:
    """A picture that makes its decoder crash takes the whole process with it."""
    decode = pictures_of.decoded

    def decoded(content: bytes) -> object:
        found = MARK.search(content)
        if found and found[1].endswith(f"-{KILLER}.jpg".encode()):
            os.kill(os.getpid(), signal.SIGKILL)
        return decode(content)

    pictures_of.decoded = decoded  # type: ignore[assignment]
