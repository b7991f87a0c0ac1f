"""Looking at one picture: which detectors are asked, and what their answers come to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from encord_lambda.agents import thresholds, vision_detector
from encord_lambda.agents.agent import Picture, Tools, Usage
from encord_lambda.agents.boxes import Found, confirmed, distinct, large_enough
from encord_lambda.agents.detector import Detected
from encord_lambda.config_prelabel import Agree, Detector, Prelabel, VisionDetector, limit
from encord_lambda.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found on one picture, surest first, and what was left out of the answers about it."""

    found: tuple[Found, ...]
    unknown: Counter[str]
    """Labels that `classes` does not lead anywhere."""
    refused: int
    """Detections that mean nothing, or are too small."""
    usage: Usage

    def after(self, earlier: "Seen") -> "Seen":
        """This, and what was spent before it."""
        return replace(self, usage=earlier.usage + self.usage)


def look(config: Prelabel, picture: Picture, tools: Tools) -> Seen:
    """What the detectors find: one, or the next while the last leaves doubts, or two that are held together.

    Raises:
        Trouble: As the detectors.
    """
    seen = _ask(config, config.detector, picture, tools)
    for detector in config.escalate:
        if not thresholds.sort(seen.found, config).review:
            break
        seen = _ask(config, detector, picture, tools).after(seen)
    if config.agree is None:
        return seen
    second = _ask(config, config.agree.detector, picture, tools).after(seen)
    found = agreed(seen.found, second.found, config, config.agree)
    return Seen(found, seen.unknown + second.unknown, seen.refused + second.refused, second.usage)


def agreed(first: Sequence[Found], second: Sequence[Found], config: Prelabel, agree: Agree) -> tuple[Found, ...]:
    """Two detectors' objects as one answer.

    What both see has the first one's shape and the lower confidence. What only one sees is never accepted: its
    confidence is lowered to its `accept` limit if it is above, so that a look at the label says why it was reviewed.
    """
    pairs = [(one, confirmed(one, second, agree.iou)) for one in first]
    merged = [
        replace(one, confidence=min(one.confidence, other.confidence)) if other else _doubted(one, config)
        for one, other in pairs
    ]
    alone = [_doubted(one, config) for one in second if confirmed(one, first, agree.iou) is None]
    return distinct([*merged, *alone], config.overlap)


def _doubted(one: Found, config: Prelabel) -> Found:
    return replace(one, confidence=min(one.confidence, limit(config.accept, one.title)))


def _ask(config: Prelabel, detector: Detector, picture: Picture, tools: Tools) -> Seen:
    detected = _detected(config, detector, picture, tools)
    mapped = [one for one in detected.detections if one.label in config.classes]
    found = [Found(config.classes[one.label], one.confidence, one.shape) for one in mapped]
    unknown = Counter(one.label for one in detected.detections if one.label not in config.classes)
    large = [one for one in found if large_enough(one.shape, config.smallest)]
    small = len(found) - len(large)
    return Seen(distinct(large, config.overlap), unknown, detected.refused + small, detected.usage)


def _detected(config: Prelabel, detector: Detector, picture: Picture, tools: Tools) -> Detected:
    if isinstance(detector, VisionDetector):
        return vision_detector.detect(detector, list(config.classes), picture, tools.language_model)
    if tools.detector is None:
        raise Misconfigured(f"this function has no detectors; pipeline.yaml asks for one of kind {detector.kind}")
    return tools.detector.detect(detector, picture)
