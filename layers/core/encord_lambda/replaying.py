"""Where dead letters go, and the way there that loses nothing.

A task's claim is set back first, then its message is sent, then the letter removed. Whoever is killed in between does
it once more: a message that comes twice is harmless.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from itertools import batched
from typing import Final, Protocol

from encord_lambda.dispatch.claims import Claim, Held, State, TaskKey
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.dispatch.sweep import QUEUED_LEASE
from encord_lambda.letters import DeadLetter, Opened

AT_A_TIME: Final = 100
"""Letters whose claims are set back together, before they are sent."""


class Fate(Enum):
    """What becomes of a letter; in words for before and for afterwards."""

    AGAIN = ("to go back to the queue", "sent back to the queue")
    RUNNING = ("to be removed: a worker has the task in hand", "removed: a worker has the task in hand")
    OUTDATED = (
        "to be removed: the task is done, or came back, or has another letter",
        "removed: the task is done, or came back, or has another letter",
    )
    MALFORMED = ("to stay: malformed, and would only come back", "stay: malformed, and would only come back")


@dataclass(frozen=True, slots=True)
class Plan:
    """Where letters go, in the order of the queue."""

    claims: dict[TaskKey, Claim]
    """What was seen of the tasks' claims."""
    fates: dict[Fate, list[Opened]] = field(default_factory=lambda: {fate: [] for fate in Fate})


class Box(Protocol):
    """A dead-letter queue, and the queue its letters come from."""

    def send_back(self, letters: Sequence[DeadLetter]) -> None:
        """Send copies to the queue they come from. After trouble some may be there."""

    def remove(self, letters: Sequence[DeadLetter]) -> None:
        """Take letters out of the dead-letter queue."""


def plan(letters: Sequence[Opened], held: Held, now: datetime) -> Plan:
    """Where each letter goes. Of several about the same task at the same stage one counts, that of the latest visit."""
    claims = held.read(list({one.key: None for one in letters if one.key}))
    made, latest = Plan(claims), _latest(letters)
    for one in letters:
        superseded = one.key is not None and latest[one.key] is not one
        going = Fate.OUTDATED if superseded else fate(one, claims.get(one.key) if one.key else None, now)
        made.fates[going].append(one)
    return made


def fate(one: Opened, claim: Claim | None, now: datetime) -> Fate:
    """What becomes of a letter whose task has this claim.

    A queued one is sent all the same: an earlier replay may have been killed before it sent the message. So is a
    rejected one, even if the task was changed at its stage since: until then nobody works on it.
    """
    if one.malformed:
        return Fate.MALFORMED
    if one.task is None or claim is None or claim.state is State.REJECTED:
        return Fate.AGAIN
    done = claim.state is State.DONE and claim.updated_at == one.task.updated_at
    if done or claim.updated_at > one.task.updated_at:
        return Fate.OUTDATED
    return Fate.RUNNING if claim.state is State.RUNNING and now < claim.lease_until else Fate.AGAIN


def requeued(message: TaskMessage, standing: Claim | None, now: datetime) -> Claim:
    """The claim in place of the standing one: queued, with all its tries before it."""
    key, token = TaskKey(message.stage, message.task), standing.token + 1 if standing else 1
    updated_at = max(standing.updated_at, message.updated_at) if standing else message.updated_at
    return Claim(key, State.QUEUED, updated_at, now + QUEUED_LEASE, token=token)


def carry_out(made: Plan, box: Box, held: Held, now: datetime, told: Callable[[int], None]) -> list[Opened]:
    """Do what was planned; `told` hears after each hundred how many letters were sent back by then.

    Returns the letters that stay after all, because their tasks' claims were changed by others meanwhile.

    Raises:
        Retry: AWS cannot be asked. What was not sent back stays.
    """
    stay, sent = [], 0
    for some in batched(made.fates[Fate.AGAIN], AT_A_TIME, strict=False):
        refused = _set_back(some, made, held, now)
        going = [one.letter for one in some if one.key not in refused]
        box.send_back(going)
        box.remove(going)
        stay += [one for one in some if one.key in refused]
        sent += len(going)
        told(sent)
    box.remove([one.letter for gone in (Fate.OUTDATED, Fate.RUNNING) for one in made.fates[gone]])
    return stay


def _set_back(some: Iterable[Opened], made: Plan, held: Held, now: datetime) -> Collection[TaskKey | None]:
    claims = [requeued(one.task, made.claims.get(one.key), now) for one in some if one.task and one.key]
    return held.swap(claims).keys() if claims else ()


def _latest(letters: Iterable[Opened]) -> dict[TaskKey, Opened]:
    latest: dict[TaskKey, Opened] = {}
    for one in sorted(letters, key=lambda one: one.task is not None and one.task.updated_at.timestamp(), reverse=True):
        if one.key:
            latest.setdefault(one.key, one)
    return latest
