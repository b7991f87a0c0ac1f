"""What Encord holds before the run, and the pipeline.yaml that goes with it."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

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
from tests.chaos import pictures
from tests.chaos.items import BOXES, BOXES_STAGE_OF, FAILED, LOOPING, NOTHING, SORT, STAGE_OF, Item

AGENT, PERSON = "agent@chaos.local", "ann@chaos.local"
AGENT_STAGE: Final[Mapping[str, str]] = {SORT: "Classify", BOXES: "Prelabel"}
PROJECTS: Final[Mapping[str, UUID]] = {
    SORT: UUID("c4a05000-0000-4000-8000-000000000001"),
    BOXES: UUID("c4a05000-0000-4000-8000-000000000002"),
}
DATASETS: Final[Mapping[str, UUID]] = {
    SORT: UUID("c4a05000-0000-4000-8000-000000000003"),
    BOXES: UUID("c4a05000-0000-4000-8000-000000000004"),
}
PIPELINE: Final = """
version: 1
stages:
  - project: {sort}
    stage: Classify
    agent: {{kind: classify, model: "openai:stand-in", classification: Animal}}
    pathways: {{Cat: Cat, Dog: Dog, Bird: Bird, otherwise: Fish, failed: Failed}}
  - project: {boxes}
    stage: Prelabel
    agent:
      kind: prelabel
      detector: {{kind: http, url: "{far_side}/detect"}}
      classes: {{cat: Cat, dog: Dog}}
      accept: 0.9
      review: 0.5
    pathways: {{accepted: sure, review: unsure, nothing: empty}}
limits: {{max_in_flight: {in_flight}}}
"""


def pipeline(far_side: str, in_flight: int) -> str:
    """The pipeline.yaml of both agents."""
    return PIPELINE.format(sort=PROJECTS[SORT], boxes=PROJECTS[BOXES], far_side=far_side, in_flight=in_flight)


def world(items: Sequence[Item], keys: dict[str, str]) -> World:
    """Both projects with all tasks waiting at their agent; `keys` are e-mails by public key."""
    return World(
        keys=keys,
        integrations=[IntegrationSpec(title="chaos")],
        folders=[
            FolderSpec(title=desk, items=[_item(item) for item in items if item.desk == desk]) for desk in PROJECTS
        ],
        ontologies=[
            OntologySpec(title=SORT, editor={"objects": [], "classifications": [_animal()]}),
            OntologySpec(title=BOXES, editor={"objects": [_box(1, "Cat"), _box(2, "Dog")], "classifications": []}),
        ],
        datasets=[DatasetSpec(title=desk, uuid=DATASETS[desk], folders=[desk]) for desk in PROJECTS],
        projects=[_project(SORT, _sort_stages()), _project(BOXES, _boxes_stages())],
    )


def _item(item: Item) -> ItemSpec:
    width, height = pictures.SIZE
    url = f"https://pictures.s3.eu-west-1.amazonaws.com/{item.title}"
    return ItemSpec(url=url, title=item.title, width=width, height=height)


def _project(desk: str, stages: list[StageSpec]) -> ProjectSpec:
    return ProjectSpec(title=desk, uuid=PROJECTS[desk], ontology=desk, datasets=[desk], stages=stages)


def _sort_stages() -> list[StageSpec]:
    agent = AGENT_STAGE[SORT]
    return [
        StageSpec(title=agent, type=StageType.AGENT, pathways={**STAGE_OF, "Failed": FAILED}),
        StageSpec(title=STAGE_OF["Cat"], type=StageType.ANNOTATION, next="Complete"),
        StageSpec(title=STAGE_OF["Dog"], type=StageType.ANNOTATION, next="Complete"),
        StageSpec(title=STAGE_OF[LOOPING], type=StageType.ANNOTATION, next=agent),
        *(StageSpec(title=title, type=StageType.DONE) for title in (STAGE_OF[NOTHING], FAILED, "Complete")),
    ]


def _boxes_stages() -> list[StageSpec]:
    return [
        StageSpec(title=AGENT_STAGE[BOXES], type=StageType.AGENT, pathways=dict(BOXES_STAGE_OF)),
        StageSpec(title="Annotate", type=StageType.ANNOTATION, next="Complete"),
        StageSpec(title="Check", type=StageType.ANNOTATION, next="Complete"),
        StageSpec(title="By hand", type=StageType.ANNOTATION, next="Complete"),
        StageSpec(title="Complete", type=StageType.DONE),
    ]


def _animal() -> dict[str, object]:
    options = [
        {"id": f"1.1.{number}", "label": label, "value": label.lower(), "featureNodeHash": f"o{label.lower():0<7}"}
        for number, label in enumerate(("Cat", "Dog", LOOPING), start=1)
    ]
    attribute = {"id": "1.1", "name": "Animal", "dynamic": False, "featureNodeHash": "aanimal0", "type": "radio"}
    return {
        "id": "1",
        "featureNodeHash": "canimal0",
        "attributes": [attribute | {"required": True, "options": options}],
    }


def _box(number: int, title: str) -> dict[str, object]:
    return {
        "id": str(number),
        "name": title,
        "color": "#D33115",
        "shape": "bounding_box",
        "featureNodeHash": f"obj{title:0<5}",
        "required": False,
        "attributes": [],
    }
