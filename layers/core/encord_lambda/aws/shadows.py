"""Decisions of agents in the shadow, in the records bucket (DESIGN §5.6)."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from pydantic import ValidationError

from encord_lambda.aws.objects import Objects
from encord_lambda.shadow import ShadowDecision

_AT_ONCE = 8


class ShadowRecords:
    """One JSON file per task and stage, as `shadow.Shadows` describes it."""

    def __init__(self, records: Objects) -> None:
        self._records = records

    def keep(self, decisions: Sequence[ShadowDecision]) -> None:
        """Write them down, each over an earlier one about the same task at the same stage."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self._write, decisions))

    def read(self, prefix: str) -> tuple[list[ShadowDecision], list[str]]:
        """The decisions under a prefix, and a line about each file that is none."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = list(pool.map(self._read, self._records.keys(prefix)))
        return [one for one in found if isinstance(one, ShadowDecision)], [one for one in found if isinstance(one, str)]

    def _read(self, key: str) -> ShadowDecision | str:
        try:
            return ShadowDecision.model_validate_json(self._records.read(key))
        except ValidationError as error:
            return f"{self._records.address(key)} is no shadow decision of this version: {error.errors()[0]['msg']}"

    def _write(self, decision: ShadowDecision) -> None:
        self._records.write(decision.key, decision.model_dump_json(indent=1).encode())
