"""Two projects where every kind of agent works, besides the one that uploads feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import yaml

from sandbox.encord_twin.platform.json_values import JsonObject
from sandbox.encord_twin.platform.records import StageType
from sandbox.encord_twin.world import DatasetSpec, FolderSpec, OntologySpec, ProjectSpec, StageSpec, World
from sandbox.scenario import library
from sandbox.scenario.archive import Medium, street, zoo
from sandbox.scenario.world import AGENT_STAGE, DESCRIPTION, PIPELINE, text_classification

EVERY_AGENT = Path(__file__).parent.parent / "every-agent.yaml"
DETECTOR = "http://127.0.0.1:8100/detect"
"""The address in the file, which gives way to the model server's own."""
ZOO = UUID("9807ec70-0000-4000-8000-000000000002")
STREET = UUID("9807ec70-0000-4000-8000-000000000003")
BENCHMARK = UUID("da7a5e70-0000-4000-8000-000000000003")
PRELABEL, GATE, ROUTE, DESCRIBE = "Pre-Labeling Agent", "Quality gate", "Benchmark Task?", "Describe"
AGENT_STAGES = frozenset({AGENT_STAGE, PRELABEL, GATE, ROUTE, DESCRIBE})
SHARP, BLURRED = 3, 1

ZOO_STAGES = (
    StageSpec(
        title=PRELABEL,
        type=StageType.AGENT,
        pathways={"Annotate 1": "Annotate 1", "Review": "Review", "By hand": "Annotate by hand"},
    ),
    StageSpec(title="Annotate 1", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Review", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Annotate by hand", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Complete", type=StageType.DONE),
)
STREET_STAGES = (
    StageSpec(title=GATE, type=StageType.AGENT, pathways={"Good": ROUTE, "Retake": "Retake"}),
    StageSpec(title=ROUTE, type=StageType.AGENT, pathways={"YES": "Annotate benchmark", "NO": DESCRIBE}),
    StageSpec(title=DESCRIBE, type=StageType.AGENT, pathways={"Described": "Annotate"}),
    StageSpec(title="Annotate benchmark", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Annotate", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Complete", type=StageType.DONE),
    StageSpec(title="Retake", type=StageType.DONE),
)


@dataclass(frozen=True, slots=True)
class Archive:
    """All media of the two projects."""

    zoo: Sequence[Medium]
    benchmark: Sequence[Medium]
    production: Sequence[Medium]

    @property
    def everything(self) -> list[Medium]:
        """Whichever project it is for."""
        return [*self.zoo, *self.benchmark, *self.production]


def archive() -> Archive:
    """Draw and film it; takes a second or two."""
    return Archive(zoo(), street("benchmark", SHARP, BLURRED), street("street", SHARP, BLURRED))


def extended(world: World, archive: Archive) -> World:
    """The world with the two projects."""
    media = {"Zoo": archive.zoo, "Benchmark": archive.benchmark, "Street": archive.production}
    folders = [FolderSpec(title=title, items=[one.item for one in items]) for title, items in media.items()]
    datasets = [
        DatasetSpec(title="Zoo", folders=["Zoo"]),
        DatasetSpec(title="Benchmark", uuid=BENCHMARK, folders=["Benchmark"]),
        DatasetSpec(title="Street", folders=["Street"]),
    ]
    return world.model_copy(
        update={
            "folders": [*world.folders, *folders],
            "datasets": [*world.datasets, *datasets],
            "ontologies": [*world.ontologies, *_ontologies()],
            "projects": [*world.projects, *_projects()],
        }
    )


def _ontologies() -> list[OntologySpec]:
    scene = text_classification("1", DESCRIPTION)
    return [
        OntologySpec(title="Zoo", editor={"objects": _boxes("Cat", "Dog"), "classifications": []}),
        OntologySpec(title="Street", editor={"objects": [], "classifications": [scene]}),
    ]


def _projects() -> list[ProjectSpec]:
    return [
        ProjectSpec(title="Zoo", uuid=ZOO, ontology="Zoo", datasets=["Zoo"], stages=list(ZOO_STAGES)),
        ProjectSpec(
            title="Street",
            uuid=STREET,
            ontology="Street",
            datasets=["Benchmark", "Street"],
            stages=list(STREET_STAGES),
        ),
    ]


def pipeline(model_url: str) -> str:
    """All files of the sandbox as one, with the detector where it is."""
    pets, agents, files = (yaml.safe_load(file.read_text()) for file in (PIPELINE, EVERY_AGENT, library.LIBRARY))
    whole = {
        **pets,
        "registrations": [*pets["registrations"], *files["registrations"]],
        "stages": [*pets["stages"], *agents["stages"]],
        "benchmarks": agents["benchmarks"],
    }
    return yaml.safe_dump(whole, sort_keys=False).replace(DETECTOR, f"{model_url}/detect")


def _boxes(*names: str) -> list[JsonObject]:
    return [
        {
            "id": str(number),
            "name": name,
            "color": colour,
            "shape": "bounding_box",
            "featureNodeHash": f"obj{name:0<5}",
            "required": False,
            "attributes": [],
        }
        for number, (name, colour) in enumerate(zip(names, ("#C4481A", "#2C6BC9"), strict=True), start=1)
    ]
