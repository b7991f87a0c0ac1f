"""A label row as it stands now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from encord_lambda.labels.proposals import Answer, Label, Thing


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a data unit that an agent in the shadow decided about."""

    stage: str
    """Title of the workflow stage where its task is now."""
    finished: bool
    """Whether that is a final stage. As the agent moved nothing, people brought it there."""
    is_video: bool
    labels: tuple[Label, ...] = ()

    def answers(self, author: Literal["person", "agent"]) -> Iterator[Answer]:
        """The answers to classifications by people, or by agents that nobody corrected."""
        return (one.content for one in self.labels if one.author == author and isinstance(one.content, Answer))

    def things(self, author: Literal["person", "agent"]) -> Iterator[Thing]:
        """The objects drawn by people, or by agents that nobody corrected."""
        return (one.content for one in self.labels if one.author == author and isinstance(one.content, Thing))
