"""Detectors under the spend guard: a price per call, and no frame looked at twice."""

from dataclasses import replace

import pytest

from encord_lambda.agents.agent import Usage
from encord_lambda.config_prelabel import HttpDetector, OpenInferenceDetector
from encord_lambda.errors import OverBudget, Reject, Retry
from tests.fakes.ledger import Books
from tests.unit.spending.asking import DETECTED, DETECTOR, PICTURE, a_detector, guarded

NAME = "http:https://detector.example/detect"


def test_a_call_costs_its_price_and_says_so() -> None:
    books = Books()
    seen = guarded(a_detector(), books).detect(DETECTOR, PICTURE)
    assert seen == replace(DETECTED, usage=Usage(0.2, usd=0.01))
    assert books.today(NAME) == 10_000


def test_the_same_frame_is_looked_at_once() -> None:
    detector, books = a_detector(), Books()
    guarded(detector, books).detect(DETECTOR, PICTURE)
    again = guarded(detector, books).detect(DETECTOR, PICTURE)
    assert again == replace(DETECTED, usage=Usage())
    assert (detector.asked, books.today(NAME)) == (1, 10_000)


def test_another_frame_and_another_detector_are_asked() -> None:
    detector, books = a_detector(), Books()
    guarded(detector, books).detect(DETECTOR, PICTURE)
    guarded(detector, books).detect(DETECTOR, replace(PICTURE, content=b"other pixels"))
    guarded(detector, books).detect(HttpDetector(kind="http", url="https://other.example"), PICTURE)
    assert detector.asked == 3


def test_a_detector_that_is_configured_otherwise_is_asked_anew() -> None:
    detector, books = a_detector(), Books()
    pixels = OpenInferenceDetector(kind="open_inference", url="https://kserve.example", model="yolo")
    guarded(detector, books).detect(pixels, PICTURE)
    guarded(detector, books).detect(pixels.model_copy(update={"unit": "fractions"}), PICTURE)
    assert detector.asked == 2


def test_over_the_budget_no_frame_is_looked_at() -> None:
    detector, books = a_detector(), Books()
    held = guarded(detector, books, usd_per_day=0.019)
    held.detect(DETECTOR, PICTURE)
    with pytest.raises(OverBudget, match=r"http:https://detector\.example/detect: today's budget of \$0\.02 is spent"):
        held.detect(DETECTOR, replace(PICTURE, content=b"next"))
    assert detector.asked == 1


def test_a_frame_that_was_refused_after_looking_costs_a_call_one_that_never_arrived_does_not() -> None:
    books = Books()
    held = guarded(a_detector(Reject("unusable", billed=True), Retry("no connection")), books)
    with pytest.raises(Reject, match="unusable"):
        held.detect(DETECTOR, PICTURE)
    with pytest.raises(Retry, match="no connection"):
        held.detect(DETECTOR, PICTURE)
    assert (books.today(NAME), books.answers) == (10_000, {})
