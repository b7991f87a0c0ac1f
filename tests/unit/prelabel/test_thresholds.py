"""Which boxes are accepted, reviewed and dropped: seed 004, to the digit."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.boxes import Found
from encord_lambda.agents.thresholds import Trust, answer, sort, trust
from tests.unit.prelabel.drawn import FOUND, FRACTIONS, a_config, found

CONFIG = a_config()


@pytest.mark.parametrize(
    ("title", "confidence", "becomes"),
    [
        ("Dog", 0.96, Trust.ACCEPTED),
        ("Dog", math.nextafter(0.95, 1), Trust.ACCEPTED),
        ("Dog", 0.95, Trust.REVIEW),
        ("Dog", 0.93, Trust.REVIEW),
        ("Dog", math.nextafter(0.50, 1), Trust.REVIEW),
        ("Dog", 0.50, Trust.DROPPED),
        ("Dog", 0.0, Trust.DROPPED),
        ("Cat", 0.93, Trust.ACCEPTED),
        ("Cat", 0.90, Trust.REVIEW),
    ],
)
def test_both_limits_are_exclusive_and_an_object_may_have_its_own(
    title: str, confidence: float, becomes: Trust
) -> None:
    assert trust(title, confidence, CONFIG) is becomes


def test_review_may_differ_by_object_too() -> None:
    config = a_config(review={"default": 0.5, "Dog": 0.7})

    assert trust("Dog", 0.6, config) is Trust.DROPPED
    assert trust("Cat", 0.6, config) is Trust.REVIEW


@given(st.lists(FOUND, max_size=10), FRACTIONS, FRACTIONS)
def test_the_piles_are_the_limits_recomputed_from_the_confidences(boxes: list[Found], one: float, other: float) -> None:
    piles = sort(boxes, a_config(accept=max(one, other), review=min(one, other)))

    assert piles.accepted == tuple(box for box in boxes if box.confidence > max(one, other))
    assert piles.review == tuple(box for box in boxes if min(one, other) < box.confidence <= max(one, other))
    assert piles.dropped == sum(box.confidence <= min(one, other) for box in boxes)
    assert piles.kept == piles.accepted + piles.review


@pytest.mark.parametrize(
    ("accepted", "review", "told"), [(2, 0, "accepted"), (2, 1, "review"), (0, 1, "review"), (0, 0, "nothing")]
)
def test_the_worst_box_that_is_kept_answers(accepted: int, review: int, told: str) -> None:
    assert answer(accepted, review) == told


def test_a_confidence_of_one_is_accepted_unless_the_limit_is_one() -> None:
    assert sort([found(confidence=1.0)], CONFIG).accepted
    assert sort([found(confidence=1.0)], a_config(accept=1.0)).review
