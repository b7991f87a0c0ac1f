"""What of a data unit a language model is shown, and how prompts call it."""

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from encord_lambda.agents.agent import DataUnit, Document, Picture, Tools
from encord_lambda.agents.showing import frames, open_frame
from encord_lambda.config_prelabel import FrameSampling
from encord_lambda.errors import Misconfigured, Reject

TOGETHER: Final = 32
"""Pictures that are shown with one question: evenly spread ones, where there are more."""
DOCUMENTS: Final = ("pdf", "plain_text")
"""Types of data units that are shown, and asked about, as a whole only."""
_READABLE: Final = "agents with a language model take images, image groups, videos, PDFs and texts"
_UNREADABLE: Final = ("audio", "dicom", "dicom_study", "nifti", "time_series", "group", "scene")


@dataclass(frozen=True, slots=True)
class Material:
    """What goes to a model with a question."""

    shown: str
    """How a prompt calls it: "the image"."""
    pictures: tuple[Picture, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a data unit: at a frame, or at the whole where it has only one."""

    frame: int
    material: Material | None
    """None for a frame that is damaged."""
    last: int | None = None
    """The last frame it is about, where it is about several: the pages of a PDF."""
    of: int = 1
    """How many looks there are in all."""


def looks(unit: DataUnit, sampling: FrameSampling, tools: Tools) -> Generator[Look]:
    """Looks at a data unit, one in memory at a time. Whoever does not take all must close the iterator.

    Raises:
        Trouble: As the tools do.
        Reject: No model takes such media.
        Misconfigured: The function has nothing to read such media with.
    """
    if unit.facts.data_type in _UNREADABLE:
        raise Reject(f"'{unit.title}' is of type {unit.facts.data_type}: {_READABLE}")
    if unit.facts.data_type in DOCUMENTS:
        yield _document(unit, tools)
    elif unit.alone:
        yield Look(unit.frame, Material("the image", (open_frame(unit, tools),)))
    else:
        kind = "frame of a video" if unit.is_video else "image of a group" if unit.pictures else "image"
        with closing(frames(unit, sampling, tools)) as shown:
            for one in shown:
                material = Material(f"the {kind}", (one.picture,)) if one.picture else None
                yield Look(one.number, material, of=one.of)


def together(unit: DataUnit, pictures: Iterable[Picture]) -> Material:
    """Frames of a video or pictures of a group, in order, as one."""
    found = tuple(pictures)
    kind = "frames of a video" if unit.is_video else "images of a group"
    return Material(f"these {len(found)} {kind}, in order, as a whole", found)


def is_among(number: int, of: int) -> bool:
    """Whether the look with this number, counted from 0, of so many is shown together with others.

    >>> [number for number in range(64) if is_among(number, 64)] == list(range(0, 64, 2))
    True
    """
    return of <= TOGETHER or (number * TOGETHER) % of < TOGETHER


def _document(unit: DataUnit, tools: Tools) -> Look:
    if tools.documents is None:
        raise Misconfigured("this function cannot read documents")
    if unit.facts.data_type == "plain_text":
        return Look(0, Material("the text", documents=(tools.documents.text(unit.url),)))
    last = unit.frames - 1 if unit.frames > 1 else None
    return Look(0, Material("the PDF", documents=(tools.documents.pdf(unit.url, unit.frames),)), last)
