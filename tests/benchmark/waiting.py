"""Tasks that wait for review in memory, and a desk to run over them."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from typing import Any
from uuid import UUID

from encord_lambda.aws.benchmark_records import BenchmarkRecords
from encord_lambda.benchmark.agent_stages import AgentStages
from encord_lambda.benchmark.desk import Desk
from encord_lambda.benchmark.reviewed import KeptLabel, KeptSubmission, ReviewedUnit
from encord_lambda.labels.ontology import Ontology
from encord_lambda.outcomes import Scored
from tests.benchmark.labelled import ANN, BOB, ONTOLOGY, answer, labels
from tests.benchmark.reported import EDITOR, PROJECT
from tests.fakes.bucket import MemoryBucket

BEGUN = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """A task."""

    number: int
    updated_at: datetime = BEGUN

    @property
    def uuid(self) -> UUID:
        return UUID(int=(1 << 100) + self.number)

    @property
    def data_hash(self) -> UUID:
        return UUID(int=self.number)

    @property
    def data_title(self) -> str:
        return f"unit-{self.number}"


@dataclass
class Queue:
    """The reviews: cats everywhere, which Ann always sees and Bob in three of four."""

    tasks: list[Waiting]
    edited: dict[UUID, tuple[KeptLabel, ...] | None] = field(default_factory=dict)
    agent_stages: Mapping[str, UUID] = field(default_factory=dict)

    @property
    def ontologies(self) -> tuple[Ontology, Ontology]:
        return ONTOLOGY, ONTOLOGY

    def waiting(self) -> Iterator[Sequence[Waiting]]:
        return batched(list(self.tasks), 100, strict=False)

    def read(self, tasks: Sequence[Waiting]) -> dict[UUID, Any]:
        return {one.data_hash: reviewed(one.number) for one in tasks}

    def truths(
        self, since: datetime | None, known: Container[UUID]
    ) -> Iterator[Mapping[UUID, tuple[KeptLabel, ...] | None]]:
        if since:
            yield {data: truth for data, truth in self.edited.items() if data in known}

    def reject(self, tasks: Iterable[Waiting]) -> dict[UUID, Any]:
        done = set(tasks)
        self.tasks = [one for one in self.tasks if one not in done]
        return {}

    def pictures(self, places: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], bytes]:
        return dict.fromkeys(places, b"")


class _Nothing:
    """No decisions, no claims, and nobody who is told."""

    def marks(self, project: UUID, data: Container[UUID]) -> dict[UUID, Mapping[str, str]]:  # noqa: ARG002
        return {}

    def at(self, keys: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002
        return {}

    def read(self, keys: Sequence[object]) -> dict[Any, Any]:  # noqa: ARG002
        return {}

    def tell(self, scored: Scored) -> None:
        pass


def reviewed(number: int) -> ReviewedUnit:
    """A data unit as it is read."""
    return ReviewedUnit(
        version=1,
        data=UUID(int=number),
        title=f"unit-{number}",
        width=100,
        height=100,
        frames=1,
        truth=kept("Cat"),
        submissions=(_by(ANN, "Cat"), _by(BOB, "Cat" if number % 4 else "Dog")),
        updated_at=BEGUN,
    )


def kept(animal: str) -> tuple[KeptLabel, ...]:
    """Labels that say so."""
    return tuple(map(KeptLabel.of, labels([answer(animal)])))


def _by(rater: Any, animal: str) -> KeptSubmission:
    return KeptSubmission.of(rater, labels([answer(animal)]))


def desk(queue: Queue, bucket: MemoryBucket, time_left: Callable[[], float] = lambda: 900.0) -> Desk[Waiting]:
    """For a run over them."""
    nothing = _Nothing()
    return Desk(
        reviews=queue,
        records=BenchmarkRecords(bucket),
        news=nothing,
        editor=EDITOR,
        time_left=time_left,
        stages=AgentStages([], PROJECT),
        decisions=nothing,
        claims=nothing,
    )
