"""The tasks' queue in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from encord_lambda.errors import Trouble
from encord_lambda.task_group import Letter


@dataclass
class FakeInbox:
    """`task_group.Inbox`; `trouble` comes instead of what it is asked for."""

    hidden: dict[str, int] = field(default_factory=dict)
    """Seconds, by receipt handle."""
    letters: list[Letter] = field(default_factory=list)
    trouble: Trouble | None = None

    def bury(self, letters: Sequence[Letter]) -> None:
        self._work()
        self.letters += letters

    def hide(self, seconds: Mapping[str, int]) -> None:
        self._work()
        self.hidden |= seconds

    def _work(self) -> None:
        if self.trouble:
            raise self.trouble
