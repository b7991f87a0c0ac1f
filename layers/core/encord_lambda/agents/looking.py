"""Looking at one picture: which detectors are asked, and what their answers come to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from encord_lambda.agents import thresholds, vision_detector
from encord_lambda.agents.agent import Picture, Tools
from encord_lambda.agents.boxes import Found, confirmed, distinct, large_enough
from encord_lambda.agents.fitting import fitted
from encord_lambda.agents.naming import Seen, named
from encord_lambda.config_prelabel import Agree, Detector, Prelabel, VisionDetector, limit
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Object

type Objects = Mapping[str, Object]
"""Those that `classes` leads to, by their titles."""


def look(config: Prelabel, objects: Objects, picture: Picture, tools: Tools) -> Seen:
    """What the detectors find: one, or the next while the last leaves doubts, or two that are held together.

    It takes all that are asked: where one of two is in trouble with the picture, or refuses it, nothing was agreed on
    and the other's answer does not count.

    Raises:
        Trouble: As any of the detectors.
        Misconfigured: As `fitted`.
    """
    seen = _ask(config, objects, config.detector, picture, tools)
    for detector in config.escalate:
        if not _doubtful(seen, config):
            break
        seen = _ask(config, objects, detector, picture, tools).after(seen)
    if config.agree is None:
        return seen
    second = _ask(config, objects, config.agree.detector, picture, tools)
    return replace(seen + second, found=agreed(seen.found, second.found, config, config.agree))


def agreed(first: Sequence[Found], second: Sequence[Found], config: Prelabel, agree: Agree) -> tuple[Found, ...]:
    """Two detectors' objects as one answer.

    What both see has the first one's shape and the lower confidence. What only one sees is never accepted: its
    confidence is lowered to its `accept` limit if it is above, so that a look at the label says why it was reviewed.
    """
    merged = [
        replace(one, confidence=min(one.confidence, other.confidence)) if other else _doubted(one, config)
        for one, other in zip(first, confirmed(first, second, agree.iou), strict=True)
    ]
    pairs = zip(second, confirmed(second, first, agree.iou), strict=True)
    alone = [_doubted(one, config) for one, other in pairs if other is None]
    return distinct([*merged, *alone], config.overlap)


def _doubtful(seen: Seen, config: Prelabel) -> bool:
    """Whether to ask a dearer detector: something is for review, or nothing is kept, which may be blindness."""
    piles = thresholds.sort(seen.found, config)
    return bool(piles.review) or not piles.accepted


def _doubted(one: Found, config: Prelabel) -> Found:
    return replace(one, confidence=min(one.confidence, limit(config.accept, one.title)))


def _ask(config: Prelabel, objects: Objects, detector: Detector, picture: Picture, tools: Tools) -> Seen:
    seen = _seen(config, objects, detector, picture, tools)
    drawn = [replace(one, shape=fitted(one.shape, objects[one.title], picture)) for one in seen.found]
    large = [one for one in drawn if large_enough(one.shape, config.smallest)]
    small = len(drawn) - len(large)
    return replace(seen, found=distinct(large, config.overlap), refused=seen.refused + small)


def _seen(config: Prelabel, objects: Objects, detector: Detector, picture: Picture, tools: Tools) -> Seen:
    if isinstance(detector, VisionDetector):
        return vision_detector.detect(detector, tuple(objects.values()), picture, tools)
    if tools.detector is None:
        raise Misconfigured(f"this function has no detectors; pipeline.yaml asks for one of kind {detector.kind}")
    return named(tools.detector.detect(detector, picture), config.classes, objects)
