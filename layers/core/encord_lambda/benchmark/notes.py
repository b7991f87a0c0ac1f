"""What the reader of a report has to know about labels that were left out, mended or could not match."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

EXAMPLES: Final = 20
"""Of each kind of note so many are kept whole; all are counted."""

type Side = Literal["given", "truth"]


@dataclass(frozen=True, slots=True)
class Note:
    """One label that was not scored as it stands."""

    what: str
    """In words, the same for all of a kind."""
    side: Side
    """Whether it is a label of the rater or of the ground truth."""
    rater: str
    """Whose submission it is in: what is wrong with the ground truth is noted for each rater of the data unit."""
    data: UUID
    title: str
    """Of the data unit."""
    label: str
    """Title of the ontology's object or classification."""
    frame: int


class Notes:
    """All notes, of which the first of each kind are kept and the others counted."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[Note]] = {}

    def add(self, note: Note) -> None:
        """Take one down."""
        self._counts[note.what] += 1
        examples = self._examples.setdefault(note.what, [])
        if len(examples) < EXAMPLES:
            examples.append(note)

    def merge(self, other: "Notes") -> None:
        """Take down all of another's."""
        self._counts += other._counts
        for what, theirs in other._examples.items():
            ours = self._examples.setdefault(what, [])
            ours += theirs[: EXAMPLES - len(ours)]

    def __iter__(self) -> Iterator[tuple[str, int, tuple[Note, ...]]]:
        """Each kind with how many there are and the first of them; most frequent first."""
        for what, count in sorted(self._counts.items(), key=lambda each: (-each[1], each[0])):
            yield what, count, tuple(self._examples[what])
