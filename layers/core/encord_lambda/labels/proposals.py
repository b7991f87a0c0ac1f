"""What an agent wants written into a label row, before the SDK sees it."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Literal

from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox, Shape

__all__ = [
    "Amendment",
    "Answer",
    "Answers",
    "Bitmask",
    "Box",
    "Choice",
    "Label",
    "Owned",
    "Placement",
    "Point",
    "Polygon",
    "Polyline",
    "Proposal",
    "RotatedBox",
    "Shape",
    "Thing",
    "Value",
    "Written",
    "label_hash",
    "object_hash",
]

type Value = str | float | tuple[str, ...] | Choice
"""What an attribute is answered with: a text; the title of a radio's option, or a `Choice` where something nested is
answered as well; a number; the titles of a checklist's options, one or more, in the ontology's order."""
type Answers = tuple[tuple[str, Value], ...]
"""Attributes' titles with their answers, in the ontology's order. What is not answered is left out."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A radio's option whose nested attributes are answered, at least one of them."""

    option: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one classification."""

    classification: str
    answer: Value
    confidence: float
    """In [0, 1]."""
    frame: int = 0
    """The first frame. A global classification, and one of a text, a PDF or a sound, is about the whole: frame 0."""
    last: int | None = None
    """The last frame, where it is about a range."""


@dataclass(frozen=True, slots=True)
class Placement:
    """An object on one frame."""

    frame: int
    shape: Shape
    confidence: float
    """In [0, 1]."""
    answers: Answers = ()
    """Its dynamic attributes, as they are on this frame."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object instance, on one frame or several."""

    object: str
    """Title of the ontology's object."""
    placements: tuple[Placement, ...]
    """In order of their frames; no frame twice."""
    key: str
    """Tells an agent's things of one label row apart, and is the same in every run: "frame:rank", or a track's id."""
    answers: Answers = ()
    """Its static attributes."""


type Proposal = Answer | Thing


@dataclass(frozen=True, slots=True)
class Amendment:
    """Answers to attributes of an object that stands already, whoever drew it; what is answered by then stays."""

    hash: str
    answers: Answers
    frame: int
    """Where dynamic attributes are answered."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label that stands in a row."""

    content: Proposal
    author: Literal["person", "agent"]
    """"person" if one made or changed it; else it is untouched since an agent or another program wrote it."""
    hash: str
    by: str = field(default="", compare=False)
    """E-mail address of whoever changed it last, or else made it; empty where Encord does not tell."""


@dataclass(frozen=True, slots=True)
class Owned:
    """Titles of what an agent answers and draws: what it wrote there before is replaced or removed."""

    classifications: tuple[str, ...] = ()
    """The first one is the question whose answer chooses the pathway."""
    objects: tuple[str, ...] = ()
    decisive: bool = field(default=True, compare=False)
    """Whether another's answer to that question, where it stands, chooses the pathway in place of the agent's own."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of proposals in a label row."""

    added: int = 0
    replaced: int = 0
    """Labels of the agent's own that were replaced, or removed because it proposes nothing in their place now."""
    standing: str | None = None
    """The answer to the agent's first classification by a person, or by another agent; it stands."""
    kept: int = 0
    """Proposals that were dropped whole because the label of a person, or of another agent, stands in their place; or,
    an answer, because a person moved it to other frames."""
    outside: int = 0
    """Placements that were dropped because nothing of them is in the picture."""

    @property
    def changed(self) -> bool:
        """Whether the row has to be saved."""
        return bool(self.added or self.replaced)


def label_hash(agent: str, row: str, classification: str, frame: int) -> str:
    """The hash of the label with which an agent answers a classification from a frame on: the same in every run.

    So a second run finds the first run's label and replaces it. Eight characters of URL-safe base64, as Encord's own.
    """
    return _digest(agent, row, classification, str(frame))[:8]


def object_hash(agent: str, row: str, title: str, key: str) -> str:
    """The hash of the object instance that an agent draws: the same in every run, eight characters as above.

    The first four (`object_mark`) say whose it is, so that a run also finds what an earlier one drew under keys that
    it does not know. They are 24 bits: of two agents that draw in one row, one takes the other's objects of a title
    for its own once in 16.8 million rows.
    """
    return object_mark(agent, row, title) + _digest(agent, row, title, key)[:4]


def object_mark(agent: str, row: str, title: str) -> str:
    """The first four characters of the hashes of all objects that an agent draws under a title in a row."""
    return _digest(agent, row, title)[:4]


def _digest(*identity: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256("\n".join(identity).encode()).digest()).decode()
