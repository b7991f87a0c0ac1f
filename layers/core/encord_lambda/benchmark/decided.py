"""What agents in the shadow decided about data units that are kept: read beside them, some at a time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Final
from uuid import UUID

from encord_lambda.benchmark.desk import Decisions
from encord_lambda.benchmark.notes import Note
from encord_lambda.benchmark.reviewed import ReviewedUnit
from encord_lambda.shadow import ShadowDecision

TOGETHER: Final = 512
"""How many data units' decisions are read and held at a time."""
STRANGE: Final = "a decision in the shadow that is not as this version writes it: not scored"


@dataclass(frozen=True, slots=True)
class Beside:
    """A data unit, and what was decided about it."""

    unit: ReviewedUnit
    decisions: tuple[ShadowDecision, ...]
    strange: int
    """How many decisions there are besides that are none of this version."""

    def remarks(self) -> Iterator[Note]:
        """What is to be known about the decisions."""
        note = Note(STRANGE, "given", "", self.unit.data, self.unit.title, "", 0)
        yield from (note for _ in range(self.strange))


@dataclass(frozen=True, slots=True)
class Decided:
    """All decisions about a benchmark's data units."""

    kept: Decisions
    marks: Mapping[UUID, Mapping[str, str]]
    """By data unit: where they are kept, each with a mark of what is written there."""

    @property
    def basis(self) -> str:
        """Changes whenever one of them does."""
        return "\n".join(sorted(f"{key} {mark}" for here in self.marks.values() for key, mark in here.items()))

    def beside(self, units: Iterable[ReviewedUnit]) -> Iterator[Beside]:
        """Each data unit with what was decided about it, in the same order.

        Raises:
            Trouble: A decision is not there any more, or S3 cannot be had.
        """
        for some in batched(units, TOGETHER, strict=False):
            found = self.kept.at([key for unit in some for key in self._keys(unit)])
            yield from (self._beside(unit, found) for unit in some)

    def _beside(self, unit: ReviewedUnit, found: Mapping[str, ShadowDecision | None]) -> Beside:
        here = [found[key] for key in self._keys(unit)]
        return Beside(unit, tuple(one for one in here if one), here.count(None))

    def _keys(self, unit: ReviewedUnit) -> Iterable[str]:
        return self.marks.get(unit.data, {}).keys()
