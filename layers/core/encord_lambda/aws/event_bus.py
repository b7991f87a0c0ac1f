"""Telling others of receipts: events on an EventBridge bus, ten a request."""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import TYPE_CHECKING

from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Retry
from encord_lambda.outcomes import Receipted
from encord_lambda.registration.announcement import DETAIL_TYPE, SOURCE, Announcement

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef, PutEventsResultEntryTypeDef


class EventBus:
    """One bus, for sending; `records` is the bucket that holds the receipts."""

    def __init__(self, events: "EventBridgeClient", records: str, name: str = "default") -> None:
        self._events, self._records, self._name = events, records, name

    def announce(self, receipts: Sequence[Receipted]) -> None:
        """Send an event for each receipt.

        Raises:
            Retry: EventBridge refused some. Others may have been sent, so whoever listens must bear hearing twice.
        """
        refused = [entry for chunk in batched(receipts, 10, strict=False) for entry in self._refused(chunk)]
        if refused:
            said = refused[0].get("ErrorMessage", refused[0]["ErrorCode"])
            raise Retry(f"the event bus {self._name} refused {len(refused)} of {len(receipts)} events: {said}")

    def _refused(self, receipts: Iterable[Receipted]) -> "Sequence[PutEventsResultEntryTypeDef]":
        with translated(f"send events to the bus {self._name}"):
            answer = self._events.put_events(Entries=[self._entry(receipted) for receipted in receipts])
        return [entry for entry in answer["Entries"] if "ErrorCode" in entry]

    def _entry(self, receipted: Receipted) -> "PutEventsRequestEntryTypeDef":
        detail = Announcement.of(receipted, self._records).model_dump_json()
        return {"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": detail, "EventBusName": self._name}
