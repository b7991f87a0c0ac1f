"""What a detector is shown, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from encord_lambda import config_prelabel
from encord_lambda.agents.agent import Picture, Usage
from encord_lambda.labels.proposals import Shape


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing that a detector sees, in its own words; the shape lies in the picture, and a mask has pixels."""

    label: str
    confidence: float
    """In [0, 1]."""
    shape: Shape
    attributes: Mapping[str, object] = field(default_factory=dict)
    """What it tells of the object's attributes, by their titles; not held against the ontology yet."""


@dataclass(frozen=True, slots=True)
class Detected:
    """A detector's answer about one picture."""

    detections: tuple[Detection, ...]
    usage: Usage
    refused: int = 0
    """Detections that were left out because they can mean nothing: a confidence of NaN, no shape, a box elsewhere."""


class Detector(Protocol):
    """Asks detectors of every kind but `vision`, which is the language model's."""

    def detect(self, configured: config_prelabel.RemoteDetector, picture: Picture) -> Detected:
        """What the configured detector sees.

        Raises:
            Retry: It is unreachable or busy, or broke off.
            Misconfigured: There is none, it refuses the credentials, or answers in another protocol.
            Reject: It refuses the picture, or none of its detections is usable.
        """
