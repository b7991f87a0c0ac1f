"""Measure the committed model on held-out drawings; `train.py --evaluate` prints it."""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sandbox.artwork import KINDS
from sandbox.model_server.animals import AnimalModel, Sight, iou
from sandbox.model_server.examples import HELD_OUT, Example, mixed, noise, single, spoiled

SURE = 0.6

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool]


def report(count: int = 1500) -> str:
    """The figures for `count` plain and `count` spoiled animals, half as many mixed, a hundred of noise."""
    model = AnimalModel()
    lines = []
    for title, make, first in (("plain", single, HELD_OUT), ("spoiled", spoiled, HELD_OUT + count)):
        examples = [make(first + index) for index in range(count)]
        sights = [model.look_through(example.view) for example in examples]
        lines += [
            f"{title} pictures of one animal: {count}",
            *_classes(examples, sights),
            *_boxes(examples, sights),
        ]
    crowd = [mixed(HELD_OUT + 2 * count + index) for index in range(count // 2)]
    lines += _crowd(crowd, [model.look_through(example.view) for example in crowd])
    rng = random.Random(HELD_OUT)  # noqa: S311  # pictures, not secrets
    doubts = [max(model.look(noise(rng)).probabilities.values()) for _ in range(100)]
    lines.append(f"confidence on noise: mean {np.mean(doubts):.3f}, highest {max(doubts):.3f}")
    return "\n".join(lines)


def _classes(examples: Sequence[Example], sights: Sequence[Sight]) -> list[str]:
    kinds = [KINDS[example.animals[0][0]] for example in examples]
    right = np.array([sight.kind == kind for kind, sight in zip(kinds, sights, strict=True)])
    confidence = np.array([max(sight.probabilities.values()) for sight in sights])
    sure = confidence > SURE
    wrongly = np.mean(~right & (confidence > 0.9))
    return [
        f"  accuracy {right.mean():.4f}, mean confidence {confidence.mean():.4f}",
        f"  accuracy where confidence > {SURE}: {right[sure].mean():.4f} ({sure.mean():.1%} of pictures)",
        f"  wrong with confidence > 0.9: {wrongly:.4f}",
        f"  expected calibration error, 10 bins: {calibration_error(confidence, right):.4f}",
    ]


def calibration_error(confidence: Floats, right: Truths, bins: int = 10) -> float:
    """How far confidence and accuracy differ: per bin of equal width, weighted by its share of pictures."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[which == one].mean() - right[which == one].mean()) * np.mean(which == one)
        for one in np.unique(which)
    ]
    return float(np.sum(gaps))


def _boxes(examples: Sequence[Example], sights: Sequence[Sight]) -> list[str]:
    overlaps = []
    for example, sight in zip(examples, sights, strict=True):
        best = sight.detections[0].box if sight.detections else (0.0, 0.0, 0.0, 0.0)
        overlaps.append(iou(best, _in_picture(example, example.animals[0][1])))
    missing = sum(not sight.detections for sight in sights)
    share = np.mean(np.array(overlaps) > 0.5)
    return [f"  box IoU of the best: mean {np.mean(overlaps):.3f}, above 0.5 {share:.4f}, none found {missing}"]


def _crowd(examples: Sequence[Example], sights: Sequence[Sight]) -> list[str]:
    """Precision and recall at score 0.5; right is what overlaps an animal of its kind by IoU 0.5."""
    right = claimed = there = 0
    for example, sight in zip(examples, sights, strict=True):
        truth = [(KINDS[kind], _in_picture(example, box)) for kind, box in example.animals]
        claims = [found for found in sight.detections if found.score > 0.5]
        right += sum(any(one.kind == kind and iou(one.box, box) > 0.5 for kind, box in truth) for one in claims)
        claimed += len(claims)
        there += len(truth)
    return [f"detections, 0 to 3 animals a picture: precision {right / claimed:.4f}, recall {right / there:.4f}"]


def _in_picture(example: Example, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return (*example.view.to_picture(*box[:2]), *example.view.to_picture(*box[2:]))
