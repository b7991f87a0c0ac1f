"""What is scored: one rater's labels of one data unit, beside the ground truth of the same data unit."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from encord_lambda.labels.proposals import Label

RaterKind = Literal["annotator", "model"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A data unit."""

    data: UUID
    """Its hash in the production project."""
    title: str
    width: int
    """Of its frames, in pixels; 0 where it has none, as a text or a sound."""
    height: int
    frames: int
    """How many it has; 1 for what has none."""


@dataclass(frozen=True, slots=True)
class Rater:
    """Whose labels are scored."""

    name: str
    """An annotator's e-mail address, or the title of an agent's stage; `agents` of what is no stage's."""
    kind: RaterKind


@dataclass(frozen=True, slots=True)
class Submission:
    """A rater's labels of a data unit."""

    unit: Unit
    rater: Rater
    given: tuple[Label, ...]
    truth: tuple[Label, ...]
    """Those of the ground-truth project the rater was asked for: annotators for all, agents for their own kinds."""
    prelabelled: bool = False
    """Whether the rater saw a model's labels before giving theirs: they may have been led (anchoring)."""
