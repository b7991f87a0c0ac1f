"""An agent's limits as its judged tasks would have them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, inf
from typing import Final

from encord_lambda.benchmark.calibration import Judgement, Threshold, propose
from encord_lambda.benchmark.judged_stages import Task
from encord_lambda.config_classify import Classify
from encord_lambda.config_prelabel import Prelabel, limit

ALL: Final = "all answers"
"""What the threshold for a classify agent is about: it has one `unsure_below`, whatever the answer."""
DIGITS: Final = 17


@dataclass(frozen=True, slots=True)
class Proposal:
    """Thresholds, and the agent with the limits that follow."""

    thresholds: tuple[Threshold, ...]
    """One for each class that was judged; of a classify agent the first is about `ALL` of them."""
    agent: Prelabel | Classify


def decides_who_answers(agent: Prelabel | Classify) -> bool:
    """Whether its limits choose between models or detectors, so that other limits would have got other answers.

    Of these nobody knows what is right, and no promise can be made about other limits than today's.
    """
    if isinstance(agent, Prelabel):
        return bool(agent.escalate or agent.agree)
    return len(agent.models) > 1


def proposal(agent: Prelabel | Classify, tasks: Iterable[Task], precision: float, confidence: float) -> Proposal:
    """What keeps the promise of `propose`; both shares are in (0, 1).

    A prelabel agent's class that no limit keeps it for is never accepted. Where too few were judged to tell, today's
    limit stays. What is not worth a review is dropped, and never more is kept than today, for nobody has judged it. A
    limit is the shortest decimal that has the same of the judged above it.
    """
    judged = [one for task in tasks for one in task]
    if isinstance(agent, Prelabel):
        found = propose(judged, precision, confidence)
        return Proposal(tuple(found), _prelabel(agent, found, judged))
    together = propose((replace(one, label=ALL) for one in judged), precision, confidence)
    return Proposal((*together, *propose(judged, precision, confidence)), _classify(agent, together, judged))


def _prelabel(agent: Prelabel, found: Iterable[Threshold], judged: Sequence[Judgement]) -> Prelabel:
    accept, review = dict(agent.accept), dict(agent.review)
    for one in found:
        stated = [each.confidence for each in judged if each.label == one.label]
        least = max(limit(agent.review, one.label), _shortest_from(one.review, stated))
        most = _accept(one, limit(agent.accept, one.label), least, stated)
        for limits, new in ((accept, most), (review, min(least, most))):
            if limit(limits, one.label) != new:
                limits[one.label] = new
    return agent.model_copy(update={"accept": accept, "review": review})


def _accept(one: Threshold, today: float, review: float, stated: Iterable[float]) -> float:
    if one.accept is not None:
        return max(_shortest_from(one.accept, stated), review)
    return today if one.judged < one.needed else 1.0


def _classify(agent: Classify, found: Iterable[Threshold], judged: Iterable[Judgement]) -> Classify:
    stated = [one.confidence for one in judged]
    for one in found:
        if one.accept is not None:
            least = _shortest_above(one.accept, stated)
            return agent.model_copy(update={"unsure_below": least})
    return agent


def _shortest_from(low: float, stated: Iterable[float]) -> float:
    """The shortest decimal that is `low` or more, and below whatever was stated above it."""
    below = min((one for one in stated if one > low), default=inf)
    rounded = (ceil(low * 10**digits) / 10**digits for digits in range(1, DIGITS))
    return next((one for one in rounded if low <= one < below), low)


def _shortest_above(low: float, stated: Iterable[float]) -> float:
    """The shortest decimal above `low` that is not above whatever was stated above it."""
    most = min((one for one in stated if one > low), default=1.0)
    rounded = (floor(most * 10**digits) / 10**digits for digits in range(1, DIGITS))
    return next((one for one in rounded if low < one <= most), most)


def changes(before: Prelabel | Classify, after: Prelabel | Classify) -> Iterator[tuple[tuple[str, ...], float]]:
    """Where in the agent's part of pipeline.yaml another number stands, and which."""
    if isinstance(before, Classify) and isinstance(after, Classify):
        if after.unsure_below is not None and after.unsure_below != before.unsure_below:
            yield ("unsure_below",), after.unsure_below
    elif isinstance(before, Prelabel) and isinstance(after, Prelabel):
        for key, old, new in (("accept", before.accept, after.accept), ("review", before.review, after.review)):
            yield from (((key, title), new[title]) for title in sorted(new) if old.get(title) != new[title])
