"""What raters drew beside what is true, counted."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.benchmark import object_scores
from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.comparing import JUDGED, THRESHOLDS
from encord_lambda.benchmark.intervals import clustered
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.object_scores import ObjectScores, RaterScore
from encord_lambda.benchmark.submissions import Submission
from encord_lambda.benchmark.tallies import Breakdown
from encord_lambda.benchmark.unit_scores import UnitScore
from encord_lambda.labels.proposals import Choice, Placement, Thing
from encord_lambda.labels.shapes import Box, Point, Polygon, Polyline, RotatedBox, Shape
from tests.benchmark.drawn import FAR, ONTOLOGY, SQUARE, bitmask, moved, score, scored, thing, things
from tests.benchmark.labelled import ANN, BOB, MODEL, submission, unit

GRID = st.builds(
    Box, *(st.integers(0, 12).map(lambda at: at / 20) for _ in "xy"), *(st.sampled_from([0.2, 0.3]) for _ in "wh")
)
DRAWN = st.lists(
    st.builds(thing, GRID, st.sampled_from(["Cat", "Dog"]), st.integers(0, 1)), max_size=6, unique_by=lambda one: one
)
SUBMISSIONS = st.lists(
    st.builds(
        lambda number, truth, given, rater: submission(truth, given, rater, unit(number, 2)),
        st.integers(0, 9),
        DRAWN,
        DRAWN,
        st.sampled_from([ANN, BOB, MODEL]),
    ),
    min_size=1,
    max_size=6,
)


def breakdown(truth: list[Thing], given: list[Thing], title: str = "Cat", threshold: float = 0.5) -> Breakdown:
    return score(truth, given).objects[title].breakdown(threshold)


def test_what_is_drawn_as_it_is_true_is_perfect() -> None:
    found = score(things([SQUARE, FAR]), things([FAR, SQUARE]))
    for threshold in THRESHOLDS:
        assert (found.total.precision(threshold), found.total.recall(threshold)) == (1, 1)
    assert found.total.mean_f1 == found.macro_f1(0.75) == found.unit_f1(0.75) == 1
    assert found.total.mean_overlap(0.5) == pytest.approx(1)
    assert found.total.mean_dice(0.5) == pytest.approx(1)
    assert found.total.count_error == 0


def test_a_box_that_is_off_a_little_matches_at_some_thresholds_only() -> None:
    """An overlap of 0.8182: seven of the ten thresholds."""
    found = score([thing(SQUARE)], [thing(moved(SQUARE, 0.1))]).total
    assert [found.f1(threshold) for threshold in THRESHOLDS] == [1.0] * 7 + [0.0] * 3
    assert found.mean_f1 == pytest.approx(0.7)
    assert found.mean_overlap(0.75) == pytest.approx(0.9 / 1.1)
    assert found.mean_dice(0.75) == pytest.approx(0.9)
    assert found.mean_overlap(0.95) is None


def test_the_right_place_with_the_wrong_name_is_mislabelled() -> None:
    found = score([thing(SQUARE, "Cat")], [thing(SQUARE, "Dog")])
    assert found.objects["Dog"].breakdown(0.5) == Breakdown(0, 0, called_this=1, surplus=0, called_other=0, missed=0)
    assert found.objects["Cat"].breakdown(0.5) == Breakdown(0, 0, called_this=0, surplus=0, called_other=1, missed=0)
    assert found.mistaken == {("Dog", "Cat"): 1}
    assert found.total.f1(0.5) == 0


def test_the_right_name_near_the_place_is_misplaced() -> None:
    """An overlap of a third."""
    found = breakdown([thing(SQUARE)], [thing(moved(SQUARE, 0.5))])
    assert found == Breakdown(0, misplaced=1, called_this=0, surplus=0, called_other=0, missed=0)


def test_what_is_right_at_a_half_may_be_misplaced_at_three_quarters() -> None:
    """An overlap of two thirds."""
    found = [breakdown([thing(SQUARE)], [thing(moved(SQUARE, 0.2))], threshold=threshold) for threshold in JUDGED]
    assert [(one.matched, one.misplaced) for one in found] == [(1, 0), (0, 1)]


def test_what_is_nowhere_near_is_surplus_and_what_is_not_drawn_is_missed() -> None:
    found = breakdown([thing(SQUARE)], [thing(FAR), thing(moved(SQUARE, 0.9))])
    assert found == Breakdown(0, 0, called_this=0, surplus=2, called_other=0, missed=1)


def test_the_same_object_comes_before_a_better_place_of_another() -> None:
    found = score([thing(SQUARE, "Cat")], [thing(SQUARE, "Dog"), thing(moved(SQUARE, 0.2), "Cat")])
    assert found.objects["Cat"].breakdown(0.5).matched == 1
    assert found.objects["Dog"].breakdown(0.5).surplus == 1


def test_objects_are_compared_on_their_own_frame_only() -> None:
    of = unit(frames=3)
    found = score([thing(SQUARE, frame=1)], [thing(SQUARE, frame=2)], of=of).total
    assert (found.given, found.truth, found.matched(0.5), found.count_error) == (1, 1, 0, 2)


def test_micro_counts_drawings_and_macro_counts_objects() -> None:
    """Three cats of three, and no dog of one."""
    cats = things([SQUARE, FAR, Box(0.1, 0.7, 0.1, 0.1)])
    found = score([*cats, thing(Box(0.5, 0.1, 0.1, 0.1), "Dog")], cats)
    assert found.total.recall(0.5) == 0.75
    assert found.total.f1(0.5) == pytest.approx(6 / 7)
    assert found.macro_f1(0.5) == 0.5
    assert found.objects["Dog"].precision(0.5) is None


def test_a_unit_where_nothing_is_drawn_and_nothing_true_is_perfect_and_counted_apart() -> None:
    (found,), _ = scored(submission([], []), submission([], [thing(SQUARE)], of=unit(1)))
    assert (found.units.units, found.units.both_empty) == (2, 1)
    assert found.unit_f1(0.5) == 0.5
    assert found.total.f1(0.5) == 0


def test_a_rater_without_any_label_has_missed_everything() -> None:
    found = score(things([SQUARE, FAR]), [])
    assert (found.total.precision(0.5), found.total.recall(0.5), found.total.f1(0.5)) == (None, 0, 0)
    assert found.total.breakdown(0.5).missed == found.total.count_error == 2


def test_prelabelled_units_are_counted() -> None:
    led = replace(submission([thing(SQUARE)], [thing(SQUARE)]), prelabelled=True)
    (found,), _ = scored(led, submission([], [], of=unit(1)))
    assert found.units.prelabelled == 1


def test_spreads_say_how_many_units_have_so_many_of_so_many() -> None:
    one = submission(things([SQUARE, FAR]), things([SQUARE]))
    (found,), _ = scored(one, replace(one, unit=unit(1)), submission([], things([FAR]), of=unit(2)))
    spread = found.spreads["Cat"]
    assert spread.precision == {(1, 1): 2, (0, 1): 1}
    assert spread.recall == {(1, 2): 2, (0, 0): 1}
    assert spread.f1 == {(2, 3): 2, (0, 1): 1}
    assert spread == found.units.spread
    assert clustered(spread.recall) is not None


def test_attributes_of_matched_objects_are_compared_level_by_level() -> None:
    spotted = ("Coat", Choice("Spotted", (("Spots", 3.0),)))
    true = Thing("Cat", (Placement(0, SQUARE, 1.0, (("Pose", "Runs"),)),), "", (spotted,))
    said = Thing("Cat", (Placement(0, SQUARE, 1.0, (("Pose", "Sits"),)),), "", (("Coat", "Spotted"),))
    unmatched = thing(FAR, answers=(spotted,))

    found = score([true], [said, unmatched]).attributes

    shares = {question: (one.right, one.places, one.units) for question, one in found.items()}
    assert shares == {
        ("Cat", "Coat"): (1, 1, {(1, 1): 1}),
        ("Cat", "Coat", "Spotted", "Spots"): (0, 1, {(0, 1): 1}),
        ("Cat", "Pose"): (0, 1, {(0, 1): 1}),
    }


def test_models_are_judged_with_the_confidence_they_stated() -> None:
    notes = Notes()
    scoring = ObjectScores(ONTOLOGY, notes)
    scoring.add(submission([thing(SQUARE)], [thing(SQUARE, confidence=0.8), thing(FAR, "Dog", confidence=0.3)], MODEL))
    scoring.add(submission([thing(SQUARE)], [thing(SQUARE)], ANN))
    scoring.scores()
    assert scoring.judgements == [Judgement("Cat", 0.8, True), Judgement("Dog", 0.3, False)]


def test_the_same_twice_by_the_rater_is_surplus() -> None:
    assert breakdown(things([SQUARE]), things([SQUARE, SQUARE])).surplus == 1


@settings(max_examples=25)
@given(SUBMISSIONS)
def test_every_drawing_is_counted_as_one_thing(submissions: list[Submission]) -> None:
    for found in scored(*submissions)[0]:
        mine = [one for one in submissions if one.rater == found.rater]
        assert found.total.given == sum(len(one.given) for one in mine)
        assert found.total.truth == sum(len(one.truth) for one in mine)
        for threshold in JUDGED:
            for part in (found.total, *found.objects.values()):
                one = part.breakdown(threshold)
                assert one.matched + one.misplaced + one.called_this + one.surplus == part.given
                assert one.matched + one.misplaced + one.called_other + one.missed == part.truth
                assert min(one.surplus, one.missed) >= 0
        falling = [found.total.matched(threshold) for threshold in THRESHOLDS]
        assert falling == sorted(falling, reverse=True)
        assert sum(found.mistaken.values()) == found.total.breakdown(0.5).called_this


@settings(max_examples=25)
@given(SUBMISSIONS, st.integers(0, 6), st.integers(1, 9))
def test_scores_are_the_same_in_parts_and_in_any_order(submissions: list[Submission], cut: int, at_once: int) -> None:
    """What is matched is; which of equally good boxes was mislabelled may hang on their order."""
    whole = told(submissions)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(object_scores, "AT_ONCE", at_once)
        first, second = (collected(part) for part in (submissions[:cut], submissions[cut:]))
        first.merge(second)
    assert sorted(map(facts, first.scores()), key=str) == sorted(whole, key=str)
    turned = [replace(one, given=one.given[::-1], truth=one.truth[::-1]) for one in reversed(submissions)]
    assert sorted(told(turned), key=str) == sorted(whole, key=str)


def collected(submissions: list[Submission]) -> ObjectScores:
    scoring = ObjectScores(ONTOLOGY, Notes())
    for one in submissions:
        scoring.add(one)
    return scoring


def told(submissions: list[Submission]) -> list[object]:
    return [facts(one) for one in collected(submissions).scores()]


def facts(found: RaterScore) -> object:
    tallies = {
        title: (one.given, one.truth, one.count_error, *map(one.matched, THRESHOLDS), rounded(one.mean_overlap(0.5)))
        for title, one in sorted(found.objects.items())
        if one.given + one.truth
    }
    units = found.units
    apart = {title: dict(sorted(one.items())) for title, one in sorted(found.spreads.items()) if one}
    tracks = {title: (one.idf1, rounded(one.temporal_iou)) for title, one in sorted(found.tracks.items())}
    return found.rater, tallies, (units.units, units.both_empty, rounded(found.unit_f1(0.5))), apart, tracks


def rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 9)


def test_merged_scores_have_all_that_was_mistaken_answered_and_judged() -> None:
    answered = [thing(SQUARE, answers=(("Coat", "Black"),)), thing(FAR, "Dog")]
    one, other = (submission(answered, [answered[0], thing(FAR, "Cat")], MODEL, unit(number)) for number in (1, 2))
    first, second = collected([one]), collected([submission([], [thing(FAR, "Dog")], BOB), other])

    first.merge(second)

    found, bobs = first.scores()
    assert (found.rater, found.mistaken, bobs.mistaken) == (MODEL, {("Cat", "Dog"): 2}, {})
    assert (found.attributes["Cat", "Coat"].right, found.attributes["Cat", "Coat"].units) == (2, {(1, 1): 2})
    assert first.judgements == [Judgement("Cat", 1.0, True), Judgement("Cat", 1.0, False)] * 2


@settings(max_examples=25)
@given(SUBMISSIONS)
def test_each_unit_is_told_in_the_order_it_came(submissions: list[Submission]) -> None:
    units: list[UnitScore] = []
    scoring = ObjectScores(ONTOLOGY, Notes(), units.append)
    for one in submissions:
        scoring.add(one)
    by_rater = {one.rater: one for one in scoring.scores()}
    assert [one.submission for one in units] == submissions
    for rater, found in by_rater.items():
        theirs = [one for one in units if one.submission.rater == rater]
        assert found.unit_f1(0.75) == pytest.approx(sum(one.f1(0.75) for one in theirs) / len(theirs))
        assert found.total.matched(0.5) == sum(one.matched[0] for one in theirs)
    assert all(0 <= one.mean_f1 <= 1 for one in units)


def shapes() -> Iterator[Shape]:
    yield from (SQUARE, RotatedBox(0.2, 0.2, 0.2, 0.1, 30.0), Point(0.5, 0.5), Polyline(((0.1, 0.1), (0.5, 0.6))))
    yield from (Polygon(((0.1, 0.1), (0.4, 0.1), (0.1, 0.4))), bitmask(np.tri(100, dtype=bool)))


@pytest.mark.parametrize("shape", list(shapes()), ids=lambda shape: type(shape).__name__)
def test_every_shape_is_scored(shape: Shape) -> None:
    (found,), notes = scored(submission([thing(shape)], [thing(shape)]))
    assert (found.total.f1(0.95), notes) == (1, {})
