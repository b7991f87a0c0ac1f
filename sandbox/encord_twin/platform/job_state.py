"""How far an upload job has come."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from .holdings import Dataset, Folder, Integration, Item
from .manifests import Manifest, Unit


@dataclass(frozen=True)
class UnitError:
    """Why one unit was not registered."""

    unit: Unit
    reason: str
    subtask: UUID


@dataclass
class Job:
    """An upload job. Units not yet registered or failed are pending, or cancelled once the job is over."""

    uuid: UUID
    folder: Folder
    integration: Integration
    manifest: Manifest
    ignore_errors: bool
    file_name: str | None = None
    dataset: Dataset | None = None  # where to link what is registered
    status: Literal["PENDING", "DONE", "ERROR", "CANCELLED"] = "PENDING"
    items: list[Item] = field(default_factory=list)
    errors: list[UnitError] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    work: asyncio.Task[None] | None = None  # held here, or the loop may collect it

    @property
    def unfinished(self) -> int:
        """How many units have neither been registered nor failed."""
        return len(self.manifest.units) - len(self.items) - len(self.errors)

    def end(self, status: Literal["DONE", "ERROR", "CANCELLED"]) -> None:
        """Settle the job, once."""
        if not self.over.is_set():
            self.status = status
            self.over.set()
