"""Rows of pictures of paws and cats, and an agent that draws and answers there; the true SDK, without a platform."""

from dataclasses import replace
from typing import Any, Final

from encord.objects import Classification, LabelRowV2, Object, Option
from encord.objects.coordinates import BoundingBoxCoordinates

from encord_lambda.labels.proposals import Answer, Box, Label, Owned, Placement, Proposal, Thing, Written
from tests.adapters.offline_rows import IMAGE, Kind, Scribe, a_row, read_back, sent, written
from tests.fakes.ontologies import numbered

STRUCTURE: Final = numbered(
    {
        "objects": [
            {"name": title, "shape": "bounding_box", "color": "#D33115", "attributes": []} for title in ("Paw", "Tail")
        ],
        "classifications": [
            {
                "attributes": [
                    {
                        "name": "Animal",
                        "type": "radio",
                        "required": False,
                        "options": [{"label": "Cat", "value": "cat"}, {"label": "Dog", "value": "dog"}],
                    }
                ]
            },
            {"attributes": [{"name": "Scene", "type": "text", "required": False}]},
            {"attributes": [{"name": "Place", "type": "text", "required": False}], "level": "global"},
        ],
    }
)
AGENT = Scribe(Owned(("Animal",), ("Paw",)))
OTHER = Scribe(Owned(("Animal",), ("Paw",)), name="another")
CAT, DOG = Answer("Animal", "Cat", 0.5), Answer("Animal", "Dog", 0.25)
HERE, THERE = Box(0.1, 0.1, 0.2, 0.2), Box(0.5, 0.5, 0.2, 0.2)


def paw(key: str, *frames: int, box: Box = HERE) -> Thing:
    return Thing("Paw", tuple(Placement(frame, box, 0.5) for frame in frames or (0,)), key)


def saved(row: LabelRowV2, kind: Kind = IMAGE) -> LabelRowV2:
    """The row as it is opened the next time."""
    return a_row(STRUCTURE, kind, sent(row))


def write(row: LabelRowV2, *proposals: Proposal, agent: Scribe = AGENT) -> Written:
    return written(row, STRUCTURE, agent, *proposals)


def contents(row: LabelRowV2, kind: Kind = IMAGE) -> set[tuple[Any, str]]:
    """Labels without their keys, each with its author."""
    return {(_keyless(label), label.author) for label in read_back(row, STRUCTURE, kind)}


def _keyless(label: Label) -> Proposal:
    return replace(label.content, key="") if isinstance(label.content, Thing) else label.content


def drawn_by_a_person(row: LabelRowV2, box: Box, *frames: int) -> None:
    instance = row.ontology_structure.get_child_by_title("Paw", type_=Object).create_instance()
    for frame in frames or (0,):
        instance.set_for_frames(BoundingBoxCoordinates(box.height, box.width, box.x, box.y), frame)
    row.add_object_instance(instance)


def answered_by_a_person(row: LabelRowV2, animal: str, *frames: int) -> None:
    question = row.ontology_structure.get_child_by_title("Animal", type_=Classification)
    instance = question.create_instance()
    instance.set_answer(question.get_child_by_title(animal, type_=Option))
    for frame in frames:
        instance.set_for_frames(frame)
    row.add_classification_instance(instance)
