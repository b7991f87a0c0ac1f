"""The claims table in memory. It passes the same contract as `aws.claims.TaskClaims`: tests/adapters/."""

import threading
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from encord_lambda.dispatch.claims import Claim, TaskKey


class FakeClaims:
    """`dispatch.claims.Held`."""

    def __init__(self) -> None:
        self.claims: dict[TaskKey, Claim] = {}
        self._lock = threading.Lock()

    def read(self, keys: Sequence[TaskKey]) -> dict[TaskKey, Claim]:
        return {key: self.claims[key] for key in keys if key in self.claims}

    def swap(self, claims: Sequence[Claim]) -> dict[TaskKey, Claim | None]:
        refused = {}
        with self._lock:
            for claim in claims:
                standing = self.claims.get(claim.key)
                if (standing.token if standing else 0) == claim.token - 1:
                    self.claims[claim.key] = claim
                else:
                    refused[claim.key] = standing
        return refused

    def in_flight(self, stage: UUID, now: datetime) -> set[UUID]:
        live = (claim.key for claim in self.claims.values() if claim.is_live and now < claim.lease_until)
        return {key.task for key in live if key.stage == stage}
