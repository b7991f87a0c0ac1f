"""How well one rater answers one question, counted over places: data units, or frames of videos.

A missing answer is an answer of its own, `<missing>`, in the confusion matrix. Right is who says the same as the truth:
a checklist with all its options, a text but for its spelling in capitals, its spaces and its Unicode form.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import fmean
from typing import Final

from rapidfuzz.distance import Levenshtein

from encord_lambda.benchmark.agreement import cohens_kappa, observed_agreement
from encord_lambda.benchmark.intervals import Interval, clustered
from encord_lambda.benchmark.questions import Compared, Plain

MISSING: Final = "<missing>"


@dataclass(frozen=True, slots=True)
class OptionScore:
    """One option of a radio or checklist; shares are None where they would be of nothing."""

    option: str
    truths: int
    """On how many places it is the truth."""
    precision: float | None
    recall: float | None
    f1: float | None
    iou: float | None
    """Intersection over union of where it is and where it was given: of videos, the temporal IoU of all frames."""
    kappa: float | None
    """Cohen's, of this option against all others."""


@dataclass(slots=True)
class QuestionScore:
    """What one rater answered to one question, beside the truth."""

    kind: str
    """Of the question: radio, checklist, text or numeric."""
    right: int = 0
    places: int = 0
    closeness: float = 0.0
    """Sum over places: of a checklist the Jaccard index, of a text the edit ratio, else 1 for what is right."""
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Of a radio: truth and what was given."""
    ticks: Counter[tuple[str, bool, bool]] = field(default_factory=Counter)
    """Of a checklist: option, whether it is true, whether it was given."""
    units: Counter[tuple[int, int]] = field(default_factory=Counter)
    """How many data units have so many right of so many places."""

    def add(self, one: Compared, places: int) -> bool:
        """Count two answers on so many places; whether they are the same."""
        right, closeness = _alike(self.kind, one.truth, one.given)
        self.right += right * places
        self.places += places
        self.closeness += closeness * places
        if self.kind == "radio":
            self.confusion[_shown(one.truth), _shown(one.given)] += places
        elif self.kind == "checklist":
            truth, given = _ticked(one.truth), _ticked(one.given)
            for option in truth | given:
                self.ticks[option, option in truth, option in given] += places
        return right

    def merge(self, other: "QuestionScore") -> None:
        """Count what another has counted of the same question."""
        self.right += other.right
        self.places += other.places
        self.closeness += other.closeness
        self.confusion += other.confusion
        self.ticks += other.ticks
        self.units += other.units

    @property
    def accuracy(self) -> float:
        """Share of places that are right, in [0, 1]."""
        return self.right / self.places

    @property
    def interval(self) -> Interval | None:
        """Of the accuracy, with data units as what was drawn at random."""
        return clustered(self.units)

    @property
    def mean_closeness(self) -> float:
        """In [0, 1]; of a checklist the mean Jaccard index, of a text the mean edit ratio."""
        return self.closeness / self.places

    @property
    def kappa(self) -> float | None:
        """Cohen's, of a radio; read it beside `agreement`."""
        return cohens_kappa(self.confusion)

    @property
    def agreement(self) -> float | None:
        """Raw agreement of a radio, in [0, 1]."""
        return observed_agreement(self.confusion)

    @property
    def macro_f1(self) -> float | None:
        """Mean over the options that are true or given somewhere."""
        return fmean(found) if (found := [one.f1 for one in self.options() if one.f1 is not None]) else None

    def options(self) -> Iterator[OptionScore]:
        """Each option that is true or given somewhere, by name."""
        if self.kind == "checklist":
            names = {option for option, _, _ in self.ticks}
            for name in sorted(names):
                yield self._option(
                    name, *(self.ticks[name, *tick] for tick in ((True, True), (True, False), (False, True)))
                )
        for name in sorted({name for pair in self.confusion for name in pair} - {MISSING}):
            both = self.confusion[name, name]
            truths = sum(count for (truth, _), count in self.confusion.items() if truth == name)
            given = sum(count for (_, said), count in self.confusion.items() if said == name)
            yield self._option(name, both, truths - both, given - both)

    def _option(self, name: str, both: int, missed: int, surplus: int) -> OptionScore:
        neither = self.places - both - missed - surplus
        counts = {("yes", "yes"): both, ("yes", "no"): missed, ("no", "yes"): surplus, ("no", "no"): neither}
        return OptionScore(
            option=name,
            truths=both + missed,
            precision=_share(both, both + surplus),
            recall=_share(both, both + missed),
            f1=_share(2 * both, 2 * both + missed + surplus),
            iou=_share(both, both + missed + surplus),
            kappa=cohens_kappa(counts),
        )


def _alike(kind: str, truth: Plain | None, given: Plain | None) -> tuple[bool, float]:
    """Whether two answers are the same, and how close they are, in [0, 1]."""
    if kind == "text":
        right, said = _folded(truth), _folded(given)
        return right == said, Levenshtein.normalized_similarity(right, said)
    if kind == "checklist":
        both, either = _ticked(truth) & _ticked(given), _ticked(truth) | _ticked(given)
        return both == either, len(both) / len(either) if either else 1.0
    return truth == given, float(truth == given)


def _folded(text: Plain | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(text or "")).casefold().split())


def _ticked(answer: Plain | None) -> set[str]:
    """Where the ontologies differ, what is no checklist's answer is an option of its own."""
    if answer is None or isinstance(answer, tuple):
        return set(answer or ())
    return {str(answer)}


def _shown(answer: Plain | None) -> str:
    return MISSING if answer is None else str(answer)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
