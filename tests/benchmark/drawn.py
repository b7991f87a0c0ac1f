"""Objects drawn with a few words, and what is compared of them."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as masks

from encord_lambda.benchmark.drawings import Batch, Cells
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.object_scores import ObjectScores, RaterScore
from encord_lambda.benchmark.outlines import outlined
from encord_lambda.benchmark.overlaps import Pairs, pairs
from encord_lambda.benchmark.submissions import Rater, Submission, Unit
from encord_lambda.labels.ontology import Attribute, Object, Ontology, Option
from encord_lambda.labels.proposals import Answers, Placement, Thing
from encord_lambda.labels.shapes import Bitmask, Box, Shape
from tests.benchmark.labelled import ANN, submission, unit

COAT = Attribute("Coat", "radio", (Option("Black"), Option("Spotted", (Attribute("Spots", "numeric"),))))
POSE = Attribute("Pose", "radio", (Option("Sits"), Option("Runs")), dynamic=True)
ONTOLOGY = Ontology((), (Object("Cat", "bounding_box", (COAT, POSE)), Object("Dog", "bounding_box")))
SQUARE = Box(0.2, 0.2, 0.2, 0.2)
FAR = Box(0.7, 0.7, 0.2, 0.2)

type Side = Iterable[Thing]


def thing(
    shape: Shape, title: str = "Cat", frame: int = 0, confidence: float = 1.0, answers: Answers = (), key: str = ""
) -> Thing:
    """An object on one frame."""
    return Thing(title, (Placement(frame, shape, confidence),), key, answers)


def track(title: str, shapes: dict[int, Shape]) -> Thing:
    """An object on several frames."""
    return Thing(title, tuple(Placement(frame, shape, 1.0) for frame, shape in shapes.items()), "")


def things(shapes: Iterable[Shape], title: str = "Cat") -> list[Thing]:
    """Objects with these shapes."""
    return [thing(shape, title) for shape in shapes]


def moved(box: Box, right: float) -> Box:
    """A box moved by a share of its width: its overlap with where it was is (1 - right) / (1 + right)."""
    return Box(box.x + right * box.width, box.y, box.width, box.height)


def scored(*submissions: Submission) -> tuple[tuple[RaterScore, ...], dict[str, int]]:
    """The scores, and how many notes there are of each kind."""
    notes = Notes()
    scoring = ObjectScores(ONTOLOGY, notes)
    for one in submissions:
        scoring.add(one)
    return scoring.scores(), {what: count for what, count, _ in notes}


def score(truth: Side, given: Side, rater: Rater = ANN, of: Unit | None = None) -> RaterScore:
    """Of one submission."""
    (found,), _ = scored(submission(truth, given, rater, of))
    return found


def paired(given: Side, truth: Side, of: Unit | None = None) -> Pairs:
    """What overlaps in one submission."""
    batch = Batch(Cells(ONTOLOGY), Notes())
    batch.add(submission(truth, given, of=of))
    return pairs(outlined(batch, "given"), outlined(batch, "truth"))


def overlaps(
    given: Sequence[Shape], truth: Sequence[Shape], width: int = 100, height: int = 100
) -> NDArray[np.float64]:
    """Of each with each; 0 below a tenth."""
    of = Unit(unit().data, "", width, height, 1)
    found, matrix = paired(things(given), things(truth), of), np.zeros((len(given), len(truth)))
    matrix[found.given, found.truth] = found.overlap
    return matrix


def overlap(one: Shape, other: Shape, width: int = 100, height: int = 100) -> float:
    """Of two shapes on a picture of so many pixels."""
    return float(overlaps([one], [other], width, height)[0, 0])


def bitmask(pixels: NDArray[np.bool]) -> Bitmask:
    """A mask of these pixels, row by row."""
    encoded = masks.encode(np.asfortranarray(pixels.astype(np.uint8)))
    return Bitmask(pixels.shape[1], pixels.shape[0], encoded["counts"].decode())
