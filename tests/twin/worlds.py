"""The little world the tests play in, and the pictures for it."""

import io
from collections.abc import Sequence

from PIL import Image

from sandbox.encord_twin import (
    DatasetSpec,
    FolderSpec,
    IntegrationSpec,
    ItemSpec,
    OntologySpec,
    ProjectSpec,
    StageSpec,
    StageType,
    World,
)

BUCKET = "https://pets.s3.eu-west-1.amazonaws.com"
ANIMAL = {
    "objects": [
        {
            "id": "1",
            "name": "Thing",
            "color": "#D33115",
            "shape": "bounding_box",
            "featureNodeHash": "obj00001",
            "required": False,
            "attributes": [],
        }
    ],
    "classifications": [
        {
            "id": "1",
            "featureNodeHash": "cls00001",
            "attributes": [
                {
                    "id": "1.1",
                    "name": "Animal",
                    "type": "radio",
                    "required": True,
                    "dynamic": False,
                    "featureNodeHash": "att00001",
                    "options": [
                        {"id": "1.1.1", "label": "Cat", "value": "cat", "featureNodeHash": "opt00cat"},
                        {"id": "1.1.2", "label": "Dog", "value": "dog", "featureNodeHash": "opt00dog"},
                    ],
                }
            ],
        }
    ],
}
STAGES = [
    StageSpec(title="Agent 1", type=StageType.AGENT, pathways={"Cat": "Annotate", "Other": "Which reviewer?"}),
    StageSpec(title="Annotate", type=StageType.ANNOTATION, next="Which reviewer?"),
    StageSpec(title="Which reviewer?", type=StageType.PERCENTAGE_ROUTER, next="Review"),
    StageSpec(title="Review", type=StageType.REVIEW, next="Complete", rejected="Annotate"),
    StageSpec(title="Complete", type=StageType.DONE),
]


def pets(tasks: int = 0, stages: Sequence[StageSpec] = STAGES) -> World:
    """One project whose first stage holds this many tasks, and an empty folder and dataset for uploads."""
    seeded = [ItemSpec(url=f"{BUCKET}/seed/{n:04}.jpg", title=f"{n:04}.jpg") for n in range(tasks)]
    return World(
        integrations=[IntegrationSpec(title="aws")],
        folders=[FolderSpec(title="pets"), FolderSpec(title="seed", items=seeded)],
        ontologies=[OntologySpec(title="Animals", editor=ANIMAL)],
        datasets=[DatasetSpec(title="pets", folders=["seed"])],
        projects=[ProjectSpec(title="Pets", ontology="Animals", datasets=["pets"], stages=list(stages))],
    )


def jpeg(width: int = 32, height: int = 24) -> bytes:
    """A small true picture."""
    buffer = io.BytesIO()
    Image.effect_noise((width, height), 64).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()
