"""Agreement beside scikit-learn and the worked examples that Krippendorff published."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from encord_lambda.benchmark.agreement import Coincidences, cohens_kappa, observed_agreement

OPTIONS = st.sampled_from("abcd")


def alpha(*raters: str) -> float | None:
    """Of raters' answers, a character for each unit; a dot for none."""
    found = Coincidences()
    for answers in zip(*raters, strict=True):
        found.add(answer for answer in answers if answer != ".")
    return found.alpha


def test_alpha_is_that_of_krippendorffs_binary_example() -> None:
    """Krippendorff (2011), section A: two observers, no missing data."""
    assert alpha("0100000010", "1110010000") == pytest.approx(0.095, abs=5e-4)


def test_alpha_is_that_of_krippendorffs_example_with_missing_answers() -> None:
    """Krippendorff (2011), section C: four observers, twelve units, one of which has a single answer."""
    raters = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    assert alpha(*raters) == pytest.approx(0.743, abs=5e-4)


def test_units_with_one_answer_say_nothing() -> None:
    assert alpha("aab.", "aab.") == alpha("aabc", "aab.") == 1
    assert alpha("abc", "...") is None


def test_nothing_is_said_where_all_raters_always_say_the_same_thing() -> None:
    assert alpha("aaaa", "aaaa", "aaaa") is None
    assert cohens_kappa({("a", "a"): 9}) is None


def test_nothing_is_said_where_nothing_was_rated() -> None:
    assert cohens_kappa({}) is None
    assert observed_agreement({}) is None
    assert Coincidences().alpha is None


@given(st.lists(st.tuples(OPTIONS, OPTIONS), min_size=1, max_size=60))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    found = cohens_kappa(Counter(pairs))
    if found is None:
        assert len(set(pairs)) == 1
    else:
        assert found == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)), abs=1e-9)


@given(st.lists(st.lists(OPTIONS, max_size=5), min_size=1, max_size=30))
def test_alpha_is_one_minus_observed_by_expected_disagreement(units: list[list[str]]) -> None:
    """Straight from the definition: all ordered pairs within units, beside all ordered pairs of answers at all."""
    found = Coincidences()
    for unit in units:
        found.add(unit)
    paired = [unit for unit in units if len(unit) > 1]
    said = [answer for unit in paired for answer in unit]
    within = sum(sum(one != other for one in unit for other in unit) / (len(unit) - 1) for unit in paired) / max(
        len(said), 1
    )
    across = np.mean([one != other for i, one in enumerate(said) for j, other in enumerate(said) if i != j] or [False])
    assert found.alpha == (pytest.approx(1 - within / across, abs=1e-9) if across else None)
