"""Decisions that were not carried out, kept in memory."""

from collections.abc import Sequence
from uuid import UUID

from encord_lambda.errors import Trouble
from encord_lambda.shadow import ShadowDecision


class FakeShadows:
    """`shadow.Shadows`; `kept` holds them by task. With `trouble`, nothing can be written."""

    def __init__(self) -> None:
        self.kept: dict[UUID, ShadowDecision] = {}
        self.trouble: Trouble | None = None

    def keep(self, decisions: Sequence[ShadowDecision]) -> None:
        if self.trouble:
            raise self.trouble
        self.kept |= {one.task: one for one in decisions}
