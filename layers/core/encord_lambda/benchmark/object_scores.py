"""All raters' objects, counted as they come in: on each frame, and in videos as tracks.

Conventions, for a report to print, are in `CONVENTIONS`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from encord_lambda.benchmark import unit_scores
from encord_lambda.benchmark.answer_scores import QuestionScore
from encord_lambda.benchmark.attribute_scores import AttributeCounts
from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.coco import AveragePrecision, CocoCounts
from encord_lambda.benchmark.comparing import THRESHOLDS, compared
from encord_lambda.benchmark.counting import ObjectCounts
from encord_lambda.benchmark.drawings import Batch, Cells
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.questions import Question
from encord_lambda.benchmark.submissions import Rater, Submission
from encord_lambda.benchmark.tallies import Spread, Tally
from encord_lambda.benchmark.track_scores import TrackCounts, TrackScore
from encord_lambda.benchmark.unit_scores import UnitCounts, UnitScore
from encord_lambda.labels.ontology import Ontology

AT_ONCE: Final = 40_000
"""How many drawings and submissions are held before they are compared."""

CONVENTIONS: Final = (
    "Two drawings can be of the same thing if they have the same shape and are on the same frame. They overlap by"
    " intersection over union; lines by that of the area within 0.5 % of the picture's diagonal from them; points by"
    " 2^-(d/t)², where d is their distance and t is 1 % of the diagonal.",
    "Drawings are assigned one to one: as many pairs at or above the threshold as possible, and of these the greatest"
    " total overlap. The same object first; then any object among those left over (mislabelled); then the same object"
    " at an overlap of 0.1 or more (misplaced). The rest is surplus or missed.",
    "Precision is a share of what the rater drew, recall of what is true; F1 is their harmonic mean, and a mean F1 that"
    " over the thresholds 0.50, 0.55, … 0.95.",
    "Micro-averages are over all drawings, macro-averages over objects that anybody drew, or over data units. A data"
    " unit where nothing is true and nothing was drawn has an F1 of 1, and is counted apart.",
    "The ground truth's own duplicates count once. Drawings without an area, malformed ones, those on frames beyond the"
    " end and those of unknown objects count on neither side; the notes name them.",
    "A polygon of several parts or with holes is compared by its first outline. Objects of other shapes, such as"
    " skeletons, are not compared; the notes name them.",
    "Encord's labels know no regions to be ignored and no crowds, so there are none.",
    "Tracks: IDF1, at an overlap of 0.5 or more, and the mean temporal overlap of tracks assigned to each other.",
)
"""What the numbers mean, a sentence or more each."""


@dataclass(frozen=True, slots=True)
class RaterScore:
    """How well a rater draws."""

    rater: Rater
    units: UnitCounts
    objects: Mapping[str, Tally]
    """By title: objects that the rater drew or that are true somewhere."""
    spreads: Mapping[str, Spread]
    """By title: the same, as intervals need it."""
    mistaken: Mapping[tuple[str, str], int]
    """What the rater gave, what was true in its place (at 0.5), and how often; most frequent first."""
    attributes: Mapping[Question, QuestionScore]
    """Of objects that are matched at 0.5."""
    tracks: Mapping[str, TrackScore]
    """By title: objects of data units with several frames."""
    average_precision: Mapping[str, AveragePrecision]
    """By title, of a model: objects that are true somewhere; empty of an annotator. `coco.mean` is its mAP."""

    @property
    def total(self) -> Tally:
        """All objects together: the micro-average."""
        return Tally.of(self.objects.values())

    @property
    def all_tracks(self) -> TrackScore:
        """All objects together."""
        return sum(self.tracks.values(), TrackScore())

    def macro_f1(self, threshold: float) -> float | None:
        """Mean over objects; None where there are none."""
        found = [f1 for one in self.objects.values() if (f1 := one.f1(threshold)) is not None]
        return sum(found) / len(found) if found else None

    def unit_f1(self, threshold: float) -> float:
        """Mean over data units."""
        return float(self.units.f1[THRESHOLDS.index(threshold)] / self.units.units)


class ObjectScores:
    """Scores by rater. What is kept grows with raters, objects and answers, not with submissions; but `judgements`."""

    def __init__(self, ontology: Ontology, notes: Notes, each_unit: Callable[[UnitScore], None] | None = None) -> None:
        """`ontology` is that of the ground truth; `each_unit` is told of every submission, in the order of `add`."""
        self.judgements: list[Judgement] = []
        """Models' drawings, with the confidence they stated; right is what is matched at 0.5."""
        self._cells, self._notes, self._each_unit = Cells(ontology), notes, each_unit
        self._counts, self._tracks = ObjectCounts(self._cells), TrackCounts(self._cells)
        self._attributes, self._coco = AttributeCounts(ontology), CocoCounts()
        self._units: unit_scores.ByRater = defaultdict(UnitCounts)
        self._batch = self._empty()

    def add(self, submission: Submission) -> None:
        """Count a submission; it may be held for a while, to be compared with others at once."""
        self._batch.add(submission)
        if len(self._batch) >= AT_ONCE:
            self._compare()

    def merge(self, other: "ObjectScores") -> None:
        """Count what another has counted of other submissions, over the same ontology."""
        self._compare()
        other._compare()
        number = {theirs: self._cells.of(rater)[title] for theirs, (rater, title) in enumerate(other._cells.names)}
        self._counts.merge(other._counts, number)
        self._tracks.merge(other._tracks, number)
        self._attributes.merge(other._attributes)
        self._coco.merge(other._coco, number)
        for rater, counts in other._units.items():
            self._units[rater].merge(counts)
        self.judgements += other.judgements

    def scores(self) -> tuple[RaterScore, ...]:
        """Each rater's, in the order they came."""
        self._compare()
        return tuple(self._score(rater) for rater in self._units)

    def _compare(self) -> None:
        if len(self._batch):
            comparison = compared(self._batch)
            self._batch = self._empty()
            self._counts.add(comparison)
            self._tracks.add(comparison)
            self._attributes.add(comparison)
            self._coco.add(comparison)
            unit_scores.count(comparison, self._units)
            self.judgements += unit_scores.judgements(comparison)
            if self._each_unit:
                for one in unit_scores.scores(comparison):
                    self._each_unit(one)

    def _empty(self) -> Batch:
        return Batch(self._cells, self._notes)

    def _score(self, rater: Rater) -> RaterScore:
        cells = {cell: title for cell, (whose, title) in enumerate(self._cells.names) if whose == rater}
        return RaterScore(
            rater=rater,
            units=self._units[rater],
            objects={title: tally for cell, title in cells.items() if (tally := self._counts.tally(cell)).is_drawn},
            spreads={title: self._counts.spread(cell) for cell, title in cells.items()},
            mistaken={
                (cells[given], cells[truth]): count for given, truth, count in self._counts.mistaken() if given in cells
            },
            attributes={question: one for (whose, question), one in self._attributes.scores.items() if whose == rater},
            tracks={title: one for cell, title in cells.items() if (one := self._tracks.score(cell)) != TrackScore()},
            average_precision=self._coco.scores(cells) if rater.kind == "model" else {},
        )
