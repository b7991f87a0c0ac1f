"""Answers beside the truth: what scikit-learn counts, and what is particular to labels."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from encord_lambda.benchmark.answer_scores import MISSING, QuestionScore
from encord_lambda.benchmark.answers_by_rater import UNKNOWN, AnswersByRater
from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.frame_ranges import BEYOND, TWICE
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.questions import Question
from encord_lambda.benchmark.submissions import Rater, Submission
from encord_lambda.labels.proposals import Choice, Value
from tests.benchmark.labelled import ANN, BOB, MODEL, ONTOLOGY, answer, submission, unit

type Values = Sequence[Value | None]
OPTIONS = st.sampled_from(["Cat", "Dog"])
TICKED = st.sets(st.sampled_from(["Snow", "Rain", "Sun"]), min_size=1).map(lambda found: tuple(sorted(found)))


def counted(*units: list[Submission]) -> tuple[AnswersByRater, Notes]:
    notes = Notes()
    found = AnswersByRater(ONTOLOGY, notes)
    for one in units:
        found.add(one)
    return found, notes


def score(truth: Values, given: Values, question: Question = ("Animal",)) -> QuestionScore:
    """Of one submission with these answers to the classification at the question's root; None is no answer."""
    found, _ = counted([one(truth, given, question[0])])
    return found.scores[ANN, question]


def one(truth: Values, given: Values, title: str, rater: Rater = ANN, number: int = 0) -> Submission:
    right, said = ([answer(value, title) for value in side if value is not None] for side in (truth, given))
    return submission(right, said, rater, unit(number))


def noted(notes: Notes) -> dict[str, int]:
    return {what: count for what, count, _ in notes}


@given(st.lists(st.tuples(OPTIONS, OPTIONS), min_size=1, max_size=40))
def test_radios_are_counted_as_scikit_learn_does(pairs: list[tuple[str, str]]) -> None:
    found, _ = counted(*([one([truth], [said], "Animal", number=at)] for at, (truth, said) in enumerate(pairs)))
    mine, (truth, said) = found.scores[ANN, ("Animal",)], zip(*pairs, strict=True)
    assert mine.accuracy == pytest.approx(accuracy_score(truth, said), abs=1e-9)
    assert mine.macro_f1 == pytest.approx(f1_score(truth, said, average="macro"), abs=1e-9)
    options = list(mine.options())
    theirs = precision_recall_fscore_support(truth, said, labels=[each.option for each in options], zero_division=0)
    for each, precision, recall, f1, support in zip(options, *theirs, strict=True):
        assert (each.precision or 0, each.recall or 0, each.f1) == pytest.approx((precision, recall, f1), abs=1e-9)
        assert each.truths == support
    assert mine.units == Counter((int(right == given), 1) for right, given in pairs)


def test_what_was_not_answered_is_a_wrong_answer_of_its_own() -> None:
    found, _ = counted([one(["Cat"], [], "Animal")], [one([], ["Dog"], "Animal", number=1)])
    mine = found.scores[ANN, ("Animal",)]
    assert mine.confusion == {("Cat", MISSING): 1, (MISSING, "Dog"): 1}
    assert (mine.accuracy, mine.agreement) == (0, 0)
    assert mine.kappa == pytest.approx(-1 / 3)


@pytest.mark.parametrize(
    ("truth", "said", "right"),
    [
        pytest.param(Choice("Dog", (("Breed", "Poodle"),)), Choice("Dog", (("Breed", "Poodle"),)), {True}, id="same"),
        pytest.param(Choice("Dog", (("Breed", "Poodle"),)), Choice("Dog", (("Breed", "Beagle"),)), {False}, id="other"),
        pytest.param(Choice("Dog", (("Breed", "Poodle"),)), "Dog", {False}, id="missing"),
        pytest.param("Dog", Choice("Dog", (("Breed", "Poodle"),)), {False}, id="surplus"),
        pytest.param(Choice("Dog", (("Breed", "Poodle"),)), "Cat", set(), id="parents differ"),
    ],
)
def test_nested_answers_are_scored_where_their_parents_agree(truth: Value, said: Value, right: set[bool]) -> None:
    found, _ = counted([one([truth], [said], "Animal")])
    nested = found.scores.get((ANN, ("Animal", "Dog", "Breed")))
    assert ({bool(nested.right)} if nested else set()) == right


@given(TICKED, TICKED)
def test_checklists_are_as_close_as_their_jaccard_index(truth: tuple[str, ...], said: tuple[str, ...]) -> None:
    mine = score([truth], [said], ("Seen",))
    assert mine.mean_closeness == pytest.approx(len({*truth} & {*said}) / len({*truth} | {*said}))
    assert mine.accuracy == (truth == said)
    for each in mine.options():
        assert (each.precision, each.recall) == (
            float(each.option in truth) if each.option in said else None,
            float(each.option in said) if each.option in truth else None,
        )


@pytest.mark.parametrize(
    ("truth", "said", "right", "closeness"),
    [
        ("A cat", "a  CAT ", 1, 1),
        ("ﬁne café", "fine cafe\u0301", 1, 1),
        ("cat", "cart", 0, 0.75),
        ("cat", None, 0, 0),
    ],
)
def test_texts_are_compared_without_capitals_spaces_and_unicode_forms(
    truth: str, said: str | None, right: int, closeness: float
) -> None:
    mine = score([truth], [said], ("Caption",))
    assert mine.right == right
    assert mine.mean_closeness == pytest.approx(closeness)
    assert not mine.confusion


def test_numbers_are_right_or_wrong() -> None:
    assert score([3.0], [3.0], ("Count",)).accuracy == 1
    assert score([3.0], [4.0], ("Count",)).accuracy == 0


def test_ranges_of_frames_are_compared_frame_by_frame() -> None:
    film = unit(frames=10)
    given = [answer("Cat", frame=2, last=5), answer("Dog", frame=6, last=9)]
    found, notes = counted([submission([answer("Cat", frame=0, last=7)], given, of=film)])
    mine = found.scores[ANN, ("Animal",)]
    assert mine.confusion == {("Cat", MISSING): 2, ("Cat", "Cat"): 4, ("Cat", "Dog"): 2, (MISSING, "Dog"): 2}
    assert [(each.option, each.iou) for each in mine.options()] == [("Cat", 0.5), ("Dog", 0)]
    assert mine.units == {(4, 10): 1}
    assert noted(notes) == {}


def test_frames_beyond_the_end_are_noted_and_not_counted() -> None:
    film = unit(frames=4)
    given = [answer("Cat", frame=2, last=9), answer("Dog", frame=7)]
    found, notes = counted([submission([answer("Cat", frame=0, last=3)], given, of=film)])
    assert found.scores[ANN, ("Animal",)].places == 4
    assert noted(notes) == {BEYOND: 2}


def test_a_second_answer_on_a_frame_is_noted_and_not_counted() -> None:
    found, notes = counted([one(["Cat", "Dog"], ["Cat"], "Animal")])
    assert found.scores[ANN, ("Animal",)].confusion == {("Cat", "Cat"): 1}
    assert noted(notes) == {TWICE: 1}


def test_a_classification_that_the_ontology_lacks_is_noted_and_not_counted() -> None:
    found, notes = counted([one([], ["red"], "Colour")])
    assert not found.scores
    assert noted(notes) == {UNKNOWN: 1}


def test_annotators_agreement_is_counted_and_models_are_left_out_of_it() -> None:
    raters = {ANN: "Cat", BOB: "Dog", MODEL: "Dog"}
    units = [[one(["Cat"], [said], "Animal", rater, number) for rater, said in raters.items()] for number in range(3)]
    found, _ = counted(*units, [one(["Cat"], ["Dog"], "Animal", rater, 9) for rater in (ANN, BOB)])
    assert found.agreement["Animal"].alpha == pytest.approx(1 - 7 * 6 / (64 - 9 - 25))


def test_who_rightly_says_nothing_disagrees_with_who_says_something() -> None:
    agreed = [
        [one([said], [said], "Animal", rater, number) for rater in (ANN, BOB)]
        for number, said in enumerate(("Cat", "Dog"))
    ]
    found, _ = counted(*agreed, [one([], ["Cat"], "Animal", ANN, 2), one([], [], "Animal", BOB, 2)])
    assert found.agreement["Animal"].alpha == pytest.approx(1 - 5 * 2 / (36 - 9 - 4 - 1))


def test_models_answers_are_judged_with_the_confidence_they_stated() -> None:
    truth, given = [answer("Cat")], [answer("Cat", confidence=0.7)]
    wrong = submission(truth, [answer(Choice("Dog", (("Tag", "x"),)), confidence=0.9)], MODEL, unit(1))
    found, _ = counted([submission(truth, given, MODEL)], [wrong], [submission(truth, given, ANN, unit(2))])
    assert found.judgements == [Judgement("Cat", 0.7, right=True), Judgement("Dog", 0.9, right=False)]


def test_only_the_first_level_is_told_of_a_unit() -> None:
    both = AnswersByRater(ONTOLOGY, Notes())
    dog = Choice("Dog", (("Breed", "Poodle"),))
    assert both.add([submission([answer(dog)], [answer(dog), answer(("Snow",), "Seen")])]) == {ANN: (1, 2)}


@given(st.lists(st.tuples(OPTIONS, OPTIONS), min_size=2, max_size=20), st.integers(1, 19))
def test_scores_counted_apart_are_those_counted_together(pairs: list[tuple[str, str]], cut: int) -> None:
    units = [[one([truth], [said], "Animal", number=at)] for at, (truth, said) in enumerate(pairs)]
    whole, first, rest = (counted(*part)[0].scores for part in (units, units[:cut], units[cut:]))
    if first and rest:
        first[ANN, ("Animal",)].merge(rest[ANN, ("Animal",)])
        assert first == whole
