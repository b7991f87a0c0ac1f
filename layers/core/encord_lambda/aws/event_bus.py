"""Telling others: events on an EventBridge bus, ten a request."""

from collections.abc import Sequence
from itertools import batched
from typing import TYPE_CHECKING

from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Retry
from encord_lambda.outcomes import Receipted
from encord_lambda.registration.upload_jobs.announcement import DETAIL_TYPE, SOURCE, Announcement

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef


class EventBus:
    """One bus, for sending; `records` is the bucket that holds the receipts."""

    def __init__(self, events: "EventBridgeClient", records: str, name: str = "default") -> None:
        self._events, self._records, self._name = events, records, name

    def announce(self, receipts: Sequence[Receipted]) -> None:
        """Send an event for each receipt.

        Raises:
            Retry: EventBridge refused some. Others may have been sent, so whoever listens must bear hearing twice.
        """
        entries: list[PutEventsRequestEntryTypeDef] = [
            {"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": detail, "EventBusName": self._name}
            for detail in (Announcement.of(receipted, self._records).model_dump_json() for receipted in receipts)
        ]
        refused = []
        for chunk in batched(entries, 10, strict=False):
            with translated(f"send events to the bus {self._name}"):
                answer = self._events.put_events(Entries=chunk)
            refused += [entry for entry in answer["Entries"] if "ErrorCode" in entry]
        if refused:
            said = refused[0].get("ErrorMessage", refused[0]["ErrorCode"])
            raise Retry(f"the event bus {self._name} refused {len(refused)} of {len(entries)} events: {said}")
