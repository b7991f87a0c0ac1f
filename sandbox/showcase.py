"""A world halfway through: drawings of pets, most labelled by an agent and routed, a few finished by a person."""

import io

from encord import Project
from encord.objects import LabelRowV2
from encord.workflow import AgentStage, AnnotationStage

from sandbox.annotators import COLOURS, Seen, label, ontology
from sandbox.artwork import KINDS, Drawing, draw
from sandbox.encord_twin import DatasetSpec, FolderSpec, ItemSpec, OntologySpec, ProjectSpec, World
from sandbox.scenario.world import AGENT_STAGE, STAGE_OF, STAGES

TITLE, PERSON = "Pets", "ann@example.com"
SIZE = (640, 480)
PICTURES, SEEN, FINISHED, FIRST_SEED = 36, 26, 3, 7_100

type Drawings = dict[str, Drawing]  # by title


def drawings() -> Drawings:
    """The pictures there are."""
    seeds = range(FIRST_SEED, FIRST_SEED + PICTURES)
    return {f"IMG_{seed}.jpg": draw(KINDS[seed % len(KINDS)], seed, SIZE) for seed in seeds}


def plainest(pictures: Drawings) -> str:
    """The title of the labelled picture that makes the smallest file: screenshots should be small too."""
    labelled = [title for title, drawing in list(pictures.items())[:SEEN] if drawing.kind in COLOURS]
    return min(labelled, key=lambda title: len(_jpeg(pictures[title])))


def files(pictures: Drawings) -> dict[str, bytes]:
    """The objects behind them, by URL."""
    return {_url(title): _jpeg(drawing) for title, drawing in pictures.items()}


def world(pictures: Drawings, person: str) -> World:
    """Where it begins; `person` is the public key, in hex, of one who annotates."""
    metadata = {"camera": "north gate", "taken": "2026-11-20"}
    items = [
        ItemSpec(
            url=_url(title),
            title=title,
            width=SIZE[0],
            height=SIZE[1],
            file_size=len(_jpeg(drawing)),
            client_metadata=metadata,
        )
        for title, drawing in pictures.items()
    ]
    return World(
        keys={person: PERSON},
        folders=[FolderSpec(title=TITLE, items=items)],
        datasets=[DatasetSpec(title=TITLE, folders=[TITLE])],
        ontologies=[OntologySpec(title=TITLE, editor=ontology())],
        projects=[ProjectSpec(title=TITLE, ontology=TITLE, datasets=[TITLE], stages=list(STAGES))],
    )


def play(agent: Project, person: Project, pictures: Drawings) -> None:
    """Let the agent label and route what it has seen so far, and the person finish some of it."""
    for row in agent.list_label_rows_v2()[:SEEN]:
        if pictures[row.data_title].kind in COLOURS:
            _label(agent, row, pictures[row.data_title], confidence=0.8 + sum(row.data_title.encode()) * 7 % 20 / 100)
    for task in list(agent.workflow.get_stage(name=AGENT_STAGE, type_=AgentStage).get_tasks())[:SEEN]:
        task.proceed(pictures[task.data_title].kind)
    for kind in COLOURS:
        stage = person.workflow.get_stage(name=STAGE_OF[kind], type_=AnnotationStage)
        for job in list(stage.get_tasks())[:FINISHED]:
            [row] = person.list_label_rows_v2(data_hashes=[str(job.data_hash)])
            _label(person, row, pictures[row.data_title], confidence=1.0)
            job.submit()


def _label(project: Project, row: LabelRowV2, drawing: Drawing, *, confidence: float) -> None:
    """Say what it is and where. Only who is certain is a person."""
    row.initialise_labels(overwrite=True)
    (left, top, right, bottom), (width, height) = drawing.box, drawing.image.size
    box = left / width, top / height, right / width, bottom / height
    label(row, project.ontology_structure, Seen(drawing.kind, box), confidence=confidence)
    row.save()


def _url(title: str) -> str:
    return f"https://pets.s3.eu-west-1.amazonaws.com/{title}"


def _jpeg(drawing: Drawing) -> bytes:
    buffer = io.BytesIO()
    drawing.image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
