"""Accuracy beside stated confidence."""

import pytest

from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.intervals import wilson
from encord_lambda.benchmark.reliability import reliability


def judged(confidence: float, right: int, wrong: int = 0) -> list[Judgement]:
    return [Judgement("Cat", confidence, place < right) for place in range(right + wrong)]


def test_tenths_and_their_error_are_as_counted_by_hand() -> None:
    found = reliability([*judged(0.95, 3, 1), *judged(1.0, 4), *judged(0.05, 0, 2)])
    assert found
    low, high = found.tenths
    assert (low.least, low.judged, low.right, low.confidence, low.accuracy) == (0.0, 2, 0, 0.05, 0.0)
    assert (high.least, high.judged, high.right, high.accuracy) == (0.9, 8, 7, 0.875)
    assert high.confidence == pytest.approx(0.975)
    assert high.interval == wilson(7, 8)
    assert found.judged == 10
    assert found.calibration_error == pytest.approx((2 * 0.05 + 8 * 0.1) / 10)


def test_a_model_that_is_as_right_as_it_says_has_no_error() -> None:
    found = reliability([*judged(0.75, 3, 1), *judged(0.5, 2, 2)])
    assert found
    assert found.calibration_error == 0


def test_without_judgements_there_is_nothing_to_show() -> None:
    assert reliability([]) is None
