"""A dead-letter queue as a person deals with it: read through, send back, remove.

SQS hides what is received. What was not removed is shown again at the end, and at the latest after `HIDDEN_FOR`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from encord_lambda.aws.inbox import REASON, SUBJECT
from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Retry
from encord_lambda.letters import DeadLetter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import (
        BatchResultErrorEntryTypeDef,
        ChangeMessageVisibilityBatchRequestEntryTypeDef,
        DeleteMessageBatchRequestEntryTypeDef,
        MessageTypeDef,
    )

HIDDEN_FOR: Final = 900
"""Seconds that letters stay hidden from everybody else, should nobody live to show them again."""
PATIENCE = 1
"""Seconds that SQS looks for letters until it says that there are none: with 0 it may overlook some."""
_AT_ONCE: Final = 8
_BATCH: Final = 10


class DeadLetters:
    """A dead-letter queue, and the queue its letters come from; to be used in a `with` block, by one thread."""

    def __init__(self, sqs: "SQSClient", url: str, origin: str) -> None:
        self._sqs, self._url, self._origin = sqs, url, origin
        self._handles: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show again what was not removed; also after Ctrl-C.

        Raises:
            Retry: That did not work; says when the letters are back.
        """
        handles, self._handles = self._handles, {}
        try:
            self._in_batches(self._show, handles.values())
        except Retry as trouble:
            back = f"{len(handles)} letters are hidden for up to {HIDDEN_FOR // 60} minutes"
            raise Retry(f"{trouble.reason}; {back}, and nothing is lost") from error

    def read(self) -> Iterator[DeadLetter]:
        """Each letter once, until the queue has no more."""
        seen: set[str] = set()
        while fresh := {letter.id: letter for letter in self._round() if letter.id not in seen}:
            seen |= fresh.keys()
            yield from fresh.values()

    def send_back(self, letters: Sequence[DeadLetter]) -> None:
        """Send copies to the queue they come from.

        Raises:
            Retry: SQS refused some. Others may have been sent.
        """
        self._in_batches(self._send, letters)

    def remove(self, letters: Sequence[DeadLetter]) -> None:
        """Take letters out of the dead-letter queue.

        Raises:
            Retry: SQS refused some.
        """
        self._in_batches(self._delete, letters)

    def _round(self) -> list[DeadLetter]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return [letter for some in pool.map(lambda _: self._receive(), range(_AT_ONCE)) for letter in some]

    def _receive(self) -> list[DeadLetter]:
        with translated(f"receive from {self._url}"):
            answer = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=_BATCH,
                VisibilityTimeout=HIDDEN_FOR,
                WaitTimeSeconds=PATIENCE,
                MessageAttributeNames=[REASON, SUBJECT],
            )
        messages = answer.get("Messages", [])
        self._handles |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
        return [_letter(message) for message in messages]

    def _send(self, letters: Sequence[DeadLetter]) -> None:
        with translated(f"send to {self._origin}"):
            answer = self._sqs.send_message_batch(
                QueueUrl=self._origin,
                Entries=[{"Id": str(number), "MessageBody": one.body} for number, one in enumerate(letters)],
            )
        _check(f"send to {self._origin}", answer.get("Failed", []))

    def _delete(self, letters: Sequence[DeadLetter]) -> None:
        entries: list[DeleteMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "ReceiptHandle": self._handles[one.id]} for number, one in enumerate(letters)
        ]
        with translated(f"remove from {self._url}"):
            answer = self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
        for gone in answer.get("Successful", []):
            del self._handles[letters[int(gone["Id"])].id]
        _check(f"remove from {self._url}", answer.get("Failed", []))

    def _show(self, handles: Sequence[str]) -> None:
        entries: list[ChangeMessageVisibilityBatchRequestEntryTypeDef] = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
            for number, handle in enumerate(handles)
        ]
        with translated(f"show the letters of {self._url} again"):
            answer = self._sqs.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)
        hidden = [failed for failed in answer.get("Failed", []) if "NotInflight" not in failed["Code"]]
        _check(f"show the letters of {self._url} again", hidden)

    @staticmethod
    def _in_batches[T](do: Callable[[Sequence[T]], None], things: Iterable[T]) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(do, batched(things, _BATCH, strict=False)))


def _letter(message: "MessageTypeDef") -> DeadLetter:
    attributes = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    return DeadLetter(message["MessageId"], message["Body"], attributes.get(REASON, ""), attributes.get(SUBJECT, ""))


def _check(doing: str, failed: "Sequence[BatchResultErrorEntryTypeDef]") -> None:
    if failed:
        raise Retry(f"cannot {doing}: {failed[0]['Code']}: {failed[0].get('Message', '')}")
