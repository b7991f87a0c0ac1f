"""Sending to SQS queues, ten messages a request."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import TYPE_CHECKING

from encord_lambda.aws.trouble import translated
from encord_lambda.dispatch.messages import Message
from encord_lambda.errors import Retry

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import BatchResultErrorEntryTypeDef


class Queue:
    """One queue, for sending."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs, self._url = sqs, url

    def send(self, messages: Sequence[Message], *, delay: int = 0) -> None:
        """Send all messages, due in `delay` seconds (0 to 900).

        Raises:
            Retry: SQS refused some. Others may have been sent, so receivers must bear seeing a message twice.
        """
        chunks = batched(messages, 10, strict=False)
        failed = [refused for chunk in chunks for refused in self._send(list(self._entries(chunk, delay)))]
        if failed:
            raise Retry(f"{self._url} refused {len(failed)} of {len(messages)}: {failed[0].get('Message', '')}")

    def _send(self, entries: list[dict[str, str | int]]) -> "Sequence[BatchResultErrorEntryTypeDef]":
        with translated(f"send to {self._url}"):
            answer = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]
        return answer.get("Failed", [])

    @staticmethod
    def _entries(chunk: Sequence[Message], delay: int) -> Iterator[dict[str, str | int]]:
        for number, message in enumerate(chunk):
            # SQS takes the characters of XML only, and a title may have others.
            body = message.model_dump_json(ensure_ascii=True)
            yield {"Id": str(number), "MessageBody": body, "DelaySeconds": delay}
