"""How far a directory has come on its way to becoming an item: the record in the table, and the message of a visit.

The record is small, for every event of the directory may touch it. Its members are on file: `plans.Plan`.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, Literal, NamedTuple, Protocol

from encord_lambda.dispatch.messages import Message, Moment

LEASE: Final = timedelta(minutes=10)
"""Twice as long as whoever puts a group together may take: nobody works on beyond it."""
NOTED: Final = timedelta(seconds=10)
"""By how much `Group.seen` may be behind: not every one of ten thousand events writes to the table."""
LOST: Final = timedelta(minutes=30)
"""After this, a visit that was due is not waited for any more: its message was lost."""


class State(StrEnum):
    """How far a directory has come."""

    GATHERING = "gathering"
    """Objects come; a visit is due, or is being arranged."""
    WAITING = "waiting"
    """Nothing but its marker is waited for."""
    PLANNED = "planned"
    """What becomes of it is on file, and being done."""
    SUBMITTED = "submitted"
    REFUSED = "refused"
    """Nothing of it could be registered. It is looked at again when something in it changes."""


PLANS: Final = frozenset({State.PLANNED, State.SUBMITTED, State.REFUSED})
"""States in which it is on file what becomes of each object."""


class GroupKey(NamedTuple):
    """A directory; its key ends with its slash."""

    bucket: str
    directory: str

    @property
    def address(self) -> str:
        """How messages name it."""
        return f"s3://{self.bucket}/{self.directory}"

    @property
    def folder(self) -> str:
        """Prefix of its files in the records bucket: legible, and no other directory's."""
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", self.directory).strip("-")[-80:]
        return f"groups/{self.bucket}/{name}-{sha256(self.directory.encode()).hexdigest()[:12]}/"


@dataclass(frozen=True, slots=True)
class Group:
    """A directory's record."""

    key: GroupKey
    region: str
    state: State
    seen: datetime
    """When the last of its events was processed, give or take `NOTED`."""
    due: datetime | None = None
    """When the visit is due whose message has been sent; None if none has."""
    lease_until: datetime | None = None
    """Until when a visit that puts it together keeps others away."""
    plan: str = ""
    """Key of the plan in the records bucket, the last one if there were several."""
    planned_at: datetime | None = None
    token: int = 1
    """Grows with each change, so that whoever acts on what it read earlier can tell."""

    def is_leased(self, now: datetime) -> bool:
        """Whether somebody is at it."""
        return self.lease_until is not None and now < self.lease_until

    def expects_visit(self, now: datetime) -> bool:
        """Whether the message of a visit is under way."""
        return self.due is not None and now < self.due + LOST

    def gathering(self, now: datetime) -> "Group":
        """With an arrival noted; opened again if it was refused, or waited for its marker."""
        due = self.due if self.state is State.GATHERING else None
        return self._next(state=State.GATHERING, seen=max(self.seen, now), due=due, lease_until=None)

    def visited_at(self, due: datetime) -> "Group":
        """With a visit under way."""
        return self._next(due=due, lease_until=None)

    def waiting(self) -> "Group":
        """With no visit under way: only the marker counts."""
        return self._next(state=State.WAITING, due=None, lease_until=None)

    def leased(self, now: datetime) -> "Group":
        """In the hands of a visit."""
        return self._next(lease_until=now + LEASE)

    def released(self) -> "Group":
        """In nobody's hands again."""
        return self._next(lease_until=None)

    def planned(self, plan: str, now: datetime) -> "Group":
        """With its future on file, still in the same hands."""
        return self._next(state=State.PLANNED, plan=plan, planned_at=now)

    def settled(self, state: State) -> "Group":
        """With everything done that was planned."""
        return self._next(state=state, due=None, lease_until=None)

    def _next(self, **changes: object) -> "Group":
        return replace(self, token=self.token + 1, **changes)  # type: ignore[arg-type]


class Groups(Protocol):
    """Keeps groups."""

    def read(self, key: GroupKey) -> Group | None:
        """The group as it stands now, consistently."""

    def swap(self, group: Group) -> bool:
        """Write it in place of the one it was made from, whose token is one less; there was none for a token of 1.

        False if another stands there by now.
        """


class GroupMessage(Message):
    """A directory may be complete when this comes."""

    kind: Literal["group"] = "group"
    bucket: str
    region: str
    directory: str
    due: Moment
    """When it was to come; tells the visit that the group expects from copies and older ones."""

    @property
    def key(self) -> GroupKey:
        """The directory."""
        return GroupKey(self.bucket, self.directory)

    @property
    def subject(self) -> str:
        """What it is about, for people."""
        return f"directory {self.key.address}"
