"""From how often a model was right at which confidence to thresholds that keep a promise about its precision.

What is promised of a class holds with the stated confidence, whatever the model's confidences mean. Looking for the
lowest threshold that looks good would break that promise, so thresholds are tested in an order that is fixed before
anybody sees what was right, and testing ends at the first that fails (Angelopoulos et al. 2021, Learn then Test,
fixed-sequence testing from several starts). Each test is an exact binomial bound: of those above the confidence of
the rank n + 1, the first n are independent draws. Judgements of one picture are less independent than that.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, takewhile
from math import ceil, log
from typing import Final

from encord_lambda.benchmark.intervals import CONFIDENCE, at_least, at_most

STARTS: Final = 4
"""From how many ranks testing starts; each has an equal share of the probability of being wrong."""
STEP: Final = 1.05
"""How many times as many are accepted from one threshold tested to the next."""
BLOCK: Final = 30
"""How many of the least sure are judged together, whether they are worth a review."""
WORTH_REVIEW: Final = 0.5
"""Below this precision a reviewer is faster without the label: deleting and drawing anew take longer than drawing."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer or object of a model's, which ground truth has judged."""

    label: str
    """What the model said it is: the option or the object."""
    confidence: float
    """In [0, 1], as the model stated it."""
    right: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """A proposal for one class."""

    label: str
    accept: float | None
    """Above this confidence the promise holds; None where it holds nowhere, or too few were judged to tell."""
    review: float
    """Up to this confidence, more are wrong than right; 0 where that cannot be said. Never above `accept`."""
    judged: int
    accepted: int
    """How many of the judged are above `accept`."""
    errors: int
    """How many of these were wrong."""
    precision_at_least: float | None
    """What the precision above `accept` is at least, with the share of confidence that its test had."""
    needed: int
    """How many faultless judgements a threshold takes at least."""


def propose(judgements: Iterable[Judgement], precision: float, confidence: float = CONFIDENCE) -> list[Threshold]:
    """A proposal for each class, in the order of their names.

    Of each class by itself, the precision above `accept` is `precision` or more with a probability of `confidence`.
    Both are in (0, 1).
    """
    ordered = sorted(judgements, key=lambda one: (one.label, -one.confidence))
    return [
        _threshold(label, list(those), precision, confidence)
        for label, those in groupby(ordered, key=lambda one: one.label)
    ]


def _threshold(label: str, falling: Sequence[Judgement], precision: float, confidence: float) -> Threshold:
    doubt = (1 - confidence) / STARTS
    right = list(accumulate((one.right for one in falling), initial=0))
    needed = ceil(log(doubt) / log(precision))
    bounds = {n: at_least(right[n], n, 1 - doubt) for n in _cuts(falling, needed)}
    accepted = _farthest(list(bounds), {n for n, bound in bounds.items() if bound >= precision})
    accept = (falling[accepted].confidence if accepted < len(falling) else 0.0) if accepted else None
    review = min(_review(falling, confidence), 1.0 if accept is None else accept)
    errors = accepted - right[accepted]
    return Threshold(label, accept, review, len(falling), accepted, errors, bounds.get(accepted), needed)


def _review(falling: Sequence[Judgement], confidence: float) -> float:
    """Up to which confidence the judged, a block after the other from the least sure on, are more wrong than right."""
    reached, block = 0.0, list[Judgement]()
    for stated, alike in groupby(reversed(falling), key=lambda one: one.confidence):
        block += alike
        if len(block) >= BLOCK:
            if at_most(sum(one.right for one in block), len(block), confidence) >= WORTH_REVIEW:
                break
            reached, block = stated, []
    return reached


def _cuts(ordered: Sequence[Judgement], least: int) -> list[int]:
    """How many may be parted from the rest: `least` or more, equal confidences never from each other."""
    cuts: list[int] = []
    for n in range(least, len(ordered) + 1):
        parted = n == len(ordered) or ordered[n].confidence != ordered[n - 1].confidence
        if parted and (not cuts or n >= cuts[-1] * STEP or n == len(ordered)):
            cuts.append(n)
    return cuts


def _farthest(cuts: Sequence[int], passed: Container[int]) -> int:
    """The last cut that is reached from one of the starts without a failure on the way; 0 if there is none."""
    starts = sorted({len(cuts) * part // STARTS for part in range(STARTS)})
    return max((n for start in starts for n in takewhile(passed.__contains__, cuts[start:])), default=0)
