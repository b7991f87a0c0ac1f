"""From a detector's own words to objects of the ontology."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from encord_lambda.agents.agent import Usage
from encord_lambda.agents.boxes import Found
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.labels.object_reading import told
from encord_lambda.labels.ontology import Object


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found on one picture, and what was left out of the answers about it."""

    found: tuple[Found, ...] = ()
    unknown: Counter[str] = field(default_factory=Counter)
    """Labels that `classes` does not lead anywhere."""
    refused: int = 0
    """Detections that mean nothing, or are too small."""
    usage: Usage = field(default_factory=Usage)
    misanswered: int = 0
    """Attributes that the ontology does not have, or not with such an answer."""

    def __add__(self, other: "Seen") -> "Seen":
        """Both together."""
        return Seen(
            self.found + other.found,
            self.unknown + other.unknown,
            self.refused + other.refused,
            self.usage + other.usage,
            self.misanswered + other.misanswered,
        )

    def after(self, earlier: "Seen") -> "Seen":
        """This, and what was spent before it."""
        return replace(self, usage=earlier.usage + self.usage)


def named(detected: Detected, classes: Mapping[str, str], objects: Mapping[str, Object]) -> Seen:
    """Detections as objects, in the order they came in; `classes` leads from their labels to the objects' titles."""
    known = [one for one in detected.detections if one.label in classes]
    unknown = Counter(one.label for one in detected.detections if one.label not in classes)
    found = [_found(one, objects[classes[one.label]]) for one in known]
    things, refused = [one for one, _ in found], sum(refused for _, refused in found)
    return Seen(tuple(things), unknown, detected.refused, detected.usage, refused)


def _found(one: Detection, drawn: Object) -> tuple[Found, int]:
    answers = told(drawn, one.attributes)
    return Found(drawn.title, one.confidence, one.shape, answers.static, answers.dynamic), answers.refused
