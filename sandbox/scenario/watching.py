"""Look at the running sandbox until everything is through, or the time is up."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sandbox.scenario.encord import Platform
from sandbox.scenario.library import PREFIXES
from sandbox.scenario.receipts import Fates, Receipts, RecordsBucket
from sandbox.scenario.servers import Sandbox
from sandbox.scenario.world import AGENT_STAGE, PREFIX

PERIOD = 0.3  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Sight:
    """The sandbox at one moment."""

    uploaded: int  # objects below pets/
    platform: Platform
    queues: Mapping[str, int]
    dead_letters: Mapping[str, int]
    receipts: Receipts = field(default_factory=Receipts)

    @property
    def fates(self) -> Fates:
        """What the receipts say of the objects below pets/."""
        return self.receipts.of(PREFIX)

    @property
    def registered(self) -> list[str]:
        """Keys below pets/ that the receipts call registered."""
        return [key for key, reason in self.fates.items() if reason is None]

    @property
    def refused(self) -> dict[str, str]:
        """Keys below pets/ with the reason why they are not."""
        return {key: reason for key, reason in self.fates.items() if reason is not None}

    @property
    def shelved(self) -> int:
        """How many items of the library the receipts call registered."""
        return sum(reason is None for prefix in PREFIXES for reason in self.receipts.of(prefix).values())

    @property
    def left_agent(self) -> int:
        """How many tasks went on from the agent stage."""
        return sum(number for title, number in self.platform.waiting().items() if title != AGENT_STAGE)


class Progress(Protocol):
    """Whoever tells the user how far it is."""

    def say(self, text: str) -> None:
        """Tell what is being done now."""
        ...

    def watch(self, address: str) -> None:
        """Tell where a browser shows what happens; good until the twin ends."""
        ...

    def show(self, sight: Sight) -> None:
        """Show the sandbox as it is now."""
        ...


class Watcher:
    """Looks at one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox, self._s3 = sandbox, sandbox.cloud.session.client("s3")
        self._records = RecordsBucket(self._s3, sandbox.stack.records_bucket)

    def look(self) -> Sight:
        """See how things are."""
        cloud, stack = self._sandbox.cloud, self._sandbox.stack
        return Sight(
            uploaded=self._uploaded(),
            platform=self._sandbox.encord.look(),
            queues={name: cloud.backlog(url).total for name, url in stack.queue_urls.items()},
            dead_letters={name: cloud.backlog(url).total for name, url in stack.dead_letter_urls.items()},
            receipts=self._records.receipts(),
        )

    def until(self, done: Callable[[Sight], bool], progress: Progress, deadline: float) -> Sight:
        """Look again and again until the monotonic clock's `deadline`; returns what was seen last, done or not."""
        while True:
            sight = self.look()
            progress.show(sight)
            if done(sight) or time.monotonic() > deadline:
                return sight
            time.sleep(PERIOD)

    def _uploaded(self) -> int:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._sandbox.stack.uploads_bucket, Prefix=PREFIX
        )
        return sum(page["KeyCount"] for page in pages)
