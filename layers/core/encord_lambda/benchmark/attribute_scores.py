"""Attributes of objects that were matched: what the rater answered beside what is true, level by level."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from encord_lambda.benchmark.answer_scores import QuestionScore
from encord_lambda.benchmark.comparing import Comparison
from encord_lambda.benchmark.counting import SPREAD_AT
from encord_lambda.benchmark.drawings import Drawings, Mask
from encord_lambda.benchmark.questions import Question, kinds, nested
from encord_lambda.benchmark.submissions import Rater
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answers

type ByQuestion = dict[tuple[Rater, Question], QuestionScore]


class AttributeCounts:
    """Each rater's answers about drawings that are matched at 0.5; static attributes count on each frame."""

    def __init__(self, ontology: Ontology) -> None:
        self._kinds: Mapping[Question, str] = {
            question: kind for one in ontology.objects for question, kind in kinds(one.attributes, (one.title,)).items()
        }
        self.scores: ByQuestion = {}
        """By rater and question, whose path begins with the object's title."""

    def add(self, comparison: Comparison) -> None:
        """Compare the answers of all matched objects of a batch."""
        given, truth = comparison.given, comparison.truth
        tallies: defaultdict[tuple[int, Question], Counter[bool]] = defaultdict(Counter)
        for mine, true in zip(*_answered(comparison), strict=True):
            submission, above = int(given.submission[mine]), (given.drawn[mine][0].object,)
            rater = comparison.submissions[submission].rater
            for one in nested(above, _answers(truth, true), _answers(given, mine)):
                if kind := self._kinds.get(one.question):
                    right = self.scores.setdefault((rater, one.question), QuestionScore(kind)).add(one, 1)
                    tallies[submission, one.question][right] += 1
        for (submission, question), tally in tallies.items():
            score = self.scores[comparison.submissions[submission].rater, question]
            score.units[tally[True], tally.total()] += 1

    def merge(self, other: "AttributeCounts") -> None:
        """Add another's, over the same ontology."""
        for key, score in other.scores.items():
            self.scores.setdefault(key, QuestionScore(score.kind)).merge(score)


def _answered(comparison: Comparison) -> tuple[list[int], list[int]]:
    """Places of matched drawings of which one is answered about."""
    right = comparison.right[SPREAD_AT]
    given, truth = comparison.pairs.given[right], comparison.pairs.truth[right]
    here = _has_answers(comparison.given)[given] | _has_answers(comparison.truth)[truth]
    return given[here].tolist(), truth[here].tolist()


def _has_answers(drawings: Drawings) -> Mask:
    return np.array([bool(thing.answers or placement.answers) for thing, placement in drawings.drawn], dtype=bool)


def _answers(drawings: Drawings, place: int) -> Answers:
    thing, placement = drawings.drawn[place]
    return thing.answers + placement.answers
