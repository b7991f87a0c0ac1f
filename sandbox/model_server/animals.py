"""The model at work: look at a picture, say which animals are where and how sure that is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # it ships no type information
from PIL import Image

from sandbox.artwork import KINDS
from sandbox.model_server.letterbox import Letterbox, letterbox

NAME = "animals-1"
WEIGHTS = Path(__file__).with_name("animals.onnx")
FLOOR = 0.05  # detections scored below this are not worth a line on the wire
OVERLAP = 0.45  # two boxes that share more than this (IoU) are one animal

Floats = npt.NDArray[np.float32]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Detection:
    """One animal. `score`: how probably it is there and of this kind; `box`: (x0, y0, x1, y1) in 0..1."""

    kind: str
    score: float
    box: Box


@dataclass(frozen=True, slots=True)
class Sight:
    """What the model makes of a picture: a probability for each of `KINDS`, summing to 1, and its detections.

    The probabilities speak of the picture's one animal: several kinds share them, and an empty picture makes
    them about equal. Detections come best first.
    """

    probabilities: Mapping[str, float]
    detections: tuple[Detection, ...]

    @property
    def kind(self) -> str:
        """The likeliest kind."""
        return max(self.probabilities, key=self.probabilities.__getitem__)


class AnimalModel:
    """The ONNX session. Safe to share between threads; each look takes one core for a few milliseconds."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def look(self, image: Image.Image) -> Sight:
        """Judge a picture of any size by its pixels alone."""
        return self.look_through(letterbox(image))

    def look_through(self, view: Letterbox) -> Sight:
        """Judge a picture that is already in the model's square."""
        classes, heat, sides = self._session.run(None, {"pixels": view.pixels[None].astype(np.float32)})
        probabilities = {kind: float(value) for kind, value in zip(KINDS, classes[0], strict=True)}
        return Sight(probabilities, _distinct(_peaks(heat[0], sides[0], view)))


def _peaks(heat: Floats, sides: Floats, view: Letterbox) -> Iterator[Detection]:
    """Each cell that no neighbour outdoes is a detection of its strongest kind, with the box it proposes."""
    best = heat.max(axis=0)
    padded = np.pad(best, 1)
    rows, columns = best.shape
    around = [padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3)]
    for row, column in np.argwhere((best >= np.max(around, axis=0)) & (best >= FLOOR)):
        left, top, right, bottom = (float(side) for side in sides[:, row, column])
        x, y = (column + 0.5) / columns, (row + 0.5) / rows
        corners = (*view.to_picture(x - left, y - top), *view.to_picture(x + right, y + bottom))
        kind = KINDS[int(heat[:, row, column].argmax())]
        yield Detection(kind, float(best[row, column]), corners)


def _distinct(found: Iterator[Detection]) -> tuple[Detection, ...]:
    kept: list[Detection] = []
    for one in sorted(found, key=lambda detection: -detection.score):
        if all(iou(one.box, other.box) <= OVERLAP for other in kept):
            kept.append(one)
    return tuple(kept)


def iou(one: Box, other: Box) -> float:
    """Intersection over union of two boxes given by their corners.

    >>> iou((0.0, 0.0, 2.0, 1.0), (1.0, 0.0, 3.0, 1.0))
    0.3333333333333333
    """
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return common / (sum(areas) - common)
