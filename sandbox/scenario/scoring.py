"""The benchmark of the scenario: its function is invoked, and what it wrote and did is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from botocore.config import Config
from pydantic import BaseModel

from sandbox.annotators import Annotator
from sandbox.ministack import ROOT
from sandbox.scenario.gold import AGENTS, ARCHIVE, PRODUCTION
from sandbox.scenario.servers import Sandbox

PAGE: Final = ROOT / ".sandbox" / "benchmark.html"
"""Where the report's page is copied to, for a browser."""
NAME: Final = "gold"
PATIENT: Final = Config(read_timeout=180, retries={"total_max_attempts": 1})


class Interval(BaseModel):
    """Where the true share is, by the report."""

    low: float
    high: float


class Share(BaseModel):
    """An accuracy."""

    value: float
    interval: Interval


class Line(BaseModel):
    """A line of the leaderboard."""

    rater: str
    kind: str
    rank: int | None
    units: int
    prelabelled: int
    target: str | None
    accuracy: Share


class Standings(BaseModel):
    """As much of a report as the scenario cares for."""

    units: int
    leaderboard: list[Line]


@dataclass(frozen=True, slots=True)
class Scoring:
    """What came of it."""

    annotators: Sequence[Annotator] = ()
    """Who labelled, best first."""
    standings: Standings | None = None
    """None without a report."""
    page: Path | None = None
    tasks: int = 0
    archived: int = 0

    def skill(self, line: Line) -> Annotator | None:
        """Whose line it is."""
        return next((one for one in (*self.annotators, *AGENTS) if one.email == line.rater), None)


def score(sandbox: Sandbox) -> Scoring:
    """Invoke the function, and copy the report's page."""
    function = sandbox.stack.functions["ScoreBenchmarkFunction"]
    sandbox.cloud.session.client("lambda", config=PATIENT).invoke(FunctionName=function, Payload=b"{}")
    stages = sandbox.encord.look().others.get(PRODUCTION, {})
    standings = _written(sandbox, "report.json")
    page = _written(sandbox, "report.html")
    if page:
        PAGE.write_bytes(page)
    return Scoring(
        annotators=sandbox.annotators,
        standings=Standings.model_validate_json(standings) if standings else None,
        page=PAGE if page else None,
        tasks=sum(map(len, stages.values())),
        archived=len(stages.get(ARCHIVE, ())),
    )


def _written(sandbox: Sandbox, name: str) -> bytes | None:
    """The latest file of this name."""
    s3, bucket = sandbox.cloud.session.client("s3"), sandbox.stack.records_bucket
    found = s3.list_objects_v2(Bucket=bucket, Prefix=f"benchmarks/{NAME}/reports/").get("Contents", [])
    keys = [one["Key"] for one in found if one["Key"].endswith(f"/{name}")]
    return s3.get_object(Bucket=bucket, Key=max(keys))["Body"].read() if keys else None
