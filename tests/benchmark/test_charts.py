"""Where a page's curves, outlines and tables of confusion are."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from encord_lambda.benchmark.answer_scores import MISSING
from encord_lambda.benchmark.charts import APART, LINES, Scale, f1_curves, reliability_curve, trend_lines
from encord_lambda.benchmark.confusions import ANSWERS, OTHERS, matrix
from encord_lambda.benchmark.disagreement import Disagreement, disagreement
from encord_lambda.benchmark.intervals import Interval
from encord_lambda.benchmark.pictures import COLUMNS, Scene, scene
from encord_lambda.benchmark.reliability import reliability
from encord_lambda.benchmark.report import Confused, TrendPoint
from encord_lambda.benchmark.submissions import Rater, Unit
from encord_lambda.benchmark.worst import Disputed
from encord_lambda.labels.proposals import Proposal
from encord_lambda.labels.shapes import Box, Point, Polygon, Polyline, RotatedBox, Shape
from tests.benchmark.drawn import SQUARE, bitmask, moved, thing
from tests.benchmark.labelled import ANN, submission, unit
from tests.benchmark.reported import AT, reported
from tests.benchmark.test_reliability import judged
from tests.benchmark.test_scoring import ONTOLOGY


@pytest.mark.parametrize(
    ("values", "low"),
    [
        pytest.param([0.93, 0.71], 0.7, id="the tenth below"),
        pytest.param([0.99], 0.8, id="two tenths at least"),
        pytest.param([0.0], 0.0, id="nothing right"),
        pytest.param([], 0.0, id="nothing at all"),
    ],
)
def test_a_scale_begins_at_a_tenth(values: list[float], low: float) -> None:
    assert Scale.over(values).low == pytest.approx(low)


def test_a_scale_has_few_ticks_from_the_top() -> None:
    assert [text for _, text in Scale(0.0).ticks()] == ["100", "80", "60", "40", "20", "0"]
    assert [round(at, 9) for at, _ in Scale(0.6).ticks()] == [0, 25, 50, 75, 100]


def test_curves_go_from_the_top_left_corner() -> None:
    drawings = reported([[submission([thing(SQUARE)], [thing(moved(SQUARE, 0.1))])]]).drawings
    [line] = f1_curves(drawings).lines
    assert (line.letter, line.name) == ("A", ANN.name)
    assert line.points[0] == (0, 0)  # an overlap of 0.5
    assert [y for _, y in line.points] == [0] * 7 + [100] * 3  # they overlap by 0.818
    assert line.points[-1][0] == pytest.approx(100)


def test_letters_beside_a_plot_never_hide_each_other_and_more_curves_than_letters_are_left_out() -> None:
    raters = [Rater(f"{number}@example.com", "annotator") for number in range(LINES + 2)]
    trend = [
        TrendPoint(at=AT + timedelta(day), rater=one.name, kind=one.kind, accuracy=0.9, interval=Interval(0.8, 1))
        for day in range(2)
        for one in raters
    ]
    plot = trend_lines(trend, raters)
    assert (len(plot.lines), plot.left_out) == (LINES, 2)
    assert all(other.beside - one.beside >= APART for one, other in pairwise(plot.lines))
    assert plot.lines[-1].beside <= 100
    assert plot.across == ((0, "21 Nov 2026"), (100, "22 Nov 2026"))


def test_two_raters_of_one_name_have_a_line_each() -> None:
    raters = [Rater("agents", "annotator"), Rater("agents", "model")]
    trend = [
        TrendPoint(at=AT + timedelta(day), rater="agents", kind=one.kind, accuracy=value, interval=Interval(0, 1))
        for day in range(2)
        for one, value in zip(raters, (0.9, 0.8), strict=True)
    ]
    assert [len(line.points) for line in trend_lines(trend, raters).lines] == [2, 2]


def test_a_calibration_curve_has_intervals_as_whiskers() -> None:
    found = reliability([*judged(0.75, 3, 1), *judged(0.25, 0, 4)])
    assert found
    [line] = reliability_curve(found, "answers").lines
    assert line.points == ((25, 100), (75, 25))
    assert [one.x for one in line.whiskers] == [25, 75]
    assert all(one.high < one.low <= 100 for one in line.whiskers)  # percent from the top


def test_rare_answers_of_many_are_put_together() -> None:
    many = [Confused(truth=f"{number:02}", given=f"{number:02}", count=40 - number) for number in range(ANSWERS + 3)]
    found = matrix([*many, Confused(truth="13", given=MISSING, count=1)])
    assert found.answers == (*(f"{number:02}" for number in range(ANSWERS - 1)), OTHERS, MISSING)
    others = found.rows[ANSWERS - 1]
    assert [(one.count, one.right) for one in others.cells if one.count] == [(29 + 28 + 27 + 26, False), (1, False)]
    assert (found.rows[0].cells[0].share, found.rows[0].cells[0].right) == (1, True)


def shown(shape: Shape, of: Unit) -> tuple[Disagreement, Scene]:
    given: list[Proposal] = [thing(shape)]
    found = disagreement(Disputed(submission([], given, of=of), 0, 1), ONTOLOGY, "")
    return found, scene(found)


@pytest.mark.parametrize(
    ("shape", "path", "at"),
    [
        pytest.param(Box(0.1, 0.2, 0.5, 0.4), "M20.0 20.0 120.0 20.0 120.0 60.0 20.0 60.0Z", (20, 20), id="box"),
        pytest.param(
            Polygon(((0.1, 0.2), (0.5, 0.2), (0.5, 0.8))), "M20.0 20.0 100.0 20.0 100.0 80.0Z", (20, 20), id="polygon"
        ),
        pytest.param(Polyline(((0.1, 0.8), (0.5, 0.2))), "M20.0 80.0 100.0 20.0", (20, 20), id="polyline"),
        pytest.param(
            Point(0.5, 0.5),
            "M97.6 50.0a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0 -4.8 0Z",
            (100, 50),
            id="point",
        ),
    ],
)
def test_a_shape_is_drawn_in_pixels(shape: Shape, path: str, at: tuple[float, float]) -> None:
    _, found = shown(shape, Unit(unit().data, "", 200, 100, 1))
    [outline] = found.given
    assert (outline.path, found.size) == (path, (200, 100))
    assert outline.at == pytest.approx(at)
    assert outline.is_line is isinstance(shape, Polyline)


def test_a_turned_box_turns_about_its_middle() -> None:
    _, found = shown(RotatedBox(0.1, 0.2, 0.5, 0.4, 30.0), Unit(unit().data, "", 200, 100, 1))
    assert found.given[0].turned == "rotate(30.0 70.0 40.0)"


def test_a_mask_is_drawn_column_by_column() -> None:
    pixels = np.zeros((4, 5), dtype=bool)
    pixels[1:3, 1:3] = pixels[0, 4] = True
    _, found = shown(bitmask(pixels), Unit(unit().data, "", 5, 4, 1))
    assert found.given[0].path == "M1 1h1v2h-1z M2 1h1v2h-1z M4 0h1v1h-1z"
    assert found.given[0].at == (1, 0)


@pytest.mark.parametrize("column", [7, 8], ids=["between those drawn", "one that is drawn"])
def test_of_a_wide_mask_enough_columns_are_drawn(column: int) -> None:
    pixels = np.zeros((4, 4 * COLUMNS), dtype=bool)
    pixels[:, column] = True
    _, found = shown(bitmask(pixels), Unit(unit().data, "", 4 * COLUMNS, 4, 1))
    assert found.given[0].path == ("M8 0h4v4h-4z" if column == 8 else "M7.0 0.0 8.0 0.0 8.0 4.0 7.0 4.0Z")


def test_where_the_size_is_unknown_a_frame_of_some_size_is_drawn_on() -> None:
    found, drawn = shown(SQUARE, Unit(unit().data, "", 0, 0, 1))
    assert (found.width, drawn.size) == (0, (640, 480))
    assert drawn.given[0].at == pytest.approx((128, 96))
