"""Objects of a batch of submissions beside the ground truth's, matched at every threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from encord_lambda.benchmark.drawings import KINDS, Batch, Column, Drawings
from encord_lambda.benchmark.matching import Judged, judge, right
from encord_lambda.benchmark.outlines import outlined
from encord_lambda.benchmark.overlaps import Pairs, pairs
from encord_lambda.benchmark.submissions import Submission

THRESHOLDS: Final = tuple((50 + 5 * step) / 100 for step in range(10))
"""Least overlaps of drawings of the same thing: COCO's, 0.5 to 0.95."""
JUDGED: Final = (0.5, 0.75)
"""Thresholds at which mislabelled is told from misplaced, surplus and missed."""

SHAPES: Final = "an object in another shape than the ground truth has it: it cannot match"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A batch, matched."""

    submissions: Sequence[Submission]
    given: Drawings
    truth: Drawings
    pairs: Pairs
    right: Mapping[float, Column]
    """The pairs assigned to each other at each of `THRESHOLDS`, as places in `pairs`."""
    judged: Mapping[float, Judged]
    """All that became of pairs, at each of `JUDGED`."""


def compared(batch: Batch) -> Comparison:
    """Match a batch; what was left out is in its notes."""
    given, truth = outlined(batch, "given"), outlined(batch, "truth")
    _note_shapes(batch, given.drawings, truth.drawings)
    found = pairs(given, truth)
    judged = {threshold: judge(found, threshold) for threshold in JUDGED}
    assigned = {one: judged[one].right if one in judged else right(found, one) for one in THRESHOLDS}
    return Comparison(batch.submissions, given.drawings, truth.drawings, found, assigned, judged)


def _note_shapes(batch: Batch, given: Drawings, truth: Drawings) -> None:
    """Note what cannot match because the truth of its data unit has the object in other shapes only."""
    (mine, mine_shaped), (true, true_shaped) = _places(given), _places(truth)
    batch.note(SHAPES, "given", given, np.isin(mine, true) & ~np.isin(mine_shaped, true_shaped))


def _places(side: Drawings) -> tuple[Column, Column]:
    """Of each drawing, the object of the data unit, and that with its shape."""
    objects = side.submission << 32 | side.cell
    return objects, objects * len(KINDS) + side.kind
