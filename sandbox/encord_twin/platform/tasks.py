"""Tasks, their consensus subtasks, and the reviews of their labels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from .holdings import DataRow

type Place = tuple[float, int]  # in a queue: the most urgent first, then the oldest


@dataclass(frozen=True, slots=True)
class Visit:
    """A task entered a stage."""

    stage: UUID
    at: datetime
    by: str | None


@dataclass(slots=True)
class Subtask:
    """One annotator's share of a task in a consensus annotation stage, with a label branch of its own."""

    uuid: UUID
    task: UUID  # the data hash of the whole task, which finds it in its project
    branch: str
    annotator: str
    assignee: str | None
    status: str
    created_at: datetime
    updated_at: datetime
    last_actioned_by: str | None = None


@dataclass(slots=True)
class LabelReview:
    """A reviewer's verdict on one object or classification, in one review stage."""

    uuid: UUID
    label_type: Literal["Object", "Classification"]
    label_id: str
    status: Literal["NEW", "APPROVED", "REJECTED", "RESOLVED", "REOPENED"] = "NEW"
    comment: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(slots=True)
class Task:
    """One data unit walking through one project's workflow; it keeps its UUID on the whole way."""

    uuid: UUID
    row: DataRow
    stage: UUID
    sequence: int  # how many tasks the project made before this one
    created_at: datetime
    updated_at: datetime
    status: str = "NEW"
    assignee: str | None = None
    last_actioned_by: str | None = None
    priority: float = 0.5
    visits: tuple[Visit, ...] = ()
    subtasks: tuple[Subtask, ...] = ()

    @property
    def place(self) -> Place:
        """Where it stands in a queue; no two tasks of a project share a place."""
        return -self.priority, self.sequence
