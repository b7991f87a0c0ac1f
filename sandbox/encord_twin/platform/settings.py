"""How one twin behaves; what the platform leaves open is decided here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Settings:
    """Fixed for the life of a twin.

    `job_seconds` is how long an upload job stays pending before its first unit is read. `existing_label_rows`
    says what a second creation does: hand out the same row, or refuse the request as RESOURCE_EXISTS_ERROR.
    A legacy request of more than `label_row_bytes` is refused as HTTP 413, whatever it carries.
    `notify_every` is the time between two looks at the queues for task-ready notifications, and `answer_patience`
    how long a receiver may take to answer one. `seed` decides which requests a share of faults hits.
    """

    job_seconds: float = 0.5
    longest_poll: float = 20.0
    task_page_size: int = 40
    signature_window: float = 300.0
    existing_label_rows: Literal["return", "refuse"] = "return"
    label_rows_per_request: int = 1000
    label_row_bytes: int = 50_000_000
    units_per_job: int = 10_000
    notify_every: float = 300.0
    answer_patience: float = 180.0
    seed: int = 0
    clock: Callable[[], datetime] = utc_now
