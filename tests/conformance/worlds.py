"""What the outsiders work on: drawings of known animals behind URLs the twin can sign."""

import io
from collections.abc import Sequence
from functools import cache

from sandbox.artwork import draw
from sandbox.encord_twin import (
    DatasetSpec,
    FolderSpec,
    ItemSpec,
    MemoryObjects,
    OntologySpec,
    ProjectSpec,
    StageSpec,
    StageType,
    World,
)
from tests.twin.worlds import ANIMAL

BUCKET = "https://pets.s3.eu-west-1.amazonaws.com"
PROJECT = "Pets"
SIZE = (320, 240)
STAGES = [
    StageSpec(
        title="Agent 1",
        type=StageType.AGENT,
        pathways={"Cat": "Cat specialists", "Dog": "Dog specialists", "Other": "Archive"},
    ),
    StageSpec(title="Cat specialists", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Dog specialists", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Complete", type=StageType.DONE),
    StageSpec(title="Archive", type=StageType.DONE),
]


class CountingObjects(MemoryObjects):
    """Objects that remember how often each was read, which is how often its signed URL was fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []

    def read(self, url: str) -> bytes:
        """The object's bytes, and a note that they were read."""
        self.reads.append(url)
        return super().read(url)


def pets(kinds: Sequence[str]) -> World:
    """A project with one task per kind of animal, at an agent stage that leads to the specialists."""
    items = [ItemSpec(url=url(title), title=title, width=SIZE[0], height=SIZE[1]) for title in titles(kinds)]
    return World(
        folders=[FolderSpec(title="uploads", items=items)],
        ontologies=[OntologySpec(title="Animals", editor=ANIMAL)],
        datasets=[DatasetSpec(title="production", folders=["uploads"])],
        projects=[ProjectSpec(title=PROJECT, ontology="Animals", datasets=["production"], stages=STAGES)],
    )


def titles(kinds: Sequence[str]) -> list[str]:
    """The file names in order: the number, then the animal."""
    return [f"{number:03}-{kind.lower()}.jpg" for number, kind in enumerate(kinds)]


def url(title: str) -> str:
    """Where a file of this name is kept."""
    return f"{BUCKET}/{title}"


def put_drawings(objects: MemoryObjects, kinds: Sequence[str]) -> None:
    """Put a drawing behind every item of `pets(kinds)`."""
    for seed, (title, kind) in enumerate(zip(titles(kinds), kinds, strict=True)):
        objects.put(url(title), drawing(kind, 101 + seed))


@cache
def drawing(kind: str, seed: int) -> bytes:
    """A JPEG of one animal."""
    stream = io.BytesIO()
    draw(kind, seed, SIZE).image.save(stream, "JPEG", quality=92)
    return stream.getvalue()
