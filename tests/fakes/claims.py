"""The claims table in memory. It passes the same contract as `aws.claims.TaskClaims`: tests/adapters/."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from encord_lambda.dispatch.claims import Claim, State, TaskKey

FINISHED = (State.DONE, State.REJECTED)


class FakeClaims:
    """`dispatch.claims.Held`; `now` tells the time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.claims: dict[TaskKey, Claim] = {}
        self._lock = threading.Lock()

    def read(self, keys: list[TaskKey]) -> dict[TaskKey, Claim]:
        return {key: self.claims[key] for key in keys if key in self.claims}

    def queue(self, claims: list[Claim]) -> set[TaskKey]:
        return {claim.key for claim in claims if self._write(claim, self._may_queue)}

    def start(self, claims: list[Claim]) -> list[Claim]:
        for claim in claims:
            self._write(claim, self._may_start)
        return [self.claims[claim.key] for claim in claims]

    def finish(self, claims: list[Claim], state: State) -> None:
        for claim in claims:
            with self._lock:
                standing = self.claims.get(claim.key)
                if standing and standing.token == claim.token:
                    self.claims[claim.key] = replace(standing, state=state)

    def _write(self, claim: Claim, may: Callable[[Claim, Claim], bool]) -> bool:
        with self._lock:
            standing = self.claims.get(claim.key)
            if standing and not may(standing, claim):
                return False
            self.claims[claim.key] = replace(claim, token=standing.token + 1 if standing else 1)
            return True

    def _may_queue(self, standing: Claim, claim: Claim) -> bool:
        if standing.state in FINISHED:
            return standing.updated_at < claim.updated_at
        return standing.lease_until < self.now()

    def _may_start(self, standing: Claim, claim: Claim) -> bool:
        if standing.state in FINISHED:
            return standing.updated_at < claim.updated_at
        return standing.state is State.QUEUED or standing.owner == claim.owner or standing.lease_until < self.now()
