"""All raters' answers to all questions of an ontology, counted as they come in."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from encord_lambda.benchmark.agreement import Coincidences
from encord_lambda.benchmark.answer_scores import MISSING, QuestionScore
from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.frame_ranges import Stretch, stretches
from encord_lambda.benchmark.notes import Note, Notes, Side
from encord_lambda.benchmark.questions import Question, compared, kinds
from encord_lambda.benchmark.submissions import Rater, Submission
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Choice, Value

UNKNOWN: Final = "a classification that the ground truth's ontology does not have: not scored"


class AnswersByRater:
    """Scores by rater and question, and how far annotators agree with each other."""

    def __init__(self, ontology: Ontology, notes: Notes) -> None:
        """`ontology` is that of the ground truth."""
        self._kinds, self._notes = kinds(ontology.classifications), notes
        self.scores: dict[tuple[Rater, Question], QuestionScore] = {}
        self.agreement: defaultdict[str, Coincidences] = defaultdict(Coincidences)
        """Among annotators, by classification: radios on their first level, frame by frame. No answer where another
        annotator or the truth has one is an answer of its own."""
        self.judgements: list[Judgement] = []
        """Models' answers to radios, on their first level, with the confidence they stated."""

    def add(self, unit: Sequence[Submission]) -> dict[Rater, tuple[int, int]]:
        """Count all submissions of one data unit; each rater's right answers and places, on the first level."""
        annotators: list[list[Stretch]] = []
        counted = {}
        for submission in unit:
            found = [one for one in stretches(submission, self._notes) if self._is_known(submission, one)]
            radios = [one for one in found if self._kinds[one.classification,] == "radio"]
            counted[submission.rater] = self._count(submission.rater, found)
            if submission.rater.kind == "model":
                self.judgements += _judgements(radios)
            else:
                annotators.append(radios)
        for title in dict.fromkeys(one.classification for radios in annotators for one in radios):
            told = [[one for one in radios if one.classification == title] for radios in annotators]
            for answers, frames in _side_by_side(told):
                self.agreement[title].add(answers, frames)
        return counted

    def _is_known(self, submission: Submission, one: Stretch) -> bool:
        if (one.classification,) in self._kinds:
            return True
        side: Side = "given" if one.given else "truth"
        unit, rater = submission.unit, submission.rater.name
        self._notes.add(Note(UNKNOWN, side, rater, unit.data, unit.title, one.classification, one.frames.start))
        return False

    def _count(self, rater: Rater, found: Sequence[Stretch]) -> tuple[int, int]:
        tallies: defaultdict[Question, Counter[bool]] = defaultdict(Counter)
        for stretch in found:
            truth, given = _value(stretch.truth), _value(stretch.given)
            for one in compared((stretch.classification,), truth, given):
                if kind := self._kinds.get(one.question):
                    score = self.scores.setdefault((rater, one.question), QuestionScore(kind))
                    tallies[one.question][score.add(one, len(stretch.frames))] += len(stretch.frames)
        for question, tally in tallies.items():
            self.scores[rater, question].units[tally[True], tally.total()] += 1
        first = [tally for question, tally in tallies.items() if len(question) == 1]
        return sum(tally[True] for tally in first), sum(tally.total() for tally in first)


def _judgements(radios: Sequence[Stretch]) -> Iterator[Judgement]:
    for one in radios:
        if one.given:
            said = _option(one.given)
            yield Judgement(said, one.given.confidence, one.truth is not None and _option(one.truth) == said)


def _side_by_side(raters: Sequence[Sequence[Stretch]]) -> Iterator[tuple[list[str], int]]:
    """What all raters said on the same frames, and on how many."""
    edges = sorted({edge for one in raters for each in one for edge in (each.frames.start, each.frames.stop)})
    for start, end in pairwise(edges):
        yield [_at(start, one) for one in raters], end - start


def _at(frame: int, found: Sequence[Stretch]) -> str:
    given = next((one.given for one in found if frame in one.frames), None)
    return _option(given) if given else MISSING


def _value(answer: Answer | None) -> Value | None:
    return answer.answer if answer else None


def _option(answer: Answer) -> str:
    return answer.answer.option if isinstance(answer.answer, Choice) else str(answer.answer)
