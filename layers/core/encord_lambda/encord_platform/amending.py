"""Answers for attributes of objects that stand in a label row, whoever drew them; what is answered stays."""

from collections.abc import Sequence
from functools import partial

from encord.objects import LabelRowV2, ObjectInstance

from encord_lambda.encord_platform.answering import Attribute, SdkAnswer, put_one
from encord_lambda.encord_platform.label_reading import answer_at
from encord_lambda.errors import Gone
from encord_lambda.labels.proposals import Amendment, Value


def amend(row: LabelRowV2, amendments: Sequence[Amendment]) -> int:
    """Answer attributes that nobody has answered yet; says how many were. Nothing is saved yet.

    Raises:
        Gone: One of the objects is no longer there, or not on its frame: nothing was answered.
        Reject: The ontology does not allow an answer.
    """
    drawn = {one.object_hash: one for one in row.get_object_instances()}
    for each in amendments:
        if each.hash not in drawn or each.frame not in drawn[each.hash].get_annotation_frames():
            raise Gone("an object that you selected was deleted meanwhile: nothing was written; please try again")
    return sum(_amend(drawn[each.hash], each) for each in amendments)


def _amend(drawn: ObjectInstance, amendment: Amendment) -> int:
    attributes = {one.title: one for one in drawn.ontology_item.attributes if not one.archived}
    open_ones = [(title, answer) for title, answer in amendment.answers if title in attributes]
    return sum(_put(drawn, attributes[title], answer, amendment.frame) for title, answer in open_ones)


def _put(drawn: ObjectInstance, attribute: Attribute, answer: Value, frame: int) -> int:
    if answer_at(drawn, attribute, frame) is not None:
        return 0
    put_one(answer, attribute, partial(_set, drawn, frame))
    return 1


def _set(drawn: ObjectInstance, frame: int, answer: SdkAnswer, attribute: Attribute) -> None:
    if attribute.dynamic:
        drawn.set_answer(answer, attribute, frames=frame)
    else:
        drawn.set_answer(answer, attribute, manual_annotation=False)
