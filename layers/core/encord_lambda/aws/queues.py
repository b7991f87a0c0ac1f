"""Sending to SQS queues, ten messages a request."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import TYPE_CHECKING

from encord_lambda.aws.trouble import translated
from encord_lambda.dispatch.messages import Message
from encord_lambda.errors import Retry

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class Queue:
    """One queue, for sending."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs, self._url = sqs, url

    def send(self, messages: Sequence[Message], *, delay: int = 0) -> None:
        """Send all messages, due in `delay` seconds (0 to 900).

        Raises:
            Retry: SQS refused some. Others may have been sent, so receivers must bear seeing a message twice.
        """
        for chunk in batched(messages, 10, strict=False):
            self._send(list(self._entries(chunk, delay)))

    def _send(self, entries: list[dict[str, str | int]]) -> None:
        with translated(f"send to {self._url}"):
            answer = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]
        if failed := answer.get("Failed"):
            raise Retry(f"{self._url} refused {len(failed)} of {len(entries)}: {failed[0].get('Message', '')}")

    @staticmethod
    def _entries(chunk: Sequence[Message], delay: int) -> Iterator[dict[str, str | int]]:
        for number, message in enumerate(chunk):
            yield {"Id": str(number), "MessageBody": message.model_dump_json(), "DelaySeconds": delay}
