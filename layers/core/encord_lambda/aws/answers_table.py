"""Answers that were paid for, in the Spend table beside the days of budgets (DESIGN §5.6).

Each task looks one up and keeps one, so these requests are signed here: botocore takes twice the processor time, which
at twenty model calls at once is a fiftieth of a batch.
"""

import base64
import logging
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.errors import Trouble

ANSWERS_KEPT: Final = timedelta(days=4)
"""How long an answer is kept: as long as SQS keeps a message."""
MOST_BYTES: Final = 390_000
"""The longest answer that is kept, compressed; DynamoDB takes items of 400 KB."""

_log = logging.getLogger(__name__)


class AnswersTable:
    """`agents.answers.Answers`. `now` tells the time, with its zone."""

    def __init__(self, requests: SignedRequests, table: str, now: Callable[[], datetime]) -> None:
        self._requests, self._table, self._now = requests, table, now

    def kept(self, digest: str) -> bytes | None:
        """The answer to what was asked before. DynamoDB deletes what has expired only some days later."""
        item = self._call("read", "GetItem", {"Key": _key(digest)}).get("Item")
        if item is None or int(item["expires_at"]["N"]) <= self._now().timestamp():
            return None
        return zlib.decompress(base64.b64decode(item["content"]["B"]))

    def keep(self, digest: str, answer: bytes) -> None:
        """Keep an answer, unless it is too long; trouble is only logged."""
        content = zlib.compress(answer)
        if len(content) > MOST_BYTES:
            return
        expires = {"N": str(int((self._now() + ANSWERS_KEPT).timestamp()))}
        item = {**_key(digest), "content": {"B": base64.b64encode(content).decode()}, "expires_at": expires}
        try:
            self._call("write to", "PutItem", {"Item": item})
        except Trouble as trouble:
            _log.warning("an answer is not kept: %s", trouble.reason)

    def _call(self, doing: str, operation: str, asked: Mapping[str, object]) -> dict[str, Any]:
        return self._requests.call(
            f"{doing} the table {self._table}",
            "dynamodb",
            f"DynamoDB_20120810.{operation}",
            {"TableName": self._table, **asked},
        )


def _key(digest: str) -> dict[str, Any]:
    return {"name": {"S": f"answer {digest}"}}
