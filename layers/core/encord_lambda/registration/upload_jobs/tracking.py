"""Following an upload job: the message that does, when it looks again, and what Encord says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from pydantic import Field

from encord_lambda.dispatch.messages import Message
from encord_lambda.registration.manifests.items import Section

LONGEST_DELAY = 300


class RegistrationMessage(Message):
    """A job of the Registrations table is to be advanced. `visit` counts how often its message was sent again."""

    kind: Literal["job"] = "job"
    id: str = Field(pattern=r"^[0-9a-f]{64}$")
    visit: int = Field(default=0, ge=0)

    @property
    def subject(self) -> str:
        """What it is about, for people."""
        return f"upload job {self.id}"


class Queue(Protocol):
    """RegistrationsQueue."""

    def send(self, messages: Sequence[Message], *, delay: int = 0) -> None:
        """Send messages, due in `delay` seconds."""


@dataclass(frozen=True, slots=True)
class UnitFailure:
    """Why Encord could not register an item; `urls` are those of all its files."""

    urls: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class JobState:
    """What Encord says about an upload job."""

    status: Literal["PENDING", "DONE", "ERROR", "CANCELLED"]
    items: Sequence[tuple[str, UUID]] = ()
    """Names and items; whether those skipped as duplicates are among them, Encord does not say."""
    failures: Sequence[UnitFailure] = ()
    errors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item in a storage folder."""

    id: UUID
    name: str
    url: str | None
    """None for groups and series, whose files are items below them."""
    section: Section | None
    """Which list of a manifest it comes from; None if it can come from none."""
    created_at: datetime
    etag: str | None = None
    """Of the object it was made of, if we wrote that down when we registered it."""


def delay(visit: int) -> int:
    """Seconds until the next look: 1, 2, 4, … up to 300, which is well below the 900 SQS allows."""
    return min(1 << min(visit, 16), LONGEST_DELAY)
