"""What benchmarks have written of annotators and classes, read by those who draw tasks for them."""

from collections.abc import Callable
from typing import Final

from pydantic import ValidationError

from encord_lambda.agents import doubts
from encord_lambda.agents.doubts import Doubts
from encord_lambda.aws.objects import Objects
from encord_lambda.errors import Misconfigured, Reject

FRESH_SECONDS: Final = 300.0
"""How long one that was read is taken for the latest."""


class DoubtRecords:
    """Each benchmark's doubts in the records bucket, as `doubts.KeptDoubts` describes it; each is kept five minutes."""

    def __init__(self, records: Objects, clock: Callable[[], float]) -> None:
        """`clock` tells seconds, and never goes back."""
        self._records, self._clock = records, clock
        self._known: dict[str, tuple[float, Doubts | None]] = {}

    def about(self, benchmark: str) -> Doubts | None:
        """What is in doubt by the latest report; None where there is none, or none of this version.

        Raises:
            Retry: S3 cannot be reached.
        """
        now = self._clock()
        known = self._known.get(benchmark)
        if known is None or now - known[0] >= FRESH_SECONDS:
            known = self._known[benchmark] = now, self._read(benchmark)
        return known[1]

    def _read(self, benchmark: str) -> Doubts | None:
        try:
            return Doubts.model_validate_json(self._records.read(doubts.key(benchmark)))
        except (Reject, Misconfigured, ValidationError):
            # Without leave to list the bucket, S3 says AccessDenied for an object that does not exist.
            return None
