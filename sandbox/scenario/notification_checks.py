"""What must hold of Encord's notifications: they alone had stages swept, and nobody else's word counts."""

from collections.abc import Iterator

import httpx

from sandbox.scenario.check import Check
from sandbox.scenario.notifications import Notifications


def notification_checks(told: Notifications) -> Iterator[Check]:
    """Two rows of the closing table."""
    found = f"{told.sweeps} sweeps, {told.accepted} notifications; {told.coalesced} more while a sweep was on"
    alone = 0 < told.sweeps <= told.accepted
    yield Check("labels came by notification: the schedule has not ticked yet", found, alone, found)
    refused = told.forged == httpx.codes.UNAUTHORIZED and told.refused == 1
    found = f"status {told.forged}, {told.refused} refused"
    yield Check("a forged notification is refused, and no other", found, refused, found)
