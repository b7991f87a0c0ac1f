"""`benchmarks` of pipeline.yaml: consensus reviews whose annotators are scored beside ground truth (seed 003)."""

from collections.abc import Sequence
from itertools import permutations
from typing import Annotated
from uuid import UUID

from pydantic import Field

from encord_lambda.config_faults import PlacedError, spelt
from encord_lambda.config_parts import Fraction, Part, Title

BenchmarkName = Annotated[str, spelt(r"[a-z0-9][a-z0-9-]*", "a name of small letters, digits and hyphens")]


class Benchmark(Part):
    """Score those who label the production project's benchmark tasks, and its agents, beside ground truth."""

    name: BenchmarkName
    """Of the benchmark in reports and their keys."""
    production: UUID
    """The project in which annotators label; its benchmark tasks come to a consensus stage."""
    stage: Title
    """Title of the consensus stage's review, where tasks wait that all annotators have submitted."""
    ground_truth: UUID
    """The project whose labels are the truth, finished or not: what has no labels there is not scored."""
    reject_when_scored: bool = False
    """Whether tasks are rejected once they are scored. Their workflow must send rejected ones to an Archive, because
    benchmark tasks are no production data. No other benchmark may wait for them at the same stage."""
    target: Fraction | None = None
    """Accuracy that annotators and models are to reach. Who surely does not is told of by an alarm."""
    least_units: int = Field(default=30, ge=1)
    """With fewer data units scored, nobody is ranked, nor an alarm raised."""


def fault(benchmarks: Sequence[Benchmark]) -> PlacedError | None:
    """What is wrong between benchmarks of pipeline.yaml: one must not take away what another has yet to read."""
    for (number, taking), (_, other) in permutations(enumerate(benchmarks), 2):
        if taking.reject_when_scored and (taking.production, taking.stage) == (other.production, other.stage):
            what = (
                f"'{taking.name}' would reject tasks that '{other.name}', at the same stage, has not scored yet: leave"
                " reject_when_scored out, or give each benchmark a consensus stage of its own"
            )
            return PlacedError(what, "benchmarks", number, "reject_when_scored")
    return None
