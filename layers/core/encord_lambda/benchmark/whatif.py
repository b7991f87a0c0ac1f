"""What limits would have made of the tasks that were judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nextafter
from typing import Final

from encord_lambda.benchmark.intervals import at_most
from encord_lambda.benchmark.judged_stages import Task
from encord_lambda.config_classify import Classify
from encord_lambda.config_prelabel import DEFAULT, Prelabel, limit

PER: Final = 1000
"""What numbers of tasks are told of."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Tasks that need no person, of those judged, and what they would save and cost."""

    precision: float | None
    """What the limits were proposed for; None is today's limits."""
    tasks: int
    accepted: int
    """All that was kept of them is above `accept`, and something was."""
    wrong: int
    """Accepted, and something that was kept is wrong. What the agent has missed is not counted."""
    accepted_share: float | None
    """In [0, 1]; None where nothing was judged, as is all that follows."""
    errors_per_1000: float | None
    """Tasks that are wrong and accepted, of 1,000 tasks."""
    errors_per_1000_at_most: float | None
    """By the exact one-sided bound of how many of the accepted are wrong, for limits that were not chosen by these very
    tasks."""
    hours_saved_per_1000: float | None


def what_if(
    tasks: Iterable[Task], agent: Prelabel | Classify, precision: float | None, seconds: float, confidence: float
) -> WhatIf:
    """With the agent's limits, where a person takes so many seconds to look at a task."""
    accept, review = _limits(agent)
    judged = accepted = wrong = 0
    for task in tasks:
        kept = [one for one in task if one.confidence > limit(review, one.label)]
        is_accepted = bool(kept) and all(one.confidence > limit(accept, one.label) for one in kept)
        judged += 1
        accepted += is_accepted
        wrong += is_accepted and not all(one.right for one in kept)
    if not judged:
        return WhatIf(precision, 0, 0, 0, None, None, None, None)
    return WhatIf(
        precision,
        judged,
        accepted,
        wrong,
        accepted / judged,
        PER * wrong / judged,
        PER * accepted / judged * at_most(wrong, accepted, confidence),
        PER * accepted / judged * seconds / 3600,
    )


def _limits(agent: Prelabel | Classify) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Above which a label is accepted, and kept."""
    if isinstance(agent, Prelabel):
        return agent.accept, agent.review
    nothing = {DEFAULT: -1.0}
    # What is exactly as sure as `unsure_below` is accepted.
    return (nothing if agent.unsure_below is None else {DEFAULT: nextafter(agent.unsure_below, -1.0)}), nothing
