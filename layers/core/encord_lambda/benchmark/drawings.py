"""Objects of many submissions in columns, so that they are compared at once instead of one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from encord_lambda.benchmark.notes import Note, Notes, Side
from encord_lambda.benchmark.submissions import Rater, Submission
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Label, Placement, Thing
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox

type Column = NDArray[np.int64]
type Mask = NDArray[np.bool]
type Drawn = tuple[Thing, Placement]

KINDS: Final[tuple[type, ...]] = (Box, RotatedBox, Polygon, Polyline, Point, Bitmask)
UNKNOWN: Final = "an object that the ground truth's ontology does not have: not scored"
BEYOND: Final = "an object on a frame beyond the end of the data unit: not scored"
_NUMBERS: Final = {kind: number for number, kind in enumerate(KINDS)}
_NO_CELL: Final = -1


@dataclass(frozen=True, slots=True)
class Drawings:
    """Objects on single frames; the same place in all columns is the same drawing."""

    submission: Column
    """Its place in the batch."""
    scene: Column
    """Tells frames of all submissions of the batch apart."""
    cell: Column
    """The rater and the object's title, as `Cells` numbers them."""
    kind: Column
    """The shape's place in `KINDS`."""
    track: Column
    """Tells object instances of one side of the batch apart."""
    drawn: list[Drawn]

    def __len__(self) -> int:
        return len(self.drawn)

    def only(self, kept: Mask) -> "Drawings":
        """Those that are kept, in the same order."""
        if kept.all():
            return self
        drawn = [self.drawn[place] for place in np.flatnonzero(kept)]
        return Drawings(
            self.submission[kept], self.scene[kept], self.cell[kept], self.kind[kept], self.track[kept], drawn
        )


class Cells:
    """Numbers for each rater's objects of an ontology: 0, 1, 2, … in the order the raters are met."""

    def __init__(self, ontology: Ontology) -> None:
        self.names: list[tuple[Rater, str]] = []
        """Whose and what, by number."""
        self._titles = dict.fromkeys(one.title for one in ontology.objects)
        self._numbers: dict[Rater, dict[str, int]] = {}

    def of(self, rater: Rater) -> dict[str, int]:
        """A rater's numbers, by title."""
        if rater not in self._numbers:
            self._numbers[rater] = {title: len(self.names) + place for place, title in enumerate(self._titles)}
            self.names += ((rater, title) for title in self._titles)
        return self._numbers[rater]


@dataclass(slots=True)
class _Things:
    things: list[Thing] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    drawings: list[int] = field(default_factory=list)
    """Of each thing, how many."""
    submitted: list[int] = field(default_factory=list)
    """In each submission, how many drawings."""


class Batch:
    """Submissions that are compared at once."""

    def __init__(self, cells: Cells, notes: Notes) -> None:
        self.submissions: list[Submission] = []
        self._cells, self._notes = cells, notes
        self._sides: dict[Side, _Things] = {"given": _Things(), "truth": _Things()}
        self._size = 0

    def __len__(self) -> int:
        """How many drawings there are, and submissions."""
        return self._size

    @property
    def sizes(self) -> NDArray[np.float64]:
        """Width and height of the submissions' pictures, in pixels: a row for each."""
        return np.array([(one.unit.width, one.unit.height) for one in self.submissions], dtype=float).reshape(-1, 2)

    def add(self, submission: Submission) -> None:
        """Take in a submission."""
        cells = self._cells.of(submission.rater)
        self._size += 1 + self._read("given", submission.given, cells) + self._read("truth", submission.truth, cells)
        self.submissions.append(submission)

    def side(self, side: Side) -> Drawings:
        """What raters drew; or what is true, once for each rater of a data unit.

        Unknown objects and those beyond the end are noted and left out.
        """
        found = self._sides[side]
        drawn = [(thing, placement) for thing in found.things for placement in thing.placements]
        frame = np.array([placement.frame for _, placement in drawn], dtype=np.int64)
        submission = np.repeat(np.arange(len(self.submissions)), found.submitted)
        frames = np.array([max(one.unit.frames, 1) for one in self.submissions], dtype=np.int64)
        drawings = Drawings(
            submission=submission,
            scene=(np.cumsum(frames) - frames)[submission] + frame,
            cell=np.repeat(np.array(found.cells, dtype=np.int64), found.drawings),
            kind=np.array([_NUMBERS[type(placement.shape)] for _, placement in drawn], dtype=np.int64),
            track=np.repeat(np.arange(len(found.things)), found.drawings),
            drawn=drawn,
        )
        unknown = drawings.cell == _NO_CELL
        beyond = ~unknown & ((frame < 0) | (frame >= frames[submission]))
        self.note(UNKNOWN, side, drawings, unknown)
        self.note(BEYOND, side, drawings, beyond)
        return drawings.only(~(unknown | beyond))

    def note(self, what: str, side: Side, drawings: Drawings, those: Mask) -> None:
        """Note something about some drawings."""
        for place in np.flatnonzero(those).tolist():
            submission, (thing, placement) = self.submissions[drawings.submission[place]], drawings.drawn[place]
            unit, rater = submission.unit, submission.rater.name
            self._notes.add(Note(what, side, rater, unit.data, unit.title, thing.object, placement.frame))

    def _read(self, side: Side, labels: Sequence[Label], cells: Mapping[str, int]) -> int:
        """Take in the objects among labels; how many drawings they are."""
        found = self._sides[side]
        things = [label.content for label in labels if isinstance(label.content, Thing)]
        drawings = [len(thing.placements) for thing in things]
        found.things += things
        found.cells += [cells.get(thing.object, _NO_CELL) for thing in things]
        found.drawings += drawings
        found.submitted.append(sum(drawings))
        return found.submitted[-1]
