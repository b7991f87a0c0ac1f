"""A stand-in for Lambda and its SQS event source, in a process of its own: batches become calls of the real handler.

It is killed at any moment. What a real queue does to messages is done here on purpose: some are delivered twice, some
are put back and come later, none are in order.
"""

import os
import random
import signal
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from typing import Any, Final

import boto3

import encord_lambda.media.images as pictures_of
from encord_lambda import breakers, deadlines, execution, task_group
from encord_lambda.dispatch import backing_off, sweep
from encord_lambda.errors import Trouble
from functions.run_tasks import handler as run_tasks
from functions.sweep_stages import handler as sweep_stages
from tests.chaos.items import KILLER
from tests.chaos.pictures import MARK
from tests.chaos.plan import Place

DUPLICATED: Final = 0.03
PUT_BACK: Final = 0.03
LATEST: Final = 6
"""Seconds after which a copy, or what was put back, is due at the latest."""
IDLE: Final = 0.2

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers ask of Lambda's context."""

    ends: float
    function_name: str = "chaos"
    memory_limit_in_mb: int = 1769
    invoked_function_arn: str = "arn:chaos"
    aws_request_id: str = "chaos"

    def get_remaining_time_in_millis(self) -> int:
        """Until the process is ended."""
        return int((self.ends - time.monotonic()) * 1000)


def work(place: Place, name: str, life: int) -> None:
    """Poll and work until the run is over, or somebody kills this process."""
    _begin(place, name)
    _let_killers_kill()
    source = _EventSource(place, name, random.Random(f"{place.plan.seed} {name} {life}"))
    for _ in place.shift():
        source.turn()


def tick(place: Place, name: str, life: int) -> None:
    """Sweep again and again, in no rhythm."""
    _begin(place, name)
    chance = random.Random(f"{place.plan.seed} {name} {life}")
    for _ in place.shift():
        with _Invocation(4 * place.plan.timeout) as context:
            try:
                sweep_stages.lambda_handler({}, context)  # type: ignore[arg-type]
            except Trouble as trouble:
                place.note(name, failed=trouble.reason)
        time.sleep(chance.uniform(0.3, 1.5))


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
        busy.write_text("\n".join(record["messageId"] for record in batch))
        self._invoke(batch)
        busy.unlink()

    def _invoke(self, batch: list[Json]) -> None:
        began = time.monotonic()
        with _Invocation(self._place.plan.timeout) as context:
            try:
                reply = run_tasks.lambda_handler({"Records": batch}, context)  # type: ignore[arg-type]
            except Trouble as trouble:
                self._place.note(self._name, failed=trouble.reason, messages=len(batch))
                return
        kept = {failure["itemIdentifier"] for failure in reply["batchItemFailures"]}
        self._delete([record for record in batch if record["messageId"] not in kept])
        self._place.note(
            self._name, messages=len(batch), kept=len(kept), seconds=round(time.monotonic() - began, 2)
        )

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
                    DelaySeconds=self._chance.randint(0, LATEST),
                )
                self._place.note(self._name, fault="delivered twice")

    def _put_back(self, batch: list[Json]) -> list[Json]:
        stays = []
        for record in batch:
            if self._chance.random() < PUT_BACK:
                self._sqs.change_message_visibility(
                    QueueUrl=self._place.queue,
                    ReceiptHandle=record["receiptHandle"],
                    VisibilityTimeout=self._chance.randint(0, LATEST),
                )
                self._place.note(self._name, fault="delivered later")
            else:
                stays.append(record)
        return stays

    def _delete(self, done: list[Json]) -> None:
        for ten in batched(done, 10, strict=False):
            entries = [{"Id": str(n), "ReceiptHandle": record["receiptHandle"]} for n, record in enumerate(ten)]
            self._sqs.delete_message_batch(QueueUrl=self._place.queue, Entries=entries)  # type: ignore[arg-type]


class _Invocation:
    """Ends the process, as Lambda does, if what is inside takes longer."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout

    def __enter__(self) -> Context:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, self._timeout)
        return Context(time.monotonic() + self._timeout)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _begin(place: Place, name: str) -> None:
    os.environ.clear()
    os.environ.update(place.environment)
    log = os.open(place.folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    _hurry(place)


def _hurry(place: Place) -> None:
    """The constants that are minutes in Lambda, in proportion to this run's shorter timeout; no rule is changed."""
    pace = place.plan.timeout / 120
    deadlines.RESERVE_SECONDS *= pace  # type: ignore[misc]
    deadlines.SHORTEST_SECONDS *= pace  # type: ignore[misc]
    backing_off.FIRST *= pace  # type: ignore[misc]
    backing_off.LONGEST *= pace / 2  # type: ignore[misc]
    breakers.FIRST_REST, breakers.LONGEST_REST = 1, 8  # type: ignore[misc]
    breakers.SOON = 1.0  # type: ignore[misc]
    task_group.LEASE = execution.LEASE = timedelta(seconds=2 * place.plan.visibility)  # type: ignore[misc]
    sweep.QUEUED_LEASE = timedelta(seconds=place.plan.queued_lease)
    sweep.GATHER_SECONDS = 1
    sweep.SPARE_SECONDS *= pace


def _let_killers_kill() -> None:
    """A picture that makes its decoder crash takes the whole process with it."""
    decode = pictures_of.decoded

    def decoded(content: bytes) -> object:
        found = MARK.search(content)
        if found and found[1].endswith(f"-{KILLER}.jpg".encode()):
            os.kill(os.getpid(), signal.SIGKILL)
        return decode(content)

    pictures_of.decoded = decoded  # type: ignore[assignment]


def _record(message: Any) -> Json:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }
