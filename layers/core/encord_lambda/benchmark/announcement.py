"""What others hear of a benchmark's new report: who is below its target, and where the rest is written."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from encord_lambda.outcomes import Scored


class BenchmarkScored(BaseModel):
    """The `detail` of the event, whose `detail-type` is the same word."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    benchmark: str
    """Its name in pipeline.yaml."""
    units: int
    """Data units that are scored."""
    raters: int
    missed: tuple[str, ...]
    """Annotators and models who surely do not reach the benchmark's target."""
    report: str
    """Address of the report's page, `s3://bucket/key`. Where this comes twice after a crash, the later one counts."""

    @classmethod
    def of(cls, scored: Scored) -> Self:
        """That of a report."""
        return cls(
            benchmark=scored.benchmark,
            units=scored.units,
            raters=scored.raters,
            missed=scored.missed,
            report=scored.report,
        )
