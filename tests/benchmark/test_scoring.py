"""Answers and objects of data units, joined."""

from collections import Counter

import pytest

from encord_lambda.benchmark import object_scores
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.scoring import Scores, Scoring
from encord_lambda.benchmark.submissions import Submission
from encord_lambda.benchmark.worst import MOST, Disputed, Worst
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Proposal
from tests.benchmark import drawn, labelled
from tests.benchmark.drawn import FAR, SQUARE, moved, thing
from tests.benchmark.labelled import ANN, BOB, MODEL, answer, submission, unit

ONTOLOGY = Ontology(labelled.ONTOLOGY.classifications, drawn.ONTOLOGY.objects)
TRUTH: list[Proposal] = [answer("Cat"), thing(SQUARE, key="a"), thing(FAR, "Dog", key="b")]


def scored(*units: list[Submission]) -> Scores:
    scoring = Scoring(ONTOLOGY, Notes())
    for one in units:
        scoring.add(one)
    return scoring.scores()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(TRUTH, (3, 3), id="all right"),
        pytest.param([], (0, 3), id="nothing given"),
        pytest.param([answer("Dog"), *TRUTH[1:]], (2, 3), id="wrong answer"),
        pytest.param(TRUTH[:2], (2, 3), id="missed"),
        pytest.param([*TRUTH, thing(moved(FAR, -2), key="c")], (3, 4), id="surplus"),
        pytest.param([*TRUTH[:2], thing(FAR, "Cat", key="b")], (2, 3), id="mislabelled once"),
        pytest.param([*TRUTH[:2], thing(moved(FAR, 0.5), "Dog", key="b")], (2, 3), id="misplaced once"),
        pytest.param([*TRUTH[:2], thing(moved(FAR, 1.5), "Dog", key="b")], (2, 4), id="elsewhere"),
        pytest.param([*TRUTH, answer("Snow", "Unknown")], (3, 3), id="unknown classification"),
    ],
)
def test_a_data_unit_counts_answers_and_objects(given: list[Proposal], expected: tuple[int, int]) -> None:
    scores = scored([submission(TRUTH, given)])
    assert scores.tallies[ANN].units == Counter([expected])


def test_nothing_where_nothing_is_counts_in_no_accuracy() -> None:
    tally = scored([submission([], [])], [submission(TRUTH, TRUTH, of=unit(1))]).tallies[ANN]
    assert (tally.units, tally.both_empty) == (Counter([(3, 3)]), 1)


def test_a_data_unit_that_without_submissions_is_not_counted() -> None:
    assert scored([], [submission(TRUTH, TRUTH)]).units == 1


def test_an_answer_of_another_type_than_the_truths_ontology_has_is_a_wrong_one() -> None:
    tally = scored([submission([], [answer("Snow?", "Seen")])]).tallies[ANN]
    assert tally.units == Counter([(0, 1)])


def test_frames_of_a_video_are_tries_of_one_data_unit() -> None:
    said = [answer("Cat", frame=0, last=5), answer("Dog", frame=6, last=9)]
    tally = scored([submission([answer("Cat", frame=0, last=9)], said, of=unit(0, 10))]).tallies[ANN]
    assert tally.units == Counter([(6, 10)])


@pytest.mark.parametrize("at_once", [1, 3, 40_000])
def test_it_does_not_matter_how_many_are_compared_at_once(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(object_scores, "AT_ONCE", at_once)
    some: list[list[Proposal]] = [TRUTH, [], TRUTH[:2], [answer("Dog")], TRUTH[1:]]
    units = [
        [submission(TRUTH, some[(number + place) % 5], rater, unit(number)) for place, rater in enumerate((ANN, BOB))]
        for number in range(5)
    ]
    scores = scored(*units)
    assert scores.units == 5
    expected = Counter([(3, 3), (0, 3), (2, 3), (0, 3), (2, 3)])
    assert [tally.units for tally in scores.tallies.values()] == [expected, expected]


def test_models_are_judged_by_their_answers_and_their_drawings() -> None:
    given: list[Proposal] = [
        answer("Dog", confidence=0.6),
        thing(SQUARE, confidence=0.9),
        thing(FAR, "Cat", key="b", confidence=0.3),
    ]
    scores = scored([submission(TRUTH, given, MODEL), submission(TRUTH, given, ANN)])
    assert [(one.label, one.confidence, one.right) for one in scores.answers.judgements] == [("Dog", 0.6, False)]
    assert [(one.label, one.confidence, one.right) for one in scores.drawn] == [("Cat", 0.9, True), ("Cat", 0.3, False)]


def test_the_worst_are_those_with_most_wrong_then_with_the_larger_share() -> None:
    worst = Worst(3)
    for right, tried in ((0, 1), (5, 8), (0, 3), (4, 4), (1, 3), (7, 10)):
        worst.add(Disputed(submission([], []), right, tried))
    assert [(one.right, one.tried) for one in worst] == [(0, 3), (5, 8), (7, 10)]


def test_only_the_worst_are_kept() -> None:
    units = [[submission(TRUTH, TRUTH[: number % 3], of=unit(number))] for number in range(3 * MOST)]
    worst = scored(*units).worst
    assert [one.wrong for one in worst] == [3] * MOST
    assert [one.submission.unit.data.int for one in worst] == [3 * place for place in range(MOST)]
