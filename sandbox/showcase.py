"""A world halfway through: drawings of pets, most labelled by an agent and routed, a few finished by a person."""

import io

from encord import Project
from encord.objects import Classification, LabelRowV2, Object, Option
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.workflow import AgentStage, AnnotationStage

from sandbox.artwork import KINDS, Drawing, draw
from sandbox.encord_twin import DatasetSpec, FolderSpec, ItemSpec, OntologySpec, ProjectSpec, World
from sandbox.encord_twin.platform.json_values import JsonObject
from sandbox.scenario.world import AGENT_STAGE, STAGE_OF, STAGES

TITLE, PERSON = "Pets", "ann@example.com"
SIZE = (640, 480)
PICTURES, SEEN, FINISHED, FIRST_SEED = 36, 26, 3, 7_100
COLOURS = {"Cat": "#C4481A", "Dog": "#2C6BC9"}

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
        ontologies=[OntologySpec(title=TITLE, editor=_ontology())],
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
    for answered in row.get_classification_instances():
        row.remove_classification(answered)
    for drawn in row.get_object_instances():
        row.remove_object(drawn)
    structure = project.ontology_structure
    animal = structure.get_child_by_title("Animal", type_=Classification)
    answer = animal.create_instance()
    answer.set_answer(animal.get_child_by_title(drawing.kind, type_=Option))
    answer.set_for_frames(0, confidence=confidence, manual_annotation=confidence == 1)
    row.add_classification_instance(answer)
    thing = structure.get_child_by_title(drawing.kind, type_=Object).create_instance()
    thing.set_for_frames(_box(drawing), 0, confidence=confidence, manual_annotation=confidence == 1)
    row.add_object_instance(thing)
    row.save()


def _box(drawing: Drawing) -> BoundingBoxCoordinates:
    (left, top, right, bottom), (width, height) = drawing.box, drawing.image.size
    return BoundingBoxCoordinates(
        top_left_x=left / width, top_left_y=top / height, width=(right - left) / width, height=(bottom - top) / height
    )


def _ontology() -> JsonObject:
    """A box for each animal, and a question for the whole picture."""
    objects = [
        {
            "id": str(number),
            "name": name,
            "color": colour,
            "shape": "bounding_box",
            "featureNodeHash": f"obj0000{number}",
            "required": False,
            "attributes": [],
        }
        for number, (name, colour) in enumerate(COLOURS.items(), start=1)
    ]
    options = [
        {"id": f"1.1.{number}", "label": name, "value": name.lower(), "featureNodeHash": f"opt0000{number}"}
        for number, name in enumerate(COLOURS, start=1)
    ]
    question = {"id": "1.1", "name": "Animal", "type": "radio", "required": True, "dynamic": False}
    attributes = [question | {"featureNodeHash": "att00001", "options": options}]
    animal = {"id": "1", "featureNodeHash": "cla00001", "attributes": attributes}
    return {"objects": objects, "classifications": [animal]}


def _url(title: str) -> str:
    return f"https://pets.s3.eu-west-1.amazonaws.com/{title}"


def _jpeg(drawing: Drawing) -> bytes:
    buffer = io.BytesIO()
    drawing.image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
