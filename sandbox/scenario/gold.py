"""Benchmark QA as seed 003 has it: a ground-truth project, and one whose annotators are scored by it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from encord import EncordUserClient
from encord.workflow import AgentStage, AnnotationStage

from sandbox.annotators import Annotator, Seen, annotate, label_all, ontology
from sandbox.artwork import draw
from sandbox.encord_twin.platform.records import StageType
from sandbox.encord_twin.world import DatasetSpec, FolderSpec, OntologySpec, ProjectSpec, StageSpec, World
from sandbox.scenario.archive import Medium, picture

TITLE: Final = "Gold"
TRUTH: Final = UUID("9807ec70-0000-4000-8000-000000000004")
PRODUCTION: Final = UUID("9807ec70-0000-4000-8000-000000000005")
TELL, DRAW, CONSENSUS, REVIEW, ARCHIVE = "Tell the animal", "Draw its box", "Consensus", "Consensus 1", "Archive"
ADA: Final = Annotator("ada@example.com", right=0.97, misses=0.02, jitter=0.02)
BEN: Final = Annotator("ben@example.com", right=0.88, misses=0.08, jitter=0.05)
CEM: Final = Annotator("cem@example.com", right=0.70, misses=0.15, jitter=0.09)
ANNOTATORS: Final = (ADA, BEN, CEM)
"""Best first."""
MODEL: Final = Annotator("model", right=0.92, misses=0, jitter=0.03)
"""Labels half of the pictures before anybody else, at two agent stages."""
AGENTS: Final = tuple(replace(MODEL, email=stage) for stage in (TELL, DRAW))
"""What a benchmark makes of these: one answers, the other draws, both as well as the model."""
PICTURES, SIZE, FIRST_SEED = 40, (240, 160), 760_000  # far from what the model was trained on and from other media
KINDS = ("Cat", "Dog")


def pictures(number: int = PICTURES) -> list[Medium]:
    """Drawings of one animal each."""
    seeds = range(FIRST_SEED, FIRST_SEED + number)
    return [picture(f"gold {seed}.png", draw(KINDS[seed % len(KINDS)], seed, SIZE)) for seed in seeds]


def truth(media: Sequence[Medium]) -> dict[str, Seen]:
    """What is on them, by title."""
    return {one.title: _seen(one) for one in media}


def extended(world: World, media: Sequence[Medium], annotators: Sequence[Annotator] = ANNOTATORS) -> World:
    """The world with both projects, where all tasks wait for agents, and for somebody to tell the truth."""
    emails = [one.email for one in annotators]
    production = [
        StageSpec(title=TELL, type=StageType.AGENT, pathways={"Told": DRAW}),
        StageSpec(title=DRAW, type=StageType.AGENT, pathways={"Drawn": CONSENSUS}),
        StageSpec(title=CONSENSUS, type=StageType.CONSENSUS_ANNOTATION, next=REVIEW, annotators=emails),
        StageSpec(title=REVIEW, type=StageType.CONSENSUS_REVIEW, next="Complete", rejected=ARCHIVE),
        StageSpec(title="Complete", type=StageType.DONE),
        StageSpec(title=ARCHIVE, type=StageType.DONE),
    ]
    gold = [
        StageSpec(title="Annotate", type=StageType.ANNOTATION, next="Complete"),
        StageSpec(title="Complete", type=StageType.DONE),
    ]
    projects = [
        ProjectSpec(title="Ground truth", uuid=TRUTH, ontology=TITLE, datasets=[TITLE], stages=gold),
        ProjectSpec(title="Benchmark", uuid=PRODUCTION, ontology=TITLE, datasets=[TITLE], stages=production),
    ]
    return world.model_copy(
        update={
            "folders": [*world.folders, FolderSpec(title=TITLE, items=[one.item for one in media])],
            "datasets": [*world.datasets, DatasetSpec(title=TITLE, folders=[TITLE])],
            "ontologies": [*world.ontologies, OntologySpec(title=TITLE, editor=ontology())],
            "projects": [*world.projects, *projects],
        }
    )


def play(key: str, domain: str, media: Sequence[Medium]) -> None:
    """Tell the truth of all pictures, and have everybody label them, as the owner of a key."""
    client = EncordUserClient.create_with_ssh_private_key(key, domain=domain)
    establish(client, truth(media))
    work(client, truth(media))


def hand_on(client: EncordUserClient) -> None:
    """Have all tasks leave both agent stages: then they wait for their annotators."""
    project = client.get_project(PRODUCTION)
    for title, pathway in ((TELL, "Told"), (DRAW, "Drawn")):
        with project.create_bundle() as bundle:
            for task in project.workflow.get_stage(name=title, type_=AgentStage).get_tasks():
                task.proceed(pathway_name=pathway, bundle=bundle)


def establish(client: EncordUserClient, gold: Mapping[str, Seen]) -> None:
    """Label the truth, and finish its tasks."""
    project = client.get_project(TRUTH)
    label_all(project, gold)
    with project.create_bundle() as bundle:
        for task in project.workflow.get_stage(name="Annotate", type_=AnnotationStage).get_tasks():
            task.submit(bundle=bundle)


def work(client: EncordUserClient, gold: Mapping[str, Seen], annotators: Sequence[Annotator] = ANNOTATORS) -> None:
    """Have the model label every second picture, and everybody all of them: then all tasks wait for review."""
    project = client.get_project(PRODUCTION)
    led = {title: MODEL.sees(title, seen) for title, seen in list(gold.items())[::2]}
    label_all(project, led, confidence=MODEL.right)
    annotate(project, CONSENSUS, gold, annotators)


def _seen(medium: Medium) -> Seen:
    [(kind, (left, top, right, bottom))] = medium.frames[0]
    width, height = medium.size
    return Seen(kind, (left / width, top / height, right / width, bottom / height))
