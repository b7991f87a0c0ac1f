"""One run over a benchmark: keep what annotators have submitted, send it off, score all that is kept, and tell."""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from encord_lambda.benchmark.desk import Desk, Reviews, Task
from encord_lambda.benchmark.notes import Note, Notes
from encord_lambda.benchmark.ontology_differences import differences
from encord_lambda.benchmark.report import Report
from encord_lambda.benchmark.reporting import report
from encord_lambda.benchmark.reviewed import ReviewedUnit
from encord_lambda.benchmark.scoring import Scoring
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.errors import Skip, Trouble
from encord_lambda.outcomes import Outcome, Postponed, Scored, Skipped

REPORT_SECONDS: Final = 300.0
"""Kept back for the report; what is not read by then is read by the next run."""
WITHOUT_TRUTH: Final = "a task without ground truth: not scored"


def runs[T: Task](
    benchmarks: Iterable[Benchmark], desk: Callable[[Benchmark], Desk[T]], now: datetime
) -> Iterator[Outcome]:
    """One run over each, whose trouble is no other's; the next run tries again."""
    for benchmark in benchmarks:
        try:
            yield from run(benchmark, desk(benchmark), now)
        except Trouble as trouble:
            yield _postponed(benchmark, trouble.reason)


def run[T: Task](benchmark: Benchmark, desk: Desk[T], now: datetime) -> Iterator[Outcome]:
    """Keep what is new, and make a report if the last was made of anything else; harmless to repeat.

    A task is rejected only once its labels are kept, and counts whenever the report is made.

    Raises:
        Trouble: A project or the stage is not there, or Encord, S3 or EventBridge cannot be had.
    """
    known = desk.records.known(benchmark.name)
    read, without_truth = yield from _collected(benchmark, desk, known.keys())
    known = desk.records.known(benchmark.name) if read else known
    latest, basis = desk.records.latest(benchmark.name), _basis(benchmark, known)
    if known and (latest is None or latest.basis != basis):
        yield _scored(benchmark, desk, latest, _Edition(now, basis, read, without_truth))


def _collected[T: Task](
    benchmark: Benchmark, desk: Desk[T], known: Iterable[UUID]
) -> Generator[Outcome, None, tuple[int, list[T]]]:
    """Returns how many tasks were read, and those without ground truth."""
    known, count, without_truth = set(known), 0, list[T]()
    for tasks in desk.reviews.waiting():
        if desk.time_left() < REPORT_SECONDS:
            yield _postponed(benchmark, "the rest of the reviews is read by the next run: this one's time is short")
            break
        kept = desk.records.read(benchmark.name, [task.data_hash for task in tasks if task.data_hash in known])
        unread = [task for task in tasks if not _is_kept(task, kept)]
        found = desk.reviews.read(unread) if unread else {}
        units = [unit for unit in found.values() if isinstance(unit, ReviewedUnit)]
        desk.records.keep(benchmark.name, [unit.with_earlier(kept.get(unit.data)) for unit in units])
        yield from _sent_off(benchmark, desk.reviews, tasks, found)
        count += len(units)
        without_truth += [task for task in unread if isinstance(found.get(task.data_hash), Skip)]
    return count, without_truth


def _is_kept(task: Task, kept: Mapping[UUID, ReviewedUnit]) -> bool:
    return task.data_hash in kept and kept[task.data_hash].updated_at == task.updated_at


def _sent_off[T: Task](
    benchmark: Benchmark, reviews: Reviews[T], tasks: Sequence[T], found: Mapping[UUID, ReviewedUnit | Trouble]
) -> Iterator[Outcome]:
    scored = []
    for task in tasks:
        match found.get(task.data_hash):
            case Skip() as why:
                yield Skipped(str(task.uuid), why.reason)
            case Trouble() as why:
                yield Postponed(str(task.uuid), why.reason)
            case _:
                scored.append(task)
    if benchmark.reject_when_scored:
        refused = reviews.reject(scored)
        yield from (Postponed(str(task), f"cannot be rejected: {why.reason}") for task, why in refused.items())


@dataclass(frozen=True, slots=True)
class _Edition[T: Task]:
    """What is particular to a report."""

    at: datetime
    basis: str
    new: int
    without_truth: Sequence[T]


def _scored[T: Task](benchmark: Benchmark, desk: Desk[T], latest: Report | None, edition: _Edition[T]) -> Scored:
    truth, production = desk.reviews.ontologies
    scoring = Scoring(truth, Notes())
    for unit in desk.records.kept(benchmark.name):
        scoring.add(unit.submitted())
        for note in unit.remarks():
            scoring.notes.add(note)
    for task in edition.without_truth:
        scoring.notes.add(Note(WITHOUT_TRUTH, "truth", "", task.data_hash, task.data_title, "", 0))
    made = report(scoring, benchmark, edition.at, desk.editor, latest)
    notes = (*differences(truth, production), *made.notes)
    made = made.model_copy(update={"notes": notes, "basis": edition.basis})
    address = desk.records.publish(made, desk.reviews.pictures((one.data, one.frame) for one in made.worst))
    missed = tuple(line.rater for line in made.leaderboard if line.target == "missed")
    scored = Scored(benchmark.name, edition.new, made.units, len(made.leaderboard), missed, address)
    desk.news.tell(scored)
    desk.records.conclude(made)
    return scored


def _basis(benchmark: Benchmark, known: Mapping[UUID, str]) -> str:
    """What a report is made of, as a hash: all that is kept, and what pipeline.yaml says of the benchmark."""
    marks = "\n".join(f"{data} {mark}" for data, mark in sorted(known.items()))
    return hashlib.sha256(f"{benchmark.model_dump_json()}\n{marks}".encode()).hexdigest()


def _postponed(benchmark: Benchmark, reason: str) -> Postponed:
    return Postponed(f"benchmark {benchmark.name}", reason)
