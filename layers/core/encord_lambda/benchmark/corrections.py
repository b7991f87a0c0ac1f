"""Ground truth that was edited after its data unit was kept."""

from collections.abc import Container
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from encord_lambda.benchmark.desk import Desk, Task
from encord_lambda.benchmark.kept_units import LAST_SECONDS
from encord_lambda.errors import Retry

SLACK: Final = timedelta(minutes=10)
"""How far Encord's clock and ours may be apart."""
TOO_MUCH: Final = (
    "no report is made, for the ground truth that was edited since the last one could not be read in the time there"
    " was. If it is so in each run, give the benchmark another `name` in pipeline.yaml, with which it begins anew"
)


def correct[T: Task](benchmark: str, desk: Desk[T], known: Container[UUID], since: datetime | None) -> None:
    """Keep the truth of data units that are known as it stands now, where it was edited since; harmless to repeat.

    `since` is when the latest report was made: what was edited before is in it. Without one, all is read.

    Raises:
        Retry: The time is too short for it.
        Trouble: Encord or S3 cannot be had.
    """
    for truths in desk.reviews.truths(since - SLACK if since else None, known):
        if desk.time_left() < LAST_SECONDS:
            raise Retry(TOO_MUCH)
        kept = desk.records.read(benchmark, truths)
        mended = [(unit, unit.with_truth(truths[data])) for data, unit in kept.items()]
        desk.records.keep(benchmark, [after for before, after in mended if after != before])
