"""Proposed thresholds keep their promise on data that nobody looked at."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.benchmark.calibration import Judgement, Threshold, propose

RUNS = 500
type Chance = Callable[[np.ndarray], np.ndarray]
CONFIDENCES = st.integers(0, 100).map(lambda hundredths: hundredths / 100)
JUDGEMENTS = st.lists(st.builds(Judgement, st.sampled_from("ab"), CONFIDENCES, st.booleans()), max_size=600)


def one(judgements: list[Judgement], precision: float = 0.9) -> Threshold:
    [found] = propose(judgements, precision)
    return found


def asked(chance: Chance, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Confidences that a model states, and whether it was right, with the chance that its confidence has."""
    random = np.random.default_rng(seed)
    stated = random.beta(3, 1, count)
    return stated, random.random(count) < chance(stated)


def drawn(chance: Chance, count: int, seed: int, label: str = "Cat") -> list[Judgement]:
    """The same as judgements."""
    return [Judgement(label, *each) for each in zip(*(of.tolist() for of in asked(chance, count, seed)), strict=True)]


def test_a_model_that_is_always_right_may_be_accepted_throughout() -> None:
    found = one([Judgement("Cat", 0.5 + i / 1000, right=True) for i in range(100)])
    assert (found.accept, found.accepted, found.errors) == (0, 100, 0)


def test_nothing_is_accepted_of_what_too_few_judged() -> None:
    found = one([Judgement("Cat", 0.9, right=True)] * 10)
    assert (found.accept, found.precision_at_least) == (None, None)
    assert found.needed == 42  # 0.9 ** 42 < 0.05 / 4


def test_nothing_is_accepted_of_a_model_that_is_mostly_wrong_and_what_is_unsure_is_not_worth_a_review() -> None:
    found = one([Judgement("Cat", i / 300, right=i >= 200 and i % 2 == 0) for i in range(300)])
    assert found.accept is None
    assert 170 / 300 < found.review < 240 / 300


def test_the_threshold_lies_where_wrong_answers_begin() -> None:
    found = one([Judgement("Cat", i / 1000, right=i >= 400) for i in range(1000)])
    assert found.accept == pytest.approx(0.4, abs=0.08)
    assert found.review == pytest.approx(0.4, abs=0.05)


def test_equal_confidences_are_never_parted() -> None:
    found = one([Judgement("Cat", 0.9, right=True)] * 300 + [Judgement("Cat", 0.8, right=False)] * 300)
    assert (found.accept, found.accepted) == (0.8, 300)


def test_each_class_has_its_own_threshold() -> None:
    judgements = drawn(lambda stated: stated**0.1, 3000, 1) + drawn(lambda stated: stated * 0.5, 3000, 2, "Dog")
    cat, dog = propose(judgements, 0.95)
    assert (cat.label, dog.label) == ("Cat", "Dog")
    assert cat.accept is not None
    assert dog.accept is None


@given(JUDGEMENTS, st.sampled_from([0.5, 0.8, 0.95]))
def test_what_is_said_of_the_accepted_is_counted_above_the_threshold(judged: list[Judgement], precision: float) -> None:
    for found in propose(judged, precision):
        assert 0 <= found.review <= (1 if found.accept is None else found.accept)
        above = [each for each in judged if each.label == found.label and each.confidence > (found.accept or 0)]
        if found.accept is None:
            assert found.accepted == found.errors == 0
        elif found.accept > 0:
            assert found.accepted == len(above)
            assert found.errors == sum(not each.right for each in above)


@given(JUDGEMENTS, st.randoms(use_true_random=False))
def test_the_order_of_judgements_does_not_matter(judged: list[Judgement], random: object) -> None:
    shuffled = sorted(judged, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert propose(shuffled, 0.8) == propose(judged, 0.8)


@pytest.mark.parametrize(
    ("chance", "precision"),
    [
        pytest.param(lambda stated: stated, 0.9, id="calibrated"),
        pytest.param(lambda stated: stated**0.25, 0.98, id="too modest"),
        pytest.param(lambda stated: 1 - 1.2 * (1 - stated), 0.9, id="too sure"),
        pytest.param(lambda stated: np.full_like(stated, 0.975), 0.98, id="no relation"),
    ],
)
def test_the_precision_promised_holds_in_95_of_100_runs(chance: Chance, precision: float) -> None:
    """Beside the precision above the threshold in a million answers of the same model, held out."""
    stated, right = asked(chance, 1_000_000, 1)
    order = np.argsort(-stated)
    held_out = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    accepts = [one(drawn(chance, 1000, run), precision).accept for run in range(2, 2 + RUNS)]
    ranks = np.searchsorted(-stated[order], [-accept for accept in accepts if accept is not None])
    assert np.count_nonzero(held_out[np.maximum(ranks, 1) - 1] < precision) <= 0.05 * RUNS
