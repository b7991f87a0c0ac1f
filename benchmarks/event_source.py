"""A stand-in for Lambda's SQS event source: batches of messages become invocations of one instance.

As Lambda's pollers do, it receives the next batch while the function works on this one, and deletes meanwhile what
succeeded.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from benchmarks.invoking import Instance

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MOST = 10  # messages a request; SQS's own limit
PATIENCE = 60.0  # seconds until all messages must be due


@dataclass(frozen=True)
class EventSource:
    """Feeds an instance from a queue."""

    sqs: "SQSClient"
    queue: str
    batch: int

    def wait_until_due(self, messages: int) -> None:
        """Return when so many wait to be received.

        Raises:
            TimeoutError: They do not come.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            told = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["ApproximateNumberOfMessages"])
            if int(told["Attributes"]["ApproximateNumberOfMessages"]) >= messages:
                return
            time.sleep(0.1)
        raise TimeoutError(f"{messages} messages were not due within {PATIENCE:g} s")

    def feed(self, instance: Instance) -> float:
        """Invoke it until the queue is empty; answers the seconds from the first invocation to the last reply.

        Raises:
            RuntimeError: A message was reported as failed: a benchmark has no trouble to bear.
        """
        with ThreadPoolExecutor(2) as beside:
            records = self._receive()
            started = ended = time.perf_counter()
            deleted: list[Future[None]] = []
            while records:
                following = beside.submit(self._receive)
                reply = instance.invoke({"Records": records})
                ended = time.perf_counter()
                if reply["batchItemFailures"]:
                    raise RuntimeError(f"{len(reply['batchItemFailures'])} of {len(records)} messages failed")
                deleted.append(beside.submit(self._delete, records))
                records = following.result()
            for done in deleted:
                done.result()
        return ended - started

    def _receive(self) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = []
        while wanted := min(self.batch - len(records), MOST):
            found = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=wanted).get("Messages", [])
            if not found:
                break
            records += [
                {"messageId": one["MessageId"], "receiptHandle": one["ReceiptHandle"], "body": one["Body"]}
                for one in found
            ]
        return records

    def _delete(self, records: Sequence[dict[str, Any]]) -> None:
        for ten in batched(records, MOST, strict=False):
            answer = self.sqs.delete_message_batch(
                QueueUrl=self.queue,
                Entries=[{"Id": str(number), "ReceiptHandle": one["receiptHandle"]} for number, one in enumerate(ten)],
            )
            if answer.get("Failed"):
                raise RuntimeError(f"not deleted: {answer['Failed']}")
