"""A label row's standing labels as the proposals that would write them."""

from collections.abc import Iterator
from functools import partial

from encord.objects import ClassificationInstance, LabelRowV2, ObjectInstance
from encord.objects.frames import Range

from encord_lambda.encord_platform.answering import Attribute, get_all, get_one
from encord_lambda.encord_platform.drawing import shape_of
from encord_lambda.encord_platform.ownership import is_edited
from encord_lambda.labels.proposals import Answer, Label, Placement, Shape, Thing, Value


def labels(row: LabelRowV2) -> Iterator[Label]:
    """All labels with an answer or a shape that agents know: one for each range of a classification, one per object.

    A thing's key is its hash, for keys are not kept in Encord.
    """
    for answered in row.get_classification_instances():
        for span in answered.range_list or [Range(0, 0)]:
            if (answer := answer_of(answered)) is not None:
                last = span.end if span.end > span.start else None
                found = Answer(answered.classification_name, answer, answered.confidence, span.start, last)
                by_person, identity = is_edited(answered), answered.classification_hash
                yield Label(found, "person" if by_person else "agent", identity, _signed(answered))
    for drawn in row.get_object_instances():
        if placements := tuple(_placements(drawn)):
            static = [one for one in drawn.ontology_item.attributes if not one.dynamic]
            thing = Thing(drawn.object_name, placements, drawn.object_hash, get_all(static, drawn.get_answer))
            places = drawn.get_annotations()
            edited = [one for one in places if is_edited(one)]
            yield Label(thing, "person" if edited else "agent", drawn.object_hash, _signed((edited or places)[0]))


def answer_of(instance: ClassificationInstance) -> Value | None:
    """A classification's answer, with what is nested in it."""
    return get_one(instance.ontology_item.attributes[0], instance.get_answer)


def answer_at(instance: ObjectInstance, attribute: Attribute, frame: int) -> Value | None:
    """An object's answer to one of its attributes; of a dynamic one, that on the frame."""
    at_frame = partial(_at, instance, frame=frame)
    return get_one(attribute, at_frame if attribute.dynamic else instance.get_answer)


def path_of(instance: ObjectInstance) -> dict[int, Shape]:
    """Where an object is, by frame; without the frames where it is drawn in a way that agents do not know."""
    shapes = ((each.frame, shape_of(each.coordinates)) for each in instance.get_annotations())
    return {frame: shape for frame, shape in shapes if shape is not None}


def _signed(label: ClassificationInstance | ObjectInstance.Annotation) -> str:
    return label.last_edited_by or label.created_by or ""


def _placements(instance: ObjectInstance) -> Iterator[Placement]:
    dynamic = [one for one in instance.ontology_item.attributes if one.dynamic]
    for each in instance.get_annotations():
        if (shape := shape_of(each.coordinates)) is not None:
            answers = get_all(dynamic, lambda attribute, frame=each.frame: _at(instance, attribute, frame))  # type: ignore[misc]
            yield Placement(each.frame, shape, each.confidence, answers)


def _at(instance: ObjectInstance, attribute: Attribute, frame: int) -> object:
    found = instance.get_answer(attribute, filter_frame=frame, is_dynamic=True)
    return found[0].answer if isinstance(found, list) and found else None
