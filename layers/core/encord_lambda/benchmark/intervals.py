"""How far a share that was counted may be from the true one."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from scipy.special import betaincinv, ndtri, stdtrit

CONFIDENCE: Final = 0.95
"""Probability with which an interval holds the true share, if nobody says otherwise."""

_ROUNDING: Final = 1e-9
"""What is left of a sum of squares that is none."""

type Tally = Mapping[tuple[int, int], int]
"""How many units have so many successes of so many tries; units without tries say nothing."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a share, both in [0, 1]."""

    low: float
    high: float


def wilson(successes: float, tries: float, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval (Wilson 1927) of `tries` > 0 independent tries, of which `successes` succeeded."""
    z = float(ndtri((1 + confidence) / 2))
    share = successes / tries
    middle = share + z * z / (2 * tries)
    reach = z * sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    scale = 1 + z * z / tries
    return Interval(max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale))


def clustered(units: Tally, confidence: float = CONFIDENCE) -> Interval | None:
    """The interval of a share whose tries come in units, such as boxes in pictures; None where nothing was tried.

    Tries of one unit are alike, so many of them tell less than as many apart. Wilson's interval is taken of the
    number of independent tries that would be as uncertain (Kish's design effect, from the variance of a ratio over
    units), with Student's t for few units, as Korn and Graubard (1998) do. Where all units agree there is no
    variance to go by, and each unit counts as one try.
    """
    tries = sum(tried * count for (_, tried), count in units.items())
    if not tries:
        return None
    share = sum(succeeded * count for (succeeded, _), count in units.items()) / tries
    return wilson(share * (alike := _independent(units, share, tries, confidence)), alike, confidence)


def _independent(units: Tally, share: float, tries: int, confidence: float) -> float:
    """How many independent tries would be as uncertain; never more than there were."""
    clusters = sum(count for (_, tried), count in units.items() if tried)
    if max(tried for _, tried in units) == 1:
        return tries
    off = sum(count * (succeeded - share * tried) ** 2 for (succeeded, tried), count in units.items())
    if clusters < 2 or off < _ROUNDING * tries:
        return clusters
    variance = off * clusters / (clusters - 1) / tries**2
    few = float(ndtri((1 + confidence) / 2) / stdtrit(clusters - 1, (1 + confidence) / 2))
    return min(tries, share * (1 - share) / variance * few**2)


def at_least(successes: int, tries: int, confidence: float = CONFIDENCE) -> float:
    """What the true share is at least, one-sided and exact (Clopper and Pearson 1934); 0 where nothing was tried."""
    if not successes:
        return 0.0
    return float(betaincinv(successes, tries - successes + 1, 1 - confidence))


def at_most(successes: int, tries: int, confidence: float = CONFIDENCE) -> float:
    """What the true share is at most, one-sided and exact; 1 where nothing was tried."""
    if successes >= tries:
        return 1.0
    return float(betaincinv(successes + 1, tries - successes, confidence))
