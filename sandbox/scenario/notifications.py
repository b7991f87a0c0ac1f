"""Encord tells the deployed stack of waiting tasks: have it do so, pretend to be Encord, and see what came of it."""

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import uuid4

import httpx

from sandbox.encord_twin.outbound.notifications import Delivery
from sandbox.encord_twin.outbound.signing import signature
from sandbox.encord_twin.world import NotifySpec, WorldIds
from sandbox.scenario.agents import AGENT_STAGES
from sandbox.scenario.encord import Encord

PATIENCE = 30.0  # what an HTTP API grants its function
INVOKED = "START "  # how Lambda's line about an invocation begins


@dataclass(frozen=True, slots=True)
class Notifications:
    """What came of them since the deploy, by the logs of the functions that hear them and that sweep."""

    accepted: int = 0
    """Each started the sweep of a stage."""
    coalesced: int = 0
    """The stage was being swept already."""
    refused: int = 0
    sweeps: int = 0
    """Whoever started them."""
    forged: int | None = None
    """The HTTP status for somebody who does not know the secret; None if nobody tried."""

    @classmethod
    def of(cls, task_ready: Sequence[str], sweep_stages: Sequence[str], forged: int | None) -> Self:
        """Read the two functions' logs."""
        told = Counter(map(_message, task_ready))
        sweeps = sum(line.startswith(INVOKED) for line in sweep_stages)
        return cls(told["Notified"], told["Skipped"], told["Rejected"] + told["Postponed"], sweeps, forged)


def subscribe(encord: Encord, ids: WorldIds, url: str, secret: str) -> None:
    """Have all agent stages tell this address of every task, signed with the secret."""
    notify = NotifySpec(url=url, secret=secret, batch_size=1, max_wait=0)
    for project, stages in ids.stages.items():
        for title in AGENT_STAGES & stages.keys():
            encord.notify(ids.projects[project], stages[title], notify)


def forge(encord: Encord, url: str) -> int | None:
    """Tell what Encord told last, knowing all but the secret; answers the HTTP status, None if Encord told nothing."""
    if not (told := encord.notified()):
        return None
    now = datetime.now(UTC)
    forged = Delivery(uuid4(), url, told[-1].project, told[-1].stage, "batch_size_reached", pending_count=1, at=now)
    headers = signature(secrets.token_hex(), forged.body(), now)
    return httpx.post(url, content=forged.body(), headers=headers, trust_env=False, timeout=PATIENCE).status_code


def _message(line: str) -> str:
    """What a structured log entry is about; empty for Lambda's own lines."""
    try:
        entry = json.loads(line)
    except json.JSONDecodeError:
        return ""
    return str(entry.get("message", "")) if isinstance(entry, dict) else ""
