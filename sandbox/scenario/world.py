"""What Encord holds before the first upload: seed 000's project, empty.

UUIDs are fixed, so that `sandbox/pipeline.yaml` can name them as a user's file would; a test compares the two.
"""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from sandbox.encord_twin.platform.json_values import JsonObject
from sandbox.encord_twin.platform.records import StageType
from sandbox.encord_twin.world import (
    DatasetSpec,
    FolderSpec,
    IntegrationSpec,
    OntologySpec,
    ProjectSpec,
    StageSpec,
    World,
)

PIPELINE = Path(__file__).parent.parent / "pipeline.yaml"
PREFIX = "pets/"
INTEGRATION = "sandbox-aws"
FOLDER = UUID("f01de000-0000-4000-8000-000000000001")
DATASET = UUID("da7a5e70-0000-4000-8000-000000000001")
PROJECT = UUID("9807ec70-0000-4000-8000-000000000001")

ANIMAL, DESCRIPTION = "Animal", "Scene description"
AGENT_STAGE = "Agent 1"
STAGES = (
    StageSpec(
        title=AGENT_STAGE,
        type=StageType.AGENT,
        pathways={"Cat": "Annotate cats", "Dog": "Annotate dogs", "Other": "Archive"},
    ),
    StageSpec(title="Annotate cats", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Annotate dogs", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Complete", type=StageType.DONE),
    StageSpec(title="Archive", type=StageType.DONE),
)
# Where a task must be once the agent answered; the ontology has no option for what is neither cat nor dog.
STAGE_OF = {"Cat": "Annotate cats", "Dog": "Annotate dogs", None: "Archive"}


def world(public_key: str) -> World:
    """The platform's start, for the owner of an ed25519 key (in hex)."""
    return World(
        keys={public_key: "encord-lambda@twin.local"},
        integrations=[IntegrationSpec(title=INTEGRATION)],
        folders=[FolderSpec(title="Pets", uuid=FOLDER)],
        datasets=[DatasetSpec(title="Pets", uuid=DATASET)],
        ontologies=[OntologySpec(title="Pets", editor=_ontology())],
        projects=[ProjectSpec(title="Pets", uuid=PROJECT, ontology="Pets", datasets=["Pets"], stages=list(STAGES))],
    )


def _ontology() -> JsonObject:
    options = [_option(number, name) for number, name in enumerate(("Cat", "Dog"), start=1)]
    animal = _classification("1", ANIMAL, "animal", {"type": "radio", "required": True, "options": options})
    return {"objects": [], "classifications": [animal, text_classification("2", DESCRIPTION)]}


def text_classification(number: str, title: str) -> JsonObject:
    """A question of the ontology that is answered in words."""
    return _classification(number, title, "scene", {"type": "text", "required": False})


def _classification(number: str, title: str, name: str, answer: JsonObject) -> JsonObject:
    common = {"id": f"{number}.1", "name": title, "dynamic": False, "featureNodeHash": _feature("a", name)}
    return {"id": number, "featureNodeHash": _feature("c", name), "attributes": [common | answer]}


def _option(number: int, label: str) -> JsonObject:
    return {
        "id": f"1.1.{number}",
        "label": label,
        "value": label.lower(),
        "featureNodeHash": _feature("o", label.lower()),
    }


def _feature(*parts: str) -> str:
    """Encord's feature hashes have eight characters."""
    return "".join(parts).ljust(8, "0")


def stage_titles() -> Sequence[str]:
    """The workflow's stages in its own order."""
    return [stage.title for stage in STAGES]
