"""Boxes as people draw them: what is true of an image, and what three annotators gave, the same in every run."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

TITLES: Final = ("Person", "Car", "Bicycle", "Truck", "Bus", "Dog", "Sign", "Cone")
SHARES: Final = (0.35, 0.25, 0.1, 0.08, 0.07, 0.05, 0.05, 0.05)
ANNOTATORS: Final = ("ada@lumen.example", "ben@lumen.example", "cleo@lumen.example")
WIDTH: Final = 1920
HEIGHT: Final = 1080

_JITTER: Final = (0.02, 0.05, 0.08)
"""How far an annotator's edges are off, in shares of the box."""
_MISSED: Final = 0.05
_WRONG: Final = 0.04
_SURPLUS: Final = 1
_CROWDED: Final = 0.2
"""Share of boxes that stand in another's way: they are of the same class, and moved by a quarter to a half of it."""


@dataclass(frozen=True)
class Boxes:
    """Boxes of one image, place by place."""

    corners: NDArray[np.float64]
    """x, y, width and height, in fractions of the image."""
    titles: NDArray[np.int64]
    """Places in `TITLES`."""


@dataclass(frozen=True)
class Annotated:
    """An image with what is true and what each of `ANNOTATORS` gave."""

    number: int
    truth: Boxes
    given: tuple[Boxes, ...]


def annotated(images: int, boxes: int) -> Iterator[Annotated]:
    """So many images with so many boxes each."""
    for number in range(images):
        source = np.random.default_rng((7, number))
        truth = _truth(source, boxes)
        yield Annotated(number, truth, tuple(_given(source, truth, jitter) for jitter in _JITTER))


def _truth(source: np.random.Generator, boxes: int) -> Boxes:
    corners, titles = _anywhere(source, boxes), source.choice(len(TITLES), boxes, p=SHARES)
    crowded = np.flatnonzero(source.random(boxes - 1) < _CROWDED) + 1
    shift = source.uniform(0.25, 0.5, (len(crowded), 1)) * (1, 0) * corners[crowded - 1, 2:]
    corners[crowded] = np.hstack((corners[crowded - 1, :2] + shift, corners[crowded - 1, 2:]))
    titles[crowded] = titles[crowded - 1]
    return Boxes(corners, titles)


def _given(source: np.random.Generator, truth: Boxes, jitter: float) -> Boxes:
    kept = source.random(len(truth.titles)) >= _MISSED
    corners, titles = truth.corners[kept], truth.titles[kept].copy()
    corners = corners + source.normal(0, jitter, corners.shape) * np.tile(corners[:, 2:], 2)
    corners[:, 2:] = np.maximum(corners[:, 2:], 0.005)
    wrong = source.random(len(titles)) < _WRONG
    titles[wrong] = source.choice(len(TITLES), int(wrong.sum()))
    more = source.poisson(_SURPLUS)
    return Boxes(
        np.vstack((corners, _anywhere(source, more))),
        np.concatenate((titles, source.choice(len(TITLES), more, p=SHARES))),
    )


def _anywhere(source: np.random.Generator, boxes: int) -> NDArray[np.float64]:
    sizes = source.uniform(0.03, 0.2, (boxes, 2))
    return np.hstack((source.uniform(0, 1, (boxes, 2)) * (1 - sizes), sizes))
