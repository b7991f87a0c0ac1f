"""What must hold of the benchmark: simulated annotators are ranked as well as they are, and their tasks are done."""

from collections.abc import Iterator

from sandbox.scenario.check import Check, some
from sandbox.scenario.gold import AGENTS
from sandbox.scenario.scoring import Scoring


def scoring_checks(scoring: Scoring) -> Iterator[Check]:
    """One row of the closing table each."""
    yield _ranked(scoring)
    yield _inside(scoring)
    yield _archived(scoring)


def _ranked(scoring: Scoring) -> Check:
    lines = scoring.standings.leaderboard if scoring.standings else []
    ranked = [line.rater for line in lines if line.kind == "annotator" and line.rank is not None]
    wanted = [one.email for one in scoring.annotators]
    found = " > ".join(name.partition("@")[0] for name in ranked) or "no report"
    return Check("benchmark: annotators are ranked by their skill", found, bool(wanted) and ranked == wanted, found)


def _inside(scoring: Scoring) -> Check:
    lines = scoring.standings.leaderboard if scoring.standings else []
    outside = []
    for line in lines:
        interval, skill = line.accuracy.interval, scoring.skill(line)
        if skill is None or not interval.low <= skill.accuracy <= interval.high:
            outside.append(f"{line.rater}: {interval.low:.3f} to {interval.high:.3f}")
    found = f"{len(lines) - len(outside)} of {len(lines)}"
    claim = "benchmark: true rates lie in the 95 % intervals, each agent stage's too"
    return Check(claim, found, len(lines) == len(scoring.annotators) + len(AGENTS) and not outside, some(outside))


def _archived(scoring: Scoring) -> Check:
    units = scoring.standings.units if scoring.standings else 0
    found = f"{scoring.archived} of {scoring.tasks}, {units} scored"
    done = 0 < scoring.tasks == scoring.archived == units and scoring.page is not None
    return Check("benchmark: all tasks are scored and in the Archive, the report is written", found, done, found)
