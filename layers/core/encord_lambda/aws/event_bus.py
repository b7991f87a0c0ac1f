"""Telling others: events on an EventBridge bus, ten a request."""

from collections.abc import Sequence
from itertools import batched
from typing import TYPE_CHECKING

from encord_lambda.aws.trouble import translated
from encord_lambda.benchmark.announcement import BenchmarkScored
from encord_lambda.errors import Retry
from encord_lambda.outcomes import Receipted, Scored
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
        details = [Announcement.of(receipted, self._records).model_dump_json() for receipted in receipts]
        _put(self._events, self._name, DETAIL_TYPE, details)


class BenchmarkEvents:
    """The bus that hears of benchmarks' reports."""

    def __init__(self, events: "EventBridgeClient", name: str = "default") -> None:
        self._events, self._name = events, name

    def tell(self, scored: Scored) -> None:
        """Send an event for a report.

        Raises:
            Retry: EventBridge refused.
        """
        _put(self._events, self._name, "BenchmarkScored", [BenchmarkScored.of(scored).model_dump_json()])


def _put(events: "EventBridgeClient", bus: str, kind: str, details: Sequence[str]) -> None:
    entries: list[PutEventsRequestEntryTypeDef] = [
        {"Source": SOURCE, "DetailType": kind, "Detail": detail, "EventBusName": bus} for detail in details
    ]
    refused = []
    for chunk in batched(entries, 10, strict=False):
        with translated(f"send events to the bus {bus}"):
            answer = events.put_events(Entries=chunk)
        refused += [entry for entry in answer["Entries"] if "ErrorCode" in entry]
    if refused:
        said = refused[0].get("ErrorMessage", refused[0]["ErrorCode"])
        raise Retry(f"the event bus {bus} refused {len(refused)} of {len(entries)} events: {said}")
