"""What a run over a benchmark works with."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from encord_lambda.benchmark.agent_stages import AgentStages
from encord_lambda.benchmark.report import Report
from encord_lambda.benchmark.report_page import Place
from encord_lambda.benchmark.reviewed import KeptLabel, ReviewedUnit
from encord_lambda.dispatch.claims import Claim, TaskKey
from encord_lambda.errors import Reject, Trouble
from encord_lambda.labels.ontology import Ontology
from encord_lambda.outcomes import Scored
from encord_lambda.shadow import ShadowDecision


class Task(Protocol):
    """A task that waits for review."""

    @property
    def uuid(self) -> UUID:
        """Its own."""

    @property
    def data_hash(self) -> UUID:
        """Of its data unit."""

    @property
    def data_title(self) -> str:
        """The data unit's."""

    @property
    def updated_at(self) -> datetime:
        """When anything about it changed last."""


class Reviews[T: Task](Protocol):
    """Where annotators' work waits."""

    @property
    def ontologies(self) -> tuple[Ontology, Ontology]:
        """Those of the ground truth and of the production project."""

    @property
    def agent_stages(self) -> Mapping[str, UUID]:
        """The production project's, by title."""

    def waiting(self) -> Iterable[Sequence[T]]:
        """The tasks that all annotators have submitted, some at once."""

    def read(self, tasks: Sequence[T]) -> Mapping[UUID, ReviewedUnit | Trouble]:
        """Everybody's labels of these tasks, or why they are not scored, by data unit; Skip where there is no truth."""

    def truths(
        self, since: datetime | None, known: Container[UUID]
    ) -> Iterable[Mapping[UUID, tuple[KeptLabel, ...] | None]]:
        """Ground truth of these data units that was edited since, some at once; None where there is none any more.

        Without a time, all there is.
        """

    def reject(self, tasks: Iterable[T]) -> Mapping[UUID, Trouble]:
        """Reject them; returns what could not be."""

    def pictures(self, places: Iterable[Place]) -> Mapping[Place, bytes]:
        """Small JPEGs of frames, of those that can be had."""


class Records(Protocol):
    """Where what was read is kept."""

    def known(self, benchmark: str) -> Mapping[UUID, str]:
        """Which data units are kept, each with a mark that changes whenever it is written over by something else."""

    def read(self, benchmark: str, data: Iterable[UUID]) -> Mapping[UUID, ReviewedUnit]:
        """Those of these data units that are kept and can be read."""

    def keep(self, benchmark: str, units: Iterable[ReviewedUnit]) -> None:
        """Write them down, over what is kept of them."""

    def kept(self, benchmark: str) -> Iterator[ReviewedUnit | Reject]:
        """All data units that are kept; Reject, which names it, for each file among them that is none."""

    def latest(self, benchmark: str) -> Report | None:
        """The report before this one, of those that are concluded."""

    def publish(self, report: Report, pictures: Mapping[Place, bytes]) -> str:
        """Write all that people and other functions read of it; returns the address of the page."""

    def conclude(self, report: Report) -> None:
        """Write it down as the latest; a run that ended before is made up for by the next."""


class Decisions(Protocol):
    """Where decisions in the shadow are kept."""

    def marks(self, project: UUID, data: Container[UUID]) -> Mapping[UUID, Mapping[str, str]]:
        """Keys of those about data units, by data unit, each with a mark that changes whenever it is written over."""

    def at(self, keys: Sequence[str]) -> Mapping[str, ShadowDecision | None]:
        """Those with these keys; None for what is no decision as this version writes it."""


class Claims(Protocol):
    """Where it is kept how far agents are with tasks."""

    def read(self, keys: Sequence[TaskKey]) -> Mapping[TaskKey, Claim]:
        """The claims there are, by key."""


class News(Protocol):
    """Whoever tells others."""

    def tell(self, scored: Scored) -> None:
        """Tell of a report; after a crash a second one may be told of the same."""


@dataclass(frozen=True, slots=True)
class Desk[T: Task]:
    """What a run works with."""

    reviews: Reviews[T]
    records: Records
    stages: AgentStages
    """The production project's, as pipeline.yaml has them."""
    decisions: Decisions
    claims: Claims
    news: News
    editor: str
    """Where Encord's web application is."""
    time_left: Callable[[], float]
    """Seconds that this run still has."""
