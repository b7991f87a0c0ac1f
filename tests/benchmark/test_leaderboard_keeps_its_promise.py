"""Annotators of known skill, simulated: who is ranked how, and whether their intervals hold their true rates."""

import random
from itertools import pairwise

import pytest

from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.scoring import Scoring
from encord_lambda.benchmark.standings import Standing, leaderboard
from encord_lambda.benchmark.submissions import Rater
from tests.benchmark.simulated import ONTOLOGY, Skill, submitted, truths

RUNS, UNITS, THINGS = 500, 30, 3.5
SKILLS = (
    Skill(Rater("careful@example.com", "annotator"), wrong=0.04),
    Skill(Rater("quick@example.com", "annotator"), wrong=0.2, surplus=0.2),
    Skill(Rater("new@example.com", "annotator"), wrong=0.45, surplus=0.1),
)


def simulated(seed: int) -> tuple[Standing, ...]:
    rng = random.Random(seed)  # noqa: S311 - simulated
    scoring = Scoring(ONTOLOGY, Notes())
    for truth in truths(rng, UNITS):
        scoring.add(submitted(rng, truth, SKILLS))
    return leaderboard(scoring.scores().tallies, least_units=30)


@pytest.fixture(scope="module")
def runs() -> list[dict[str, Standing]]:
    return [{line.rater: line for line in simulated(seed)} for seed in range(RUNS)]


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: skill.rater.name)
def test_a_true_rate_is_within_its_interval_in_93_of_100_runs(runs: list[dict[str, Standing]], skill: Skill) -> None:
    found = [run[skill.rater.name].accuracy for run in runs]
    true = skill.accuracy(THINGS)
    held = [one.interval.low <= true <= one.interval.high for one in found if one]
    assert len(held) == RUNS
    assert sum(held) >= 0.93 * RUNS


def test_raters_are_ranked_by_their_true_rates(runs: list[dict[str, Standing]]) -> None:
    """Their rates are 20 and 22 points apart, their intervals up to 22 wide."""
    names = [skill.rater.name for skill in SKILLS]
    right = [[run[name].rank for name in names] == [1, 2, 3] for run in runs]
    assert sum(right) >= 0.99 * RUNS


def test_who_is_called_surely_better_is_better(runs: list[dict[str, Standing]]) -> None:
    true = {skill.rater.name: skill.accuracy(THINGS) for skill in SKILLS}
    ranked = [sorted(run.values(), key=lambda line: line.rank or 0) for run in runs]
    sure = [(one, other) for run in ranked for one, other in pairwise(run) if one.surely_better]
    assert len(sure) >= RUNS
    assert all(true[one.rater] > true[other.rater] for one, other in sure)
