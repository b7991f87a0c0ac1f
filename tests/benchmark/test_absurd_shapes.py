"""Whatever numbers a shape is made of, it is counted or noted, and nothing overflows on the way (see conftest)."""

from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.benchmark import tracing
from encord_lambda.labels.shapes import Box, Point, Polygon, Polyline, RotatedBox, Shape
from tests.benchmark.drawn import FAR, SQUARE, scored, things
from tests.benchmark.labelled import submission

HUGE = 1.7e308
NUMBERS = st.floats() | st.sampled_from([0.0, 0.2, 0.5, 1.0, 1e6, -1e6, HUGE, -HUGE, 5e-324])
LINES = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5).map(tuple)
SHAPES: st.SearchStrategy[Shape] = st.one_of(
    st.builds(Box, *[NUMBERS] * 4),
    st.builds(RotatedBox, *[NUMBERS] * 5),
    st.builds(Polygon, LINES),
    st.builds(Polyline, LINES),
    st.builds(Point, NUMBERS, NUMBERS),
)
ABSURD: list[Shape] = [
    Box(HUGE, 0.1, HUGE, 0.1),
    Box(0.1, 0.1, HUGE, HUGE),
    Box(-inf, 0.1, inf, 0.1),
    RotatedBox(HUGE, HUGE, HUGE, HUGE, 45.0),
    RotatedBox(0.2, 0.2, 0.2, 0.2, HUGE),
    RotatedBox(0.2, 0.2, 0.2, 0.2, inf),
    Polygon(((0.1, 0.1), (HUGE, -HUGE), (HUGE, HUGE))),
    Polygon(((0.1, 0.1), (0.2, inf), (0.3, 0.1))),
    Polyline(((-HUGE, 0.1), (HUGE, 0.1))),
    Polyline(((0.1, 0.1), (nan, 0.1))),
    Point(HUGE, 0.1),
    Point(0.1, -inf),
]


@pytest.mark.parametrize("shape", ABSURD, ids=range(len(ABSURD)))
def test_a_number_that_is_none_or_too_large_is_noted_on_either_side_and_counted_on_none(shape: Shape) -> None:
    (found,), notes = scored(submission(things([shape, SQUARE]), things([SQUARE, shape])))
    assert (found.total.given, found.total.truth, found.total.matched(0.95)) == (1, 1, 1)
    assert notes == {tracing.FLAT: 2}


@settings(max_examples=150, deadline=None)
@given(st.lists(SHAPES, max_size=4), st.lists(SHAPES, max_size=4))
def test_any_shape_is_counted_or_noted(drawn: list[Shape], true: list[Shape]) -> None:
    (found,), notes = scored(submission(things([*true, FAR]), things([*drawn, FAR])))
    left_out = sum(count for what, count in notes.items() if what.endswith((": not scored", ": counted once")))
    assert found.total.given + found.total.truth + left_out == len(drawn) + len(true) + 2
    assert found.total.matched(0.5) >= 1
