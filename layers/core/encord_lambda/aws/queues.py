"""Sending to SQS queues, ten messages a request, which are signed here: botocore takes twice the processor time."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any

from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.dispatch.messages import Message
from encord_lambda.errors import Retry


class Queue:
    """One queue, for sending; safe to share between threads."""

    def __init__(self, requests: SignedRequests, url: str) -> None:
        self._requests, self._url = requests, url

    def send(self, messages: Sequence[Message], *, delay: int = 0) -> None:
        """Send all messages, due in `delay` seconds (0 to 900).

        Raises:
            Retry: SQS refused some. Others may have been sent, so receivers must bear seeing a message twice.
        """
        chunks = batched(messages, 10, strict=False)
        failed = [refused for chunk in chunks for refused in self._send(list(self._entries(chunk, delay)))]
        if failed:
            raise Retry(f"{self._url} refused {len(failed)} of {len(messages)}: {failed[0].get('Message', '')}")

    def _send(self, entries: list[dict[str, str | int]]) -> Sequence[dict[str, Any]]:
        batch = {"QueueUrl": self._url, "Entries": entries}
        answer = self._requests.call(f"send to {self._url}", "sqs", "AmazonSQS.SendMessageBatch", batch)
        return answer.get("Failed", ())  # type: ignore[no-any-return]

    @staticmethod
    def _entries(chunk: Sequence[Message], delay: int) -> Iterator[dict[str, str | int]]:
        for number, message in enumerate(chunk):
            # SQS takes the characters of XML only, and a title may have others.
            body = message.model_dump_json(ensure_ascii=True)
            yield {"Id": str(number), "MessageBody": body, "DelaySeconds": delay}
