"""How far a detector's boxes are trusted (seed 004)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from encord_lambda.agents.boxes import Found
from encord_lambda.config_prelabel import Prelabel, limit


class Trust(StrEnum):
    """What becomes of a box."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    DROPPED = "dropped"


NOTHING = "nothing"
"""The answer when no box is kept."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """Boxes by what becomes of them; how many were dropped."""

    accepted: tuple[Found, ...]
    review: tuple[Found, ...]
    dropped: int

    @property
    def kept(self) -> tuple[Found, ...]:
        """What becomes a label, the accepted first."""
        return self.accepted + self.review


def trust(title: str, confidence: float, config: Prelabel) -> Trust:
    """What becomes of a box of this confidence; both limits are exclusive, so one that meets a limit is below it."""
    if confidence > limit(config.accept, title):
        return Trust.ACCEPTED
    return Trust.REVIEW if confidence > limit(config.review, title) else Trust.DROPPED


def sort(found: Iterable[Found], config: Prelabel) -> Sorted:
    """Boxes by the limits of their object, each in the order it came in."""
    by: dict[Trust, list[Found]] = {each: [] for each in Trust}
    for one in found:
        by[trust(one.title, one.confidence, config)].append(one)
    return Sorted(tuple(by[Trust.ACCEPTED]), tuple(by[Trust.REVIEW]), len(by[Trust.DROPPED]))


def answer(accepted: int, review: int) -> str:
    """What chooses the pathway: the worst box that was kept."""
    if review:
        return Trust.REVIEW
    return Trust.ACCEPTED if accepted else NOTHING
