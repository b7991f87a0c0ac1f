"""What people write into label rows, as the Label Editor would."""

from typing import Final

from encord.objects import Classification, LabelRowV2, Object, Option
from encord.objects.coordinates import BoundingBoxCoordinates

from tests.chaos.items import SORT, Item
from tests.chaos.world import PERSON

OWN_BOX: Final = BoundingBoxCoordinates(height=0.2, width=0.2, top_left_x=0.7, top_left_y=0.05)
CORRECTED: Final = BoundingBoxCoordinates(height=0.3, width=0.3, top_left_x=0.11, top_left_y=0.1)


def write(item: Item, row: LabelRowV2) -> None:
    """Put a person's own labels in, the ones that are planned for this item; nothing is saved yet."""
    if item.desk == SORT:
        _answer(row, item.answer)
    elif item.answer == "edits":
        _correct(row)
    else:
        _draw(row)


def _answer(row: LabelRowV2, option: str) -> None:
    question = row.ontology_structure.get_child_by_title("Animal", type_=Classification)
    wanted = question.get_child_by_title(option, type_=Option)
    if standing := row.get_classification_instances(question):
        standing[0].set_answer(wanted, overwrite=True)
        standing[0].set_for_frames(0, overwrite=True, manual_annotation=True, last_edited_by=PERSON)
        return
    instance = question.create_instance()
    instance.set_answer(wanted)
    instance.set_for_frames(0, manual_annotation=True)
    row.add_classification_instance(instance)


def _correct(row: LabelRowV2) -> None:
    cat = row.ontology_structure.get_child_by_title("Cat", type_=Object)
    [drawn] = row.get_object_instances(cat)
    drawn.set_for_frames(CORRECTED, 0, overwrite=True, manual_annotation=True, last_edited_by=PERSON)


def _draw(row: LabelRowV2) -> None:
    instance = row.ontology_structure.get_child_by_title("Cat", type_=Object).create_instance()
    instance.set_for_frames(OWN_BOX, 0, manual_annotation=True)
    row.add_object_instance(instance)
