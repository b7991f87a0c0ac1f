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
    kept: int = 0
    """Questions a person had already answered; their answers stand."""


def label_hash(agent: str, row: str, proposal: Answer) -> str:
    """The hash of the label an agent writes for a proposal: the same in every run, whatever the answer.

    So a second run finds the first run's label and replaces it. Eight characters of URL-safe base64, as Encord's own.
    """
    identity = "\n".join((agent, row, proposal.classification, str(proposal.frame)))
    return base64.urlsafe_b64encode(hashlib.sha256(identity.encode()).digest())[:8].decode()
