"""A benchmark's report as it is written, in JSON: all that was counted, and what the numbers mean.

Shares, scores and overlaps are in [0, 1], kappa and alpha in [-1, 1]. What would be a share of nothing is null.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from encord_lambda.benchmark.answer_scores import OptionScore
from encord_lambda.benchmark.coco import AveragePrecision
from encord_lambda.benchmark.disagreement import Disagreement
from encord_lambda.benchmark.intervals import Interval
from encord_lambda.benchmark.notes import Note
from encord_lambda.benchmark.questions import Question
from encord_lambda.benchmark.reliability import Reliability
from encord_lambda.benchmark.standings import Standing
from encord_lambda.benchmark.submissions import RaterKind
from encord_lambda.benchmark.tallies import Breakdown
from encord_lambda.labels.records import Record


class Confused(Record):
    """How often something was given where something else is true, or the same."""

    truth: str
    given: str
    count: int


class QuestionReport(Record):
    """How well a rater answers a question."""

    rater: str
    kind: RaterKind
    question: Question
    """Its path, which begins with a classification's title, or with an object's whose attribute it is."""
    type: str
    """radio, checklist, text or numeric."""
    places: int
    """Data units, frames of videos or matched objects, on which one of both sides answers it."""
    accuracy: float
    interval: Interval | None
    closeness: float
    """Of a checklist the mean Jaccard index, of a text the mean edit ratio, else the accuracy."""
    macro_f1: float | None
    """Of a radio or checklist, the mean over its options."""
    kappa: float | None
    """Cohen's, of a radio."""
    agreement: float | None
    """Raw agreement of a radio."""
    options: tuple[OptionScore, ...]
    confusion: tuple[Confused, ...]
    """Of a radio; by truth, then by what was given."""


class Alpha(Record):
    """How far annotators agree with each other on a classification."""

    classification: str
    alpha: float | None
    """Krippendorff's."""


class Level(Record):
    """Scores at one least overlap."""

    threshold: float
    precision: float | None
    recall: float | None
    f1: float | None


class ObjectReport(Record):
    """How well a rater draws an object, or all of them."""

    object: str | None
    """None is all of them: the micro-average."""
    given: int
    truth: int
    levels: tuple[Level, ...]
    """At 0.5, 0.55, … 0.95."""
    precision_interval: Interval | None
    """At 0.5, as are the next two."""
    recall_interval: Interval | None
    f1_interval: Interval | None
    mean_f1: float | None
    """Over all levels."""
    mean_overlap: float | None
    """Of what is matched at 0.5."""
    mean_dice: float | None
    count_error: int
    breakdown: Breakdown
    """What became of each drawing at 0.5."""
    average_precision: AveragePrecision | None
    """Of a model; of all objects, the mean."""
    idf1: float | None
    """Of tracks in videos, as is the next."""
    temporal_overlap: float | None


class DrawingReport(Record):
    """How well a rater draws."""

    rater: str
    kind: RaterKind
    total: ObjectReport
    macro_f1: float | None
    """Mean over objects, at 0.5."""
    unit_f1: float
    """Mean over data units, at 0.5; those without objects on both sides count as 1."""
    both_empty: int
    objects: tuple[ObjectReport, ...]
    """By title."""
    mislabelled: tuple[Confused, ...]
    """Most frequent first, at 0.5."""
    attributes: tuple[QuestionReport, ...]
    """Of what is matched at 0.5."""


class NoteReport(Record):
    """What was not scored as it stands."""

    what: str
    count: int
    examples: tuple[Note, ...]


class TrendPoint(Record):
    """A rater's accuracy in an earlier report, or in this."""

    at: datetime
    rater: str
    kind: RaterKind
    accuracy: float
    interval: Interval


class Report(Record):
    """All of it."""

    version: Literal[1]
    benchmark: str
    production: UUID
    at: datetime
    """When it was made."""
    target: float | None
    least_units: int
    units: int
    """Data units with at least one submission."""
    leaderboard: tuple[Standing, ...]
    questions: tuple[QuestionReport, ...]
    """By question, then in the order of the leaderboard."""
    alphas: tuple[Alpha, ...]
    drawings: tuple[DrawingReport, ...]
    """In the order of the leaderboard; those with objects on one side at least."""
    answers_reliability: Reliability | None
    """Of all models' answers to radios."""
    drawings_reliability: Reliability | None
    """Of all models' objects."""
    worst: tuple[Disagreement, ...]
    notes: tuple[NoteReport, ...]
    conventions: tuple[str, ...]
    trend: tuple[TrendPoint, ...]
    """By time; this report's are the last."""
    basis: str = ""
    """What it was made of, as a hash: while that stays the same, another report would say the same."""
