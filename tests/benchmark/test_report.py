"""Reports as they are written, of what was counted."""

import csv
import io
import math
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.benchmark import reporting
from encord_lambda.benchmark.answer_scores import MISSING
from encord_lambda.benchmark.report import Confused, Report
from encord_lambda.benchmark.report_csv import COLUMNS, table
from encord_lambda.benchmark.report_page import page
from encord_lambda.benchmark.submissions import Rater, Submission, Unit
from encord_lambda.labels.proposals import Answer, Placement, Proposal, Thing
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox
from tests.benchmark.drawn import FAR, SQUARE, moved, thing
from tests.benchmark.labelled import ANN, BOB, MODEL, answer, labels, submission, unit
from tests.benchmark.reported import AT, BENCHMARK, EDITOR, PROJECT, reported
from tests.benchmark.test_scoring import TRUTH

OTHER: list[Proposal] = [answer("Dog"), thing(moved(SQUARE, 0.2), key="a"), thing(FAR, "Cat", key="b", confidence=0.5)]


def two_units(rater: Rater = ANN) -> list[list[Submission]]:
    return [[submission(TRUTH, TRUTH, rater, unit(0))], [submission(TRUTH, OTHER, rater, unit(1))]]


def test_everything_counted_of_a_rater_is_reported() -> None:
    found = reported(two_units(MODEL))
    [line], [question], [drawing] = found.leaderboard, found.questions, found.drawings
    assert line.accuracy
    assert (line.rank, line.accuracy.right, line.accuracy.tried, line.target) == (1, 4, 6, "open")
    assert (question.question, question.accuracy, question.places) == (("Animal",), 0.5, 2)
    assert question.confusion == (
        Confused(truth="Cat", given="Cat", count=1),
        Confused(truth="Cat", given="Dog", count=1),
    )
    levels = {level.threshold: level.f1 for level in drawing.total.levels}
    assert (levels[0.5], levels[0.65], levels[0.7], levels[0.95]) == (0.75, 0.75, 0.5, 0.5)
    assert drawing.total.mean_overlap == pytest.approx((1 + 1 + 2 / 3) / 3)
    assert drawing.total.breakdown.called_this == 1
    assert drawing.mislabelled == (Confused(truth="Dog", given="Cat", count=1),)
    assert drawing.total.average_precision
    assert [one.object for one in drawing.objects] == ["Cat", "Dog"]
    assert found.answers_reliability
    assert found.drawings_reliability
    assert (found.answers_reliability.judged, found.drawings_reliability.judged) == (2, 4)


def test_the_worst_are_linked_to_the_label_editor_of_the_production_project() -> None:
    [worst] = reported(two_units()).worst
    assert worst.link == f"{EDITOR}/label_editor/{PROJECT}/{UUID(int=1)}/0"


def test_agreement_among_annotators_is_reported() -> None:
    units = [[submission(TRUTH, side, rater, unit(0)) for rater, side in ((ANN, TRUTH), (BOB, OTHER))]]
    [alpha] = reported(units).alphas
    assert (alpha.classification, alpha.alpha) == ("Animal", 0)


def test_a_report_can_be_read_again() -> None:
    found = reported([*two_units(), *two_units(MODEL)])
    assert Report.model_validate_json(found.model_dump_json()) == found


def test_the_trend_goes_on_from_report_to_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "RUNS", 3)
    last = None
    for week in range(5):
        last = reported(two_units()[: 1 + week % 2], AT + timedelta(weeks=week), last)
    assert last
    assert [(one.at - AT, one.accuracy) for one in last.trend] == [
        (timedelta(weeks=2), 1.0),
        (timedelta(weeks=3), pytest.approx(2 / 3)),
        (timedelta(weeks=4), 1.0),
    ]


def test_a_report_made_again_is_not_twice_in_the_trend() -> None:
    first = reported(two_units())
    assert reported(two_units(), AT, first).trend == first.trend


def test_nothing_submitted_is_a_report_too() -> None:
    empty = reported([])
    assert (empty.units, empty.leaderboard) == (0, ())
    assert "Nobody has submitted anything yet" in page(empty, {})


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table(report))))


def test_the_table_has_a_row_for_each_rater_question_option_and_object() -> None:
    found = rows(reported(two_units()))
    assert [(row["level"], row["name"], row["option"]) for row in found] == [
        ("rater", "", ""),
        ("question", "Animal", ""),
        ("option", "Animal", "Cat"),
        ("option", "Animal", "Dog"),
        ("drawings", "", ""),
        ("object", "Cat", ""),
        ("object", "Dog", ""),
    ]
    assert tuple(found[0]) == COLUMNS
    assert {row["benchmark"] for row in found} == {BENCHMARK.name}
    assert float(found[0]["accuracy"]) == 4 / 6
    assert (found[4]["f1"], found[4]["f1_75"], found[4]["mislabelled"]) == ("0.75", "0.5", "1")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_begins_as_a_formula_does(start: str) -> None:
    rater = Rater(f'{start}HYPERLINK("https://evil.example")', "annotator")
    found = rows(reported(two_units(rater)))
    assert {row["rater"] for row in found} == {f"'{rater.name}"}


def test_an_address_and_a_negative_number_stand_as_they_are() -> None:
    units = [
        [submission([answer(one)], [answer(other)], ANN, unit(number))]
        for number, (one, other) in enumerate([("Cat", "Dog"), ("Dog", "Cat")])
    ]
    found = rows(reported(units))
    assert (found[1]["rater"], float(found[1]["kappa"])) == (ANN.name, -1)


TITLES = st.sampled_from(["Animal", "Seen", "Caption", "Count", "<b>Unknown"])
VALUES = st.one_of(
    st.text(max_size=8), st.sampled_from(["Cat", "Dog"]), st.floats(-9, 9), st.sampled_from([("Rain", "Snow"), ()])
)
RANGES = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(sorted)
ANSWERS = st.builds(
    lambda title, value, sure, frames: Answer(title, value, sure, *frames), TITLES, VALUES, st.floats(0, 1), RANGES
)
PLACES = st.floats(-0.2, 1.2) | st.sampled_from([math.nan, math.inf, 1e300])
POINTS = st.lists(st.tuples(PLACES, PLACES), max_size=5).map(tuple)
SHAPES = st.one_of(
    st.builds(Box, PLACES, PLACES, PLACES, PLACES),
    st.builds(RotatedBox, PLACES, PLACES, PLACES, PLACES, st.floats(-400, 400)),
    st.builds(Polygon, POINTS),
    st.builds(Polyline, POINTS),
    st.builds(Point, PLACES, PLACES),
    st.builds(Bitmask, st.just(4), st.just(3), st.sampled_from(["0303", "36", "0<", "junk!", ""])),
)
PLACEMENTS = st.builds(Placement, st.integers(0, 5), SHAPES, st.floats(0, 1))
THINGS = st.builds(Thing, st.sampled_from(["Cat", "Dog", "Bird"]), st.tuples(PLACEMENTS), st.text(max_size=3))
SIDES = st.lists(st.one_of(ANSWERS, THINGS), max_size=4)
UNITS = st.builds(Unit, st.uuids(), st.text(max_size=6), st.sampled_from([0, 4]), st.sampled_from([0, 3]), st.just(4))


@st.composite
def submissions(draw: st.DrawFn) -> list[Submission]:
    of, truth = draw(UNITS), draw(SIDES)
    sides: Sequence[list[Proposal]] = [draw(SIDES) for _ in (ANN, BOB, MODEL)]
    return [
        Submission(of, rater, labels(given), labels(truth), draw(st.booleans()))
        for rater, given in zip((ANN, BOB, MODEL), sides, strict=True)
    ]


@settings(max_examples=60)
@given(st.lists(submissions(), max_size=3))
def test_any_submissions_make_a_report_a_table_and_a_page(units: list[list[Submission]]) -> None:
    found = reported(units)
    assert Report.model_validate_json(found.model_dump_json()) == found
    assert len(found.leaderboard) == (3 if units else 0)
    assert len(rows(found)) >= len(found.leaderboard)
    assert page(found, {}).rstrip().endswith("</html>")
    assert all(one.accuracy is None or one.accuracy.tried > 0 for one in found.leaderboard)
    assert all(0 <= one.right < one.tried for one in found.worst)
    assert all(MISSING not in option.option for one in found.questions for option in one.options)
