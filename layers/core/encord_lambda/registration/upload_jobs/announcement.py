"""What others hear of a settled upload job: enough to act upon, and an address where the rest is written."""

from typing import Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from encord_lambda.outcomes import Receipted

SOURCE: Final = "encord-lambda"
DETAIL_TYPE: Final = "Registration"
"""What a rule of EventBridge matches by: its `source` and `detail-type`."""


class Announcement(BaseModel):
    """The `detail` of the event: submitted = registered + existing + failed. It names no object and no URL of one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    job: str
    """Equal for an event that comes twice."""
    prefix: str
    folder: UUID
    datasets: tuple[UUID, ...]
    submitted: int
    registered: int
    existing: int
    failed: int
    receipt: str
    """Address of the receipt, `s3://bucket/key`; it says of each object what became of it, and why."""

    @classmethod
    def of(cls, receipted: Receipted, records: str) -> Self:
        """That of a receipt in the bucket `records`."""
        return cls(
            job=receipted.job,
            prefix=receipted.prefix,
            folder=receipted.folder,
            datasets=receipted.datasets,
            submitted=receipted.submitted,
            registered=receipted.registered,
            existing=receipted.existing,
            failed=receipted.failed,
            receipt=f"s3://{records}/{receipted.receipt}",
        )
