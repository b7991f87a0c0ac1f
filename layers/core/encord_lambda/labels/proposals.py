"""What an agent wants written into a label row, before the SDK sees it."""

import base64
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one classification, on one frame; the text itself, or an option's title."""

    classification: str
    answer: str
    confidence: float
    """In [0, 1]."""
    frame: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What became of proposals in a label row."""

    added: int = 0
    replaced: int = 0
    """Labels of the agent's own that were replaced, or removed because it answers nothing now."""
    standing: str | None = None
    """The answer of a person, or of another agent, which stands; the proposal was dropped."""

    @property
    def changed(self) -> bool:
        """Whether the row has to be saved."""
        return bool(self.added or self.replaced)


def label_hash(agent: str, row: str, classification: str, frame: int) -> str:
    """The hash of the label with which an agent answers a classification on a frame: the same in every run.

    So a second run finds the first run's label and replaces it. Eight characters of URL-safe base64, as Encord's own.
    """
    identity = "\n".join((agent, row, classification, str(frame)))
    return base64.urlsafe_b64encode(hashlib.sha256(identity.encode()).digest())[:8].decode()
