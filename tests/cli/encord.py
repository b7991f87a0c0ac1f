"""An Encord for the command line: two projects, an ontology full of traps, a folder, a dataset and an integration."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sandbox.encord_twin import (
    DatasetSpec,
    FolderSpec,
    IntegrationSpec,
    ItemSpec,
    MemoryObjects,
    OntologySpec,
    ProjectSpec,
    StageSpec,
    StageType,
    Twin,
    World,
    serve,
)
from tests.fakes.ontologies import numbered

PETS, SHELTER = UUID(int=0xA1), UUID(int=0xA2)
FOLDER, DATASET, OTHER_DATASET = UUID(int=0xF1), UUID(int=0xD1), UUID(int=0xD2)
PICTURES = 8
NOWHERE = UUID(int=0xBAD)


def question(name: str, kind: str, *options: str) -> dict[str, Any]:
    asked = {"name": name, "type": kind, "required": False, "dynamic": False}
    if options:
        asked["options"] = [{"label": option, "value": option} for option in options]
    return {"attributes": [asked]}


def drawn(name: str, shape: str) -> dict[str, Any]:
    return {"name": name, "shape": shape, "color": "#D33115", "required": False, "attributes": []}


EDITOR = numbered(
    {
        "classifications": [
            question("Animal", "radio", "Cat", "Dog", "Bird"),
            question("Scene", "text"),
            question("Breed", "radio", "Pug"),
            question("Breed", "radio", "Tabby"),
            question("Fate", "radio", "kept", "failed"),
        ],
        "objects": [drawn("Thing", "bounding_box"), drawn("Line", "polyline"), drawn("Outline", "polygon")],
    }
)
STAGES = [
    StageSpec(title="Agent 1", type=StageType.AGENT, pathways={"Cat": "Annotate", "Other": "Complete"}),
    StageSpec(title="Annotate", type=StageType.ANNOTATION, next="Twin"),
    StageSpec(title="Twin", type=StageType.AGENT, pathways={"Go": "Complete"}),
    StageSpec(title="Complete", type=StageType.DONE),
]


def world() -> World:
    bare = numbered({"classifications": [question("Animal", "radio", "Cat")], "objects": []})
    pictures = [ItemSpec(url=f"https://pets.test/{n}.jpg", title=f"{n}.jpg") for n in range(PICTURES)]
    return World(
        integrations=[IntegrationSpec(title="aws")],
        folders=[FolderSpec(title="pets", uuid=FOLDER, items=pictures)],
        datasets=[
            DatasetSpec(title="pets", uuid=DATASET, folders=["pets"]),
            DatasetSpec(title="others", uuid=OTHER_DATASET),
        ],
        ontologies=[OntologySpec(title="Animals", editor=EDITOR), OntologySpec(title="Bare", editor=bare)],
        projects=[
            ProjectSpec(title="Pets", uuid=PETS, ontology="Animals", datasets=["pets"], stages=STAGES),
            ProjectSpec(title="Shelter", uuid=SHELTER, ontology="Bare", stages=STAGES),
        ],
    )


@contextmanager
def served() -> Iterator[Twin]:
    with serve(world(), objects=MemoryObjects()) as twin:
        yield twin


def key_file(twin: Twin, folder: Path) -> Path:
    file = folder / "key"
    file.write_text(twin.key)
    return file
