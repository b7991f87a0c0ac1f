"""The queue that a batch of tasks came from: putting messages off, and burying those that will never work."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched
from typing import TYPE_CHECKING, Final

from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Retry
from encord_lambda.task_group import Letter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import (
        BatchResultErrorEntryTypeDef,
        ChangeMessageVisibilityBatchRequestEntryTypeDef,
        SendMessageBatchRequestEntryTypeDef,
    )

REASON: Final = "reason"
SUBJECT: Final = "subject"
BURIED_AT: Final = "buried_at"
"""The attributes of a dead letter: why, about what, and when."""
_LONGEST: Final = 2000
"""Characters of a reason; a message is 1 MB at most, and a person reads it."""


_UNSENDABLE: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class TasksInbox:
    """The tasks' queue and its dead letters, as `task_group.Inbox` describes them."""

    def __init__(self, sqs: "SQSClient", queue: str, dead_letters: str) -> None:
        self._sqs, self._queue, self._dead_letters = sqs, queue, dead_letters

    def bury(self, letters: Sequence[Letter]) -> None:
        """Send copies to the dead-letter queue, each with its reason and subject as message attributes; ten a request.

        Raises:
            Retry: SQS refused some. Others may have been sent.
        """
        for chunk in batched(letters, 10, strict=False):
            entries = [_entry(number, letter) for number, letter in enumerate(chunk)]
            with translated(f"send to {self._dead_letters}"):
                answer = self._sqs.send_message_batch(QueueUrl=self._dead_letters, Entries=entries)
            _check(answer.get("Failed", []), f"{self._dead_letters} refused dead letters")

    def hide(self, seconds: Mapping[str, int]) -> None:
        """Have messages, by receipt handle, come back after so many seconds (0 to 43,200); ten a request.

        Raises:
            Retry: SQS refused some; those come back when the queue's own visibility timeout is over.
        """
        for chunk in batched(seconds.items(), 10, strict=False):
            entries: list[ChangeMessageVisibilityBatchRequestEntryTypeDef] = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": after}
                for number, (handle, after) in enumerate(chunk)
            ]
            with translated(f"put off messages of {self._queue}"):
                answer = self._sqs.change_message_visibility_batch(QueueUrl=self._queue, Entries=entries)
            _check(answer.get("Failed", []), f"{self._queue} did not put off messages")


def _entry(number: int, letter: Letter) -> "SendMessageBatchRequestEntryTypeDef":
    attributes = {
        REASON: letter.reason[:_LONGEST] or "none given",
        SUBJECT: letter.subject,
        BURIED_AT: datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return {
        "Id": str(number),
        "MessageBody": letter.record.body,
        "MessageAttributes": {n: {"DataType": "String", "StringValue": _sendable(v)} for n, v in attributes.items()},
    }


def _sendable(text: str) -> str:
    """SQS takes the characters of XML only, and a service's own words may have others."""
    return _UNSENDABLE.sub("?", text)


def _check(failed: "Iterable[BatchResultErrorEntryTypeDef]", what: str) -> None:
    for one in failed:
        raise Retry(f"{what}: {one.get('Message', one['Code'])}")
