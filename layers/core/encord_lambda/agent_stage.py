"""An agent stage and its label rows, as a run sees them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from encord_lambda.agents.agent import Agent, DataUnit
from encord_lambda.errors import Trouble
from encord_lambda.labels.proposals import Proposal, Written


@dataclass(frozen=True, slots=True)
class Visit:
    """A task's visit to a stage."""

    data: UUID
    """Its data unit."""
    updated_at: datetime
    """The task's own, when it was seen to wait: it is later once the task comes back."""


class LabelRow(Protocol):
    """A label row, open for reading and writing."""

    @property
    def item(self) -> UUID | None:
        """The item of its data unit, if the platform says."""
        ...

    def waits_as(self, task: UUID) -> bool:
        """Whether its listing says that this task waits at the stage with it. False may mean that it does not say."""
        ...

    def unit(self, frame: int = 0) -> DataUnit:
        """What an agent is shown of it."""
        ...

    def write(self, proposals: tuple[Proposal, ...], agent: Agent) -> Written:
        """Put an agent's proposals in, in place of all it wrote before. Nothing is saved yet."""
        ...


class Stage[Row: LabelRow](Protocol):
    """An agent stage of a project."""

    title: str
    pathways: frozenset[str]

    def waiting(self, data: Collection[UUID]) -> set[UUID]:
        """The tasks of these data units, up to 100, that wait here: what the platform answers when asked for them."""
        ...

    def rows(self, data: Collection[UUID], branch: str) -> dict[UUID, Row]:
        """Label rows by data unit, without media and labels; an unknown data unit is left out."""
        ...

    def open(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Give rows, by task, their media and labels; returns what could not be opened.

        Raises:
            Trouble: None could be opened, for a reason that is all of theirs.
        """
        ...

    def open_afresh(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Give rows, by task, the labels that stand now, without media; as `open`."""
        ...

    def save(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Save rows, by task; returns what could not be saved, and raises as `open`."""
        ...

    def proceed(self, moves: Mapping[UUID, str], visits: Mapping[UUID, Visit]) -> dict[UUID, Trouble]:
        """Send tasks along pathways; returns what could not be moved, and raises no trouble.

        A task that had left the stage before is Gone. One that is not returned has left the stage, even if the
        platform's answer was lost; it is not sent on from a later visit than the one that was decided about.
        """
        ...
