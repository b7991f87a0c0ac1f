"""One run over a benchmark: keep what annotators have submitted, send it off, score all that is kept, and tell."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from encord_lambda.benchmark.agent_stages import AgentStages
from encord_lambda.benchmark.collecting import Collected, collected, postponed
from encord_lambda.benchmark.corrections import correct
from encord_lambda.benchmark.decided import Decided
from encord_lambda.benchmark.desk import Desk, Task
from encord_lambda.benchmark.kept_units import scorable
from encord_lambda.benchmark.notes import Note, Notes
from encord_lambda.benchmark.ontology_differences import differences, unscored
from encord_lambda.benchmark.report import NoteReport, Report
from encord_lambda.benchmark.reporting import report
from encord_lambda.benchmark.scoring import Scoring
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.errors import Trouble
from encord_lambda.outcomes import Outcome, Scored

WITHOUT_TRUTH: Final = "a task without ground truth: not scored"


def runs[T: Task](
    benchmarks: Iterable[Benchmark], desk: Callable[[Benchmark], Desk[T]], now: datetime
) -> Iterator[Outcome]:
    """One run over each, whose trouble is no other's; the next run tries again."""
    for benchmark in benchmarks:
        try:
            yield from run(benchmark, desk(benchmark), now)
        except Trouble as trouble:
            yield postponed(benchmark, trouble.reason)


def run[T: Task](benchmark: Benchmark, desk: Desk[T], now: datetime) -> Iterator[Outcome]:
    """Keep what is new, and make a report if the last was made of anything else; harmless to repeat.

    A task is rejected only once its labels are kept, and counts whenever the report is made.

    Raises:
        Trouble: A project or the stage is not there, or Encord, S3, DynamoDB or EventBridge cannot be had.
    """
    known, latest = desk.records.known(benchmark.name), desk.records.latest(benchmark.name)
    if known:
        correct(benchmark.name, desk, known, latest.at if latest else None)
    new = yield from collected(benchmark, desk, known.keys())
    known = desk.records.known(benchmark.name)
    marks = desk.decisions.marks(benchmark.production, known) if list(desk.stages) else {}
    decided = Decided(desk.decisions, marks)
    basis = _basis(benchmark, desk.stages, known, decided)
    if known and (latest is None or latest.basis != basis):
        yield _reported(benchmark, desk, latest, _Edition(now, basis, new, len(known), decided))


@dataclass(frozen=True, slots=True)
class _Edition[T: Task]:
    """What is particular to a report."""

    at: datetime
    basis: str
    new: Collected[T]
    known: int
    """How many data units are kept."""
    decided: Decided


def _reported[T: Task](benchmark: Benchmark, desk: Desk[T], latest: Report | None, edition: _Edition[T]) -> Scored:
    truth, production = desk.reviews.ontologies
    scoring = Scoring(truth, Notes())
    units = scorable(benchmark.name, desk, edition.known, scoring.notes)
    for one in edition.decided.beside(units):
        scoring.add(desk.stages.submissions(one.unit, one.decisions))
        for note in (*one.remarks(), *desk.stages.remarks(one.unit)):
            scoring.notes.add(note)
    for task in edition.new.without_truth:
        scoring.notes.add(Note(WITHOUT_TRUTH, "truth", "", task.data_hash, task.data_title, "", 0))
    made = report(scoring, benchmark, edition.at, desk.editor, latest)
    of_ontologies = (*differences(truth, production), *unscored(truth))
    notes = (*(NoteReport(what=what, count=count, examples=()) for what, count in of_ontologies), *made.notes)
    made = made.model_copy(update={"notes": notes, "basis": edition.basis})
    address = desk.records.publish(made, desk.reviews.pictures((one.data, one.frame) for one in made.worst))
    missed = tuple(line.rater for line in made.leaderboard if line.target == "missed")
    scored = Scored(benchmark.name, edition.new.count, made.units, len(made.leaderboard), missed, address)
    desk.news.tell(scored)
    desk.records.conclude(made)
    return scored


def _basis(benchmark: Benchmark, stages: AgentStages, known: Mapping[UUID, str], decided: Decided) -> str:
    """What a report is made of, as a hash: what pipeline.yaml says of it, all that is kept, and the decisions."""
    kept = (f"{data} {mark}" for data, mark in sorted(known.items()))
    whole = "\n".join((benchmark.model_dump_json(), stages.basis, *kept, decided.basis))
    return hashlib.sha256(whole.encode()).hexdigest()
