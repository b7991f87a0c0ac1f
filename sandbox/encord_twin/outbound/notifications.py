"""Task-ready notifications: told again at every check, until the stage's queue is drained."""

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from ..platform.notifications import Reason, WorkAvailable, due
from ..platform.records import Notify
from ..platform.store import Store
from ..protocol.faults import OUTGOING, Faults
from .courier import Courier, Undelivered
from .signing import signature

EVENT = "agent_stage_work_available_event"
ROUTE = f"{OUTGOING} {EVENT}"
ATTEMPTS = 3  # while the receiver is too slow; how many the platform makes is unknown
KEPT = 1000  # deliveries


@dataclass
class Delivery:
    """One notification. `status` is the receiver's last answer; anything but 200 counts as failed."""

    uid: UUID
    url: str
    project: UUID
    stage: UUID
    reason: Reason
    pending_count: int
    at: datetime
    outcome: Literal["underway", "delivered", "failed"] = "underway"
    attempts: int = 0
    status: int | None = None
    error: str = ""

    def body(self) -> bytes:
        """The notification as it goes over the wire."""
        payload = {
            "project_hash": str(self.project),
            "stage_uuid": str(self.stage),
            "pending_count": self.pending_count,
            "reason": self.reason,
        }
        envelope = {"uid": str(self.uid), "version": 1, "source": "encord-twin", "event_type": EVENT}
        return json.dumps(envelope | {"event_created_timestamp": self.at.isoformat(), "payload": payload}).encode()


class Notifier:
    """Looks at the queues and tells of the work in them."""

    def __init__(self, store: Store, faults: Faults, courier: Courier) -> None:
        self._store, self._faults, self._courier = store, faults, courier
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # by address

    async def watch(self) -> None:
        """Check again and again, every `notify_every` seconds; slow receivers do not put a check off."""
        async with asyncio.TaskGroup() as checks:
            while True:
                await asyncio.sleep(self._store.settings.notify_every)
                checks.create_task(self.check())

    async def check(self) -> list[Delivery]:
        """Notify every stage that is due now; return when all receivers have answered or failed to.

        An address hears one at a time. What it has yet to hear or to answer is not told again: the platform's checks
        are five minutes apart, and it waits for three.
        """
        underway = {delivery.stage for delivery in self.deliveries if delivery.outcome == "underway"}
        noted = [self._note(work) for work in due(self._store) if work.stage.uuid not in underway]
        await asyncio.gather(*(self._deliver_in_turn(delivery, notify) for delivery, notify in noted))
        return [delivery for delivery, _ in noted]

    def _note(self, work: WorkAvailable) -> tuple[Delivery, Notify]:
        delivery = Delivery(
            uid=uuid4(),
            url=work.notify.url,
            project=work.project.uuid,
            stage=work.stage.uuid,
            reason=work.reason,
            pending_count=work.pending,
            at=self._store.now(),
        )
        self.deliveries.append(delivery)
        return delivery, work.notify

    async def _deliver_in_turn(self, delivery: Delivery, notify: Notify) -> None:
        async with self._turns[notify.url]:
            await self._deliver(delivery, notify)

    async def _deliver(self, delivery: Delivery, notify: Notify) -> None:
        fault = self._faults.take(ROUTE)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            await self._attempt(delivery, notify)
        for _ in range(ATTEMPTS):
            if not await self._attempt(delivery, notify):
                break
        delivery.outcome = "delivered" if delivery.status == 200 else "failed"

    async def _attempt(self, delivery: Delivery, notify: Notify) -> bool:
        """Send it once; True if the receiver was too slow, which is worth another attempt."""
        body = delivery.body()
        headers = {"Content-Type": "application/json", **signature(notify.secret, body, self._store.now())}
        delivery.attempts += 1
        try:
            answer = await self._courier.send("POST", notify.url, headers, body)
        except Undelivered as trouble:
            delivery.status, delivery.error = None, str(trouble)
            return trouble.late
        delivery.status, delivery.error = answer.status_code, ""
        return False
