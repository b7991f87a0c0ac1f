"""The closing table's rows about the benchmark see what is wrong."""

from dataclasses import replace

import pytest

from sandbox.annotators import COLOURS, Annotator, Seen
from sandbox.scenario.scoring import Scoring
from sandbox.scenario.scoring_checks import scoring_checks
from tests.e2e import perfect

GOOD = perfect.scoring()
BOX = (0.2, 0.2, 0.8, 0.8)


def failed(scoring: Scoring) -> list[str]:
    return [check.claim for check in scoring_checks(scoring) if not check.holds]


def test_nothing_is_wrong_with_a_perfect_run() -> None:
    assert failed(GOOD) == []


def test_a_run_without_a_report_fails_in_everything() -> None:
    assert len(failed(Scoring())) == 3


@pytest.mark.parametrize("change", ["the wrong order", "nobody ranked"])
def test_a_ranking_that_is_wrong_is_noticed(change: str) -> None:
    assert GOOD.standings
    first, second, *others = GOOD.standings.leaderboard
    lines = [second, first] if change == "the wrong order" else [first.model_copy(update={"rank": None}), second]
    standings = GOOD.standings.model_copy(update={"leaderboard": [*lines, *others]})

    [claim] = failed(replace(GOOD, standings=standings))

    assert claim.startswith("benchmark: annotators are ranked")


def test_a_true_rate_outside_its_interval_is_noticed() -> None:
    assert GOOD.standings
    first, *others = GOOD.standings.leaderboard
    wrong = first.model_copy(update={"accuracy": others[-1].accuracy, "rater": "cem@example.com"})
    standings = GOOD.standings.model_copy(update={"leaderboard": [wrong, *others]})

    assert any("true rates" in claim for claim in failed(replace(GOOD, standings=standings)))


@pytest.mark.parametrize("changes", [{"archived": 39}, {"tasks": 41}, {"page": None}], ids=str)
def test_work_that_is_left_is_noticed(changes: dict[str, int]) -> None:
    [claim] = failed(replace(GOOD, **changes))  # type: ignore[arg-type]

    assert claim.startswith("benchmark: all tasks are scored")


def test_simulated_annotators_are_right_as_often_as_they_should_be_and_always_the_same() -> None:
    annotator = Annotator("ann@example.com", right=0.8, misses=0.1, jitter=0.05)
    titles = [str(number) for number in range(4_000)]
    seen = [annotator.sees(title, Seen("Cat", BOX)) for title in titles]

    right = [one.kind == "Cat" for one in seen]
    kept = [one.kind == "Cat" and one.box is not None for one in seen]
    assert sum(right) / len(seen) == pytest.approx(0.8, abs=0.02)
    assert (sum(right) + sum(kept)) / 2 / len(seen) == pytest.approx(annotator.accuracy, abs=0.02)
    assert {one.kind for one in seen} == set(COLOURS)
    assert all(0 <= one.box[0] < one.box[2] <= 1 and 0 <= one.box[1] < one.box[3] <= 1 for one in seen if one.box)
    assert seen == [annotator.sees(title, Seen("Cat", BOX)) for title in titles]
