"""Drawings with their outlines: the upright box around each, and what tells exactly how far two of a kind overlap."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from encord_lambda.benchmark.drawings import KINDS, Batch, Drawings, Mask
from encord_lambda.benchmark.notes import Side
from encord_lambda.benchmark.tracing import REPAIRED, TRACERS, Bounds

TWICE: Final = "an object that the ground truth has twice in the very same place: counted once"


@dataclass(frozen=True, slots=True)
class Outlines:
    """Drawings and their outlines, place by place."""

    drawings: Drawings
    bounds: Bounds
    exact: NDArray[np.object_]
    """As `tracing.Traced` has it."""


def outlined(batch: Batch, side: Side) -> Outlines:
    """One side of a batch; notes what has to be left out, and what was repaired."""
    drawings, sizes = batch.side(side), batch.sizes
    bounds, kept = np.zeros((4, len(drawings))), np.ones(len(drawings), dtype=bool)
    exact = np.full(len(drawings), None, dtype=object)
    for number, kind in enumerate(KINDS):
        of_kind = drawings.kind == number
        if of_kind.any():
            here = drawings.only(of_kind)
            traced = TRACERS[kind]([placement.shape for _, placement in here.drawn], sizes[here.submission])
            bounds[:, of_kind], exact[of_kind] = traced.bounds, traced.exact
            for what, those in traced.notes.items():
                batch.note(what, side, here, those)
                if what != REPAIRED:
                    kept[of_kind] &= ~those
    if side == "truth":
        again = kept & _again(drawings, bounds)
        batch.note(TWICE, side, drawings, again)
        kept &= ~again
    return Outlines(drawings.only(kept), bounds[:, kept], exact[kept])


def _again(drawings: Drawings, bounds: Bounds) -> Mask:
    """Which drawings are the same as an earlier one: the object, the frame and the shape."""
    order = np.lexsort((bounds[0], drawings.cell, drawings.scene))
    columns = drawings.scene[order], drawings.cell[order], bounds[0, order]
    alike = np.logical_and.reduce([one[1:] == one[:-1] for one in columns])
    found, seen = np.zeros(len(drawings), dtype=bool), set()
    for place in np.sort(np.union1d(order[1:][alike], order[:-1][alike])).tolist():
        one = drawings.scene[place], drawings.cell[place], drawings.drawn[place][1].shape
        found[place] = one in seen
        seen.add(one)
    return found
