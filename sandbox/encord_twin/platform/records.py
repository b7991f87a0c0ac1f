"""Projects and what happens in them: stages, tasks, label rows."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from .holdings import DataRow
from .json_values import JsonObject


class StageType(StrEnum):
    """The nodes of a workflow graph the twin can walk; routers are never shown to clients."""

    AGENT = "AGENT"
    ANNOTATION = "ANNOTATION"
    REVIEW = "REVIEW"
    DONE = "DONE"
    USER_ROUTER = "USER_ROUTER"
    PERCENTAGE_ROUTER = "PERCENTAGE_ROUTER"

    @property
    def is_router(self) -> bool:
        """Whether tasks pass through without ever waiting here."""
        return self in (StageType.USER_ROUTER, StageType.PERCENTAGE_ROUTER)


@dataclass
class Ontology:
    """The editor structure as it goes over the wire, and the features it knows."""

    uuid: UUID
    title: str
    created_at: datetime
    editor: JsonObject
    features: frozenset[str]


@dataclass
class Pathway:
    """One way out of an agent stage."""

    uuid: UUID
    title: str
    destination: UUID


@dataclass
class Stage:
    """A node of the workflow. `next` is taken on submit and approve, `rejected` on reject."""

    uuid: UUID
    type: StageType
    title: str
    pathways: list[Pathway] = field(default_factory=list)
    next: UUID | None = None
    rejected: UUID | None = None


@dataclass(frozen=True)
class Visit:
    """A task entered a stage."""

    stage: UUID
    at: datetime
    by: str | None


@dataclass
class Task:
    """One data unit walking through one project's workflow; it keeps its UUID on the whole way."""

    uuid: UUID
    row: DataRow
    stage: UUID
    status: str
    created_at: datetime
    updated_at: datetime
    assignee: str | None = None
    last_actioned_by: str | None = None
    priority: float = 0.5
    visits: list[Visit] = field(default_factory=list)


@dataclass
class LabelRow:
    """The labels of one data unit on one branch, as last saved."""

    label_hash: UUID
    row: DataRow
    branch: str
    created_at: datetime
    edited_at: datetime
    object_answers: JsonObject = field(default_factory=dict)
    classification_answers: JsonObject = field(default_factory=dict)
    object_actions: JsonObject = field(default_factory=dict)
    spaces: JsonObject = field(default_factory=dict)
    labels: JsonObject = field(default_factory=dict)  # per data unit, only what was saved
    saves: int = 0


@dataclass
class Project:
    """A workflow project. `waiting` holds the tasks of each stage, so that a queue is read without a scan."""

    uuid: UUID
    title: str
    created_at: datetime
    ontology: UUID
    datasets: list[UUID]
    stages: dict[UUID, Stage]
    first: UUID
    tasks: dict[UUID, Task] = field(default_factory=dict)  # by data hash
    waiting: dict[UUID, dict[UUID, Task]] = field(default_factory=dict)  # stage, then task
    labels: dict[UUID, dict[str, LabelRow]] = field(default_factory=dict)  # by data hash, then branch
    by_label_hash: dict[UUID, LabelRow] = field(default_factory=dict)

    def label_row(self, data_hash: UUID, branch: str) -> LabelRow | None:
        """The labels of a data unit on a branch, if anybody created them."""
        return self.labels.get(data_hash, {}).get(branch)
