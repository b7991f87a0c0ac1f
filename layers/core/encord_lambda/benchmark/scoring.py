"""Everything that is scored of a benchmark, data unit by data unit."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from encord_lambda.benchmark.answers_by_rater import AnswersByRater
from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.comparing import THRESHOLDS
from encord_lambda.benchmark.counting import SPREAD_AT
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.object_scores import ObjectScores, RaterScore
from encord_lambda.benchmark.standings import RaterTally
from encord_lambda.benchmark.submissions import Rater, Submission
from encord_lambda.benchmark.unit_scores import UnitScore
from encord_lambda.benchmark.worst import Disputed, Worst
from encord_lambda.labels.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Scores:
    """What has been counted so far."""

    units: int
    """Data units."""
    tallies: Mapping[Rater, RaterTally]
    """Of answers and objects together; the leaderboard is made of them."""
    answers: AnswersByRater
    objects: tuple[RaterScore, ...]
    drawn: Sequence[Judgement]
    """Models' objects, with the confidence they stated; `answers.judgements` are their answers."""
    worst: Sequence[Disputed]
    """Most wrong first."""


class Scoring:
    """Scores of all raters' answers and objects.

    What is kept grows with raters, objects and answers, not with submissions; but for models' judgements.
    """

    def __init__(self, ontology: Ontology, notes: Notes) -> None:
        """`ontology` is that of the ground truth; what is not scored as it stands is told to `notes`."""
        self.ontology, self.notes = ontology, notes
        self._answers = AnswersByRater(ontology, notes)
        self._objects = ObjectScores(ontology, notes, self._count)
        self._waiting: deque[tuple[int, int]] = deque()
        """Right and tried answers of submissions whose objects are not compared yet."""
        self._tallies: dict[Rater, RaterTally] = {}
        self._worst, self._units = Worst(), 0

    def add(self, unit: Sequence[Submission]) -> None:
        """Count all submissions of one data unit, one of each rater; without any it is not counted."""
        self._units += bool(unit)
        answered = self._answers.add(unit)
        for submission in unit:
            self._waiting.append(answered[submission.rater])
            self._objects.add(submission)

    def scores(self) -> Scores:
        """Of all that was added."""
        objects = self._objects.scores()
        return Scores(self._units, self._tallies, self._answers, objects, self._objects.judgements, tuple(self._worst))

    def _count(self, drawn: UnitScore) -> None:
        """Count a submission whose objects have been compared; they come in the order of `add`."""
        matched = drawn.matched[THRESHOLDS.index(SPREAD_AT)]
        right, tried = self._waiting.popleft()
        right, tried = right + matched, tried + drawn.given + drawn.truth - matched - drawn.mistaken
        tally = self._tallies.setdefault(drawn.submission.rater, RaterTally())
        tally.add(right, tried, prelabelled=drawn.submission.prelabelled)
        self._worst.add(Disputed(drawn.submission, right, tried))
