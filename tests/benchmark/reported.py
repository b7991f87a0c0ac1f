"""Reports of a few submissions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.report import Report
from encord_lambda.benchmark.reporting import report
from encord_lambda.benchmark.scoring import Scoring
from encord_lambda.benchmark.submissions import Submission
from encord_lambda.config_benchmark import Benchmark
from tests.benchmark.test_scoring import ONTOLOGY

PROJECT = UUID("11111111-2222-3333-4444-555555555555")
BENCHMARK = Benchmark(
    name="pets", production=PROJECT, stage="Review", ground_truth=UUID(int=9), target=0.9, least_units=2
)
AT = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
EDITOR = "https://app.us.encord.com"


def reported(units: Sequence[Sequence[Submission]], at: datetime = AT, earlier: Report | None = None) -> Report:
    """Of data units with all their submissions."""
    scoring = Scoring(ONTOLOGY, Notes())
    for unit in units:
        scoring.add(unit)
    return report(scoring, BENCHMARK, at, EDITOR, earlier)
