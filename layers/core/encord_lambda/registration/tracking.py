"""Following an upload job: the message that does, when it looks again, and what the job's end means per object."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from pydantic import AwareDatetime, Field

from encord_lambda.dispatch.messages import Message
from encord_lambda.registration.items import Image
from encord_lambda.registration.manifest import Manifest
from encord_lambda.registration.receipts import Receipt, Settled, State

LONGEST_DELAY = 300


class RegistrationMessage(Message):
    """An upload job under way. `visit` counts how often it was looked at; keys are of the records bucket."""

    job: UUID
    folder: UUID
    datasets: tuple[UUID, ...]
    manifest: str
    receipt: str
    submitted_at: AwareDatetime
    visit: int = Field(default=0, ge=0)

    def next_visit(self) -> "RegistrationMessage":
        """The same job, to be looked at once more."""
        return self.model_copy(update={"visit": self.visit + 1})


class Queue(Protocol):
    """RegistrationsQueue."""

    def send(self, messages: Sequence[Message], *, delay: int = 0) -> None:
        """Send messages, due in `delay` seconds."""


@dataclass(frozen=True, slots=True)
class JobState:
    """What Encord says about an upload job."""

    status: Literal["PENDING", "DONE", "ERROR", "CANCELLED"]
    items: Sequence[tuple[str, UUID]] = ()
    """Names and items; whether those skipped as duplicates are among them, Encord does not say."""
    failures: Mapping[str, str] = field(default_factory=dict)
    """Reasons by object URL."""
    errors: Sequence[str] = ()


def delay(visit: int) -> int:
    """Seconds until the next look: 1, 2, 4, … up to 300, which is well below the 900 SQS allows."""
    return min(1 << min(visit, 16), LONGEST_DELAY)


def unnamed(manifest: Manifest, state: JobState) -> list[Image]:
    """The images a finished job says nothing about: known URLs it skipped, perhaps under another title."""
    named = dict(state.items)
    return [image for image in manifest.images if image.title not in named and not _failure(image, state)]


def strangers(manifest: Manifest, state: JobState) -> list[UUID]:
    """Items the job names by no title of the manifest: registered earlier, under another title."""
    titles = {image.title for image in manifest.images}
    return [item for name, item in state.items if name not in titles]


def settle(manifest: Manifest, state: JobState, known: Mapping[str, UUID]) -> Iterator[Settled]:
    """What became of each image; `known` holds, by URL, the items that were in the folder already."""
    named = dict(state.items)
    for image in manifest.images:
        if item := named.get(image.title):
            yield _entry(image, "registered", item)
        elif item := known.get(image.object_url):
            yield _entry(image, "existing", item)
        elif state.status == "PENDING":
            yield _entry(image, "pending")
        else:
            yield _entry(image, "failed", reason=_failure(image, state) or _silence(state))


def receipt(message: RegistrationMessage, entries: Iterable[Settled], now: datetime) -> Receipt:
    """The receipt of a settled job."""
    objects = tuple(entries)
    counts = Counter(entry.state for entry in objects)
    return Receipt(
        job=message.job,
        folder=message.folder,
        datasets=message.datasets,
        manifest=message.manifest,
        submitted_at=message.submitted_at,
        settled_at=now,
        submitted=len(objects),
        registered=counts["registered"],
        existing=counts["existing"],
        failed=counts["failed"],
        pending=counts["pending"],
        objects=objects,
    )


def _failure(image: Image, state: JobState) -> str | None:
    return state.failures.get(image.object_url)


def _silence(state: JobState) -> str:
    said = f": {'; '.join(state.errors)}" if state.errors else ""
    return f"Encord's upload job ended as {state.status} without an item for it{said}; upload the object again"


def _entry(image: Image, state: State, item: UUID | None = None, reason: str | None = None) -> Settled:
    return Settled(key=image.title, url=image.object_url, state=state, item=item, reason=reason)
