"""How far raters agree beyond what chance would have them agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

type Confusion = Mapping[tuple[str, str], int]
"""How often one rater said the first and the other the second about the same unit."""


def observed_agreement(confusion: Confusion) -> float | None:
    """Share of units about which both say the same, in [0, 1]; None where there is none."""
    units = sum(confusion.values())
    return sum(count for (one, other), count in confusion.items() if one == other) / units if units else None


def cohens_kappa(confusion: Confusion) -> float | None:
    """Cohen's kappa (1960), in [-1, 1]: 1 is always the same, 0 what chance gives.

    None where nothing was rated, or both say the same one thing throughout: chance would have them agree, too. Read
    it beside `observed_agreement` and the answers' shares: rare answers make it low however well raters agree.
    """
    units = sum(confusion.values())
    one, other = _margin(confusion, 0), _margin(confusion, 1)
    by_chance = sum(one[value] * other[value] for value in one)
    if (observed := observed_agreement(confusion)) is None or by_chance == units * units:
        return None
    chance = by_chance / (units * units)
    return (observed - chance) / (1 - chance)


@dataclass(slots=True)
class Coincidences:
    """Krippendorff's alpha for answers without an order, over any number of raters, of whom some may have said nothing.

    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, sections C and D.
    """

    pairs: defaultdict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    """Ordered pairs of different raters' answers about a unit, each weighed so that a unit counts by its answers."""

    def add(self, answers: Iterable[str], units: int = 1) -> None:
        """All raters' answers about a unit, or about so many alike; one alone says nothing about agreement."""
        counts = Counter(answers)
        others = counts.total() - 1
        for one, count in counts.items() if others > 0 else ():
            for other, number in counts.items():
                self.pairs[one, other] += units * count * (number - (one == other)) / others

    @property
    def alpha(self) -> float | None:
        """In [-1, 1]: 1 is always the same, 0 what chance gives; None where nothing, or one thing only, was said."""
        told = _margin(self.pairs, 0)
        answers = sum(told.values())
        expected = answers * answers - sum(count * count for count in told.values())
        if not expected:
            return None
        different = sum(count for (one, other), count in self.pairs.items() if one != other)
        return 1 - (answers - 1) * different / expected


def _margin(pairs: Mapping[tuple[str, str], float], side: int) -> defaultdict[str, float]:
    found: defaultdict[str, float] = defaultdict(float)
    for pair, count in pairs.items():
        found[pair[side]] += count
    return found
