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
    """

    job_seconds: float = 0.5
    longest_poll: float = 20.0
    task_page_size: int = 40
    signature_window: float = 300.0
    existing_label_rows: Literal["return", "refuse"] = "return"
    label_rows_per_request: int = 1000
    units_per_job: int = 10_000
    clock: Callable[[], datetime] = utc_now
