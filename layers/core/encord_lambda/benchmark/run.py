"""One run over a benchmark: keep what annotators have submitted, send it off, score all that is kept, and tell."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.report import NoteReport, Report
from encord_lambda.benchmark.report_page import Place
from encord_lambda.benchmark.reporting import report
from encord_lambda.benchmark.reviewed import ReviewedUnit
from encord_lambda.benchmark.scoring import Scoring
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.errors import Trouble
from encord_lambda.labels.ontology import Ontology
from encord_lambda.outcomes import Outcome, Postponed, Scored, Skipped

REPORT_SECONDS: Final = 300.0
"""Kept back for the report; what is not read by then is read by the next run."""
NO_TRUTH: Final = "the ground-truth project has no labels of this data unit: it is neither scored nor rejected"


class Task(Protocol):
    """A task that waits for review."""

    @property
    def uuid(self) -> UUID:
        """Its own."""

    @property
    def data_hash(self) -> UUID:
        """Of its data unit."""

    @property
    def updated_at(self) -> datetime:
        """When anything about it changed last, with its time zone."""


class Reviews[T: Task](Protocol):
    """Where annotators' work waits."""

    @property
    def ontologies(self) -> tuple[Ontology, Ontology]:
        """Those of the ground truth and of the production project."""

    def waiting(self) -> Iterable[Sequence[T]]:
        """The tasks that all annotators have submitted, some at once."""

    def read(self, tasks: Sequence[T], now: datetime) -> list[ReviewedUnit]:
        """Everybody's labels of these; those without ground truth are left out."""

    def reject(self, tasks: Iterable[T]) -> dict[UUID, Trouble]:
        """Reject them; returns what could not be."""

    def pictures(self, places: Iterable[Place]) -> dict[Place, bytes]:
        """Small JPEGs of frames, of those that can be had."""


class Records(Protocol):
    """Where what was read is kept."""

    def known(self, benchmark: str) -> Mapping[UUID, datetime]:
        """Which data units are kept, and when each was written."""

    def keep(self, benchmark: str, units: Sequence[ReviewedUnit]) -> None:
        """Write them down, with what is kept of raters who have not submitted again."""

    def kept(self, benchmark: str) -> Iterator[ReviewedUnit]:
        """All data units that are kept."""

    def latest(self, benchmark: str) -> Report | None:
        """The report before this one."""

    def publish(self, report: Report, pictures: Mapping[Place, bytes]) -> str:
        """Write it as JSON, CSV and a page; returns the address of the page."""


@dataclass(frozen=True, slots=True)
class Desk[T: Task]:
    """What a run works with."""

    reviews: Reviews[T]
    records: Records
    editor: str
    """Where Encord's web application is."""
    time_left: Callable[[], float]
    """Seconds that this run still has."""


def runs[T: Task](
    benchmarks: Iterable[Benchmark], desk: Callable[[Benchmark], Desk[T]], now: datetime
) -> Iterator[Outcome]:
    """One run over each, whose trouble is no other's; the next run tries again."""
    for benchmark in benchmarks:
        try:
            yield from run(benchmark, desk(benchmark), now)
        except Trouble as trouble:
            yield Postponed(f"benchmark {benchmark.name}", trouble.reason)


def run[T: Task](benchmark: Benchmark, desk: Desk[T], now: datetime) -> Iterator[Outcome]:
    """Score what is new, if anything is; harmless to repeat.

    A task is rejected only once its labels are kept. Without anything new, the report of before stands.

    Raises:
        Trouble: A project or the stage is not there, or Encord or S3 cannot be had.
    """
    known, new = desk.records.known(benchmark.name), 0
    for tasks in desk.reviews.waiting():
        if desk.time_left() < REPORT_SECONDS:
            yield Postponed(benchmark.name, "the rest of the reviews is read by the next run: this one's time is short")
            break
        unread = [task for task in tasks if task.data_hash not in known or task.updated_at > known[task.data_hash]]
        units = desk.reviews.read(unread, now) if unread else []
        desk.records.keep(benchmark.name, units)
        new += len(units)
        yield from _sent_off(benchmark, desk.reviews, tasks, known.keys() | {one.data for one in units})
    if new:
        yield _scored(benchmark, desk, new, now)


def _sent_off[T: Task](
    benchmark: Benchmark, reviews: Reviews[T], tasks: Sequence[T], kept: Iterable[UUID]
) -> Iterator[Outcome]:
    done = set(kept)
    yield from (Skipped(str(task.uuid), NO_TRUTH) for task in tasks if task.data_hash not in done)
    if benchmark.reject_when_scored:
        refused = reviews.reject(task for task in tasks if task.data_hash in done)
        yield from (Postponed(str(task), f"cannot be rejected: {why.reason}") for task, why in refused.items())


def _scored[T: Task](benchmark: Benchmark, desk: Desk[T], new: int, now: datetime) -> Scored:
    truth, production = desk.reviews.ontologies
    scoring = Scoring(truth, Notes())
    for unit in desk.records.kept(benchmark.name):
        scoring.add(unit.submitted())
    made = report(scoring, benchmark, now, desk.editor, desk.records.latest(benchmark.name))
    made = made.model_copy(update={"notes": (*_differences(truth, production), *made.notes)})
    pictures = desk.reviews.pictures((one.data, one.frame) for one in made.worst)
    missed = tuple(line.rater for line in made.leaderboard if line.target == "missed")
    return Scored(benchmark.name, new, made.units, len(made.leaderboard), missed, desk.records.publish(made, pictures))


def _differences(truth: Ontology, production: Ontology) -> Iterator[NoteReport]:
    """What one ontology has and the other lacks: whoever labels could not say it, or nobody said it of the truth."""
    for what, right, given in (
        ("classification", truth.classifications, production.classifications),
        ("object", truth.objects, production.objects),
    ):
        theirs, ours = {one.title for one in right}, {one.title for one in given}
        for title in sorted(theirs ^ ours):
            lacking = "production project" if title in theirs else "ground truth"
            yield NoteReport(what=f"the ontology of the {lacking} has no {what} '{title}'", count=1, examples=())
