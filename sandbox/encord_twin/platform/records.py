"""Projects and what belongs to them: the workflow's stages, queues of tasks, label rows."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from .holdings import DataRow
from .json_values import JsonObject
from .queues import Queue
from .tasks import LabelReview, Subtask, Task


class StageType(StrEnum):
    """The nodes of a workflow graph the twin can walk; routers are never shown to clients."""

    AGENT = "AGENT"
    ANNOTATION = "ANNOTATION"
    REVIEW = "REVIEW"
    CONSENSUS_ANNOTATION = "CONSENSUS_ANNOTATION"
    CONSENSUS_REVIEW = "CONSENSUS_REVIEW"
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


@dataclass(frozen=True)
class Notify:
    """Where an agent stage tells that work waits: `batch_size` tasks, or one that has waited `max_wait` seconds."""

    url: str
    secret: str = field(repr=False)
    batch_size: int
    max_wait: float


@dataclass
class Stage:
    """A node of the workflow. `next` is taken on submit and approve, `rejected` on reject.

    `annotators` (consensus annotation) are e-mail addresses. `shares` (percentage routers) are percentages by
    destination, what is missing to 100 goes to `next`; `users` (user routers) leads from the e-mail address of
    whoever acted last to a destination, everybody else's tasks go to `next`.
    """

    uuid: UUID
    type: StageType
    title: str
    pathways: list[Pathway] = field(default_factory=list)
    next: UUID | None = None
    rejected: UUID | None = None
    annotators: tuple[str, ...] = ()
    shares: dict[UUID, int] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    notify: Notify | None = None


@dataclass(slots=True)
class LabelRow:
    """The labels of one data unit on one branch, as last saved; `problem` is what the ontology has against them."""

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
    problem: str | None = None


@dataclass
class Project:
    """A workflow project. `waiting` holds the tasks of each stage in order, so that a queue is read without a scan."""

    uuid: UUID
    title: str
    created_at: datetime
    ontology: UUID
    datasets: list[UUID]
    stages: dict[UUID, Stage]
    first: UUID
    status: str = "inProgress"
    tasks: dict[UUID, Task] = field(default_factory=dict)  # by data hash
    made: int = 0  # tasks ever made
    waiting: dict[UUID, Queue] = field(default_factory=lambda: defaultdict(Queue))  # by stage
    subtasks: dict[UUID, Subtask] = field(default_factory=dict)
    reviews: dict[UUID, dict[tuple[UUID, str], LabelReview]] = field(default_factory=dict)  # by task; stage and label
    labels: dict[UUID, dict[str, LabelRow]] = field(default_factory=dict)  # by data hash, then branch
    by_label_hash: dict[UUID, LabelRow] = field(default_factory=dict)
    branches: set[str] = field(default_factory=set)  # on which there are label rows
    members: set[str] | None = None  # e-mail addresses; None lets everybody in

    def label_row(self, data_hash: UUID, branch: str) -> LabelRow | None:
        """The labels of a data unit on a branch, if anybody created them."""
        return self.labels.get(data_hash, {}).get(branch)
