"""What an agent would have done at a stage in the shadow: one JSON file per task, nothing in Encord."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from encord_lambda.agents.agent import Decision, Usage
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.labels.proposals import Proposal
from encord_lambda.labels.records import ProposalRecord, Record, proposed, recorded
from encord_lambda.task_group import Move


class ShadowDecision(Record):
    """An agent's decision about a task that was not carried out."""

    version: Literal[1]
    project: UUID
    stage: UUID
    stage_title: str
    """As it was when the agent decided."""
    task: UUID
    data: UUID
    title: str
    """The data unit's."""
    branch: str
    answer: str | None
    """What chooses the pathway; None is "no option fits", or that there is no decision."""
    pathway: str | None
    """What the task would have taken; None if it would have stayed, its message going to the dead-letter queue."""
    rejected: bool
    """Whether the agent could not work on it, or its labels could not be written: `reason` says why, and there are no
    proposals."""
    reason: str
    confidence: float | None
    """The agent's lowest, in [0, 1], where it states one."""
    proposals: tuple[ProposalRecord, ...]
    """As the agent made them, also those that would have given way to a person's label; see `proposed`."""
    usage: Usage
    decided_at: datetime
    """When the batch with the task was taken up."""

    @property
    def key(self) -> str:
        """Where it is kept in the records bucket; a task that comes to the stage again is written over it."""
        return f"{prefix(self.project, self.stage)}{self.data}/{self.task}.json"

    @property
    def proposed(self) -> tuple[Proposal, ...]:
        """The proposals as the agent made them."""
        return proposed(self.proposals)


class Shadows(Protocol):
    """Keeps decisions that were not carried out."""

    def keep(self, decisions: Sequence[ShadowDecision]) -> None:
        """Write them down, each over an earlier one about the same task at the same stage."""


def prefix(project: UUID, stage: UUID | None = None) -> str:
    """What the keys of all decisions at a stage begin with, or of a whole project."""
    return f"shadow/{project}/{stage}/" if stage else f"shadow/{project}/"


def shadow_decision(
    message: TaskMessage, stage_title: str, move: Move, decision: Decision | None, now: datetime
) -> ShadowDecision:
    """What is written down about a task; without a decision it was refused before there was one."""
    return ShadowDecision(
        version=1,
        project=message.project,
        stage=message.stage,
        stage_title=stage_title,
        task=message.task,
        data=message.data,
        title=message.title,
        branch=message.branch,
        answer=decision.answer if decision else None,
        pathway=move.pathway,
        rejected=move.refused,
        # A service's own words may have half a character, which no file takes.
        reason=move.reason.encode(errors="replace").decode(),
        confidence=decision.confidence if decision else None,
        proposals=recorded(decision.proposals) if decision and not move.refused else (),
        usage=decision.usage if decision else Usage(),
        decided_at=now,
    )
