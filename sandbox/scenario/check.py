"""A row of the closing table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One claim, what was found, and what is missing if it does not hold."""

    claim: str
    found: str
    holds: bool
    missing: str = ""


def some(things: Sequence[str]) -> str:
    """The first few of them, in one line."""
    shown = ", ".join(thing if len(thing) < 80 else f"{thing[:40]}…{thing[-8:]}" for thing in things[:5])
    return f"{shown}, and {len(things) - 5} more" if len(things) > 5 else shown
