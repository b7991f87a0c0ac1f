"""For any labels: whatever a person does to them, a second run changes them once, and a third run not at all."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from encord.objects import ClassificationInstance, LabelRowV2, ObjectInstance
from hypothesis import event, given, settings
from hypothesis import strategies as st

from encord_lambda.encord_platform.drawing import coordinates
from encord_lambda.labels.ontology import SHAPES, Ontology
from encord_lambda.labels.proposals import Label, Owned, Proposal, Thing
from tests.adapters.any_proposals import DRAWN, a_thing, an_answer
from tests.adapters.offline_rows import GROUP, IMAGE, VIDEO, Kind, Scribe, a_row, read_back, sent, written
from tests.fakes import ontologies

type Json = dict[str, Any]


@st.composite
def structures(draw: st.DrawFn) -> Json:
    """An ontology with up to three classifications, and an object of each shape."""
    structure: Json = draw(ontologies.structures(least=0))
    structure["objects"] = [
        {"name": shape, "shape": shape, "color": "#D33115", "attributes": draw(ontologies.attributes(1, dynamic=True))}
        for shape in SHAPES
    ]
    return ontologies.numbered(structure)


def any_proposals(data: st.DataObject, ontology: Ontology, kind: Kind) -> list[Proposal]:
    """An answer to each question or none, and one to four things of any shapes."""
    answers = (an_answer(data, question, kind) for question in ontology.classifications)
    kinds = data.draw(st.lists(st.sampled_from(ontology.objects), min_size=1, max_size=4))
    things = (a_thing(data, drawn, kind, f"{rank}") for rank, drawn in enumerate(kinds))
    return [*(one for one in answers if one is not None), *things]


def touched(data: st.DataObject, row: LabelRowV2) -> None:
    """An object is changed on one of its frames, perhaps to where it was, or an answer is confirmed."""
    if one := chosen(data, row.get_object_instances()):
        annotation = data.draw(st.sampled_from(one.get_annotations()))
        annotation.manual_annotation = True
        if data.draw(st.booleans()):
            annotation.coordinates = coordinates(data.draw(DRAWN[one.ontology_item.shape.value]))
    if answered := chosen(data, row.get_classification_instances()):
        answered.manual_annotation = True
        if not answered.is_global():
            for each in answered.get_annotations():
                each.manual_annotation = True


def moved(data: st.DataObject, row: LabelRowV2) -> None:
    """An answer is put on another frame, where there is none."""
    free = [
        (one, frame)
        for one in row.get_classification_instances()
        for frame in range(row.number_of_frames)
        if not one.is_global() and not row.get_classification_instances(one.ontology_item, frame)
    ]
    if free:
        one, frame = data.draw(st.sampled_from(free))
        before = [each.frame for each in one.get_annotations()]
        one.set_for_frames(frame)
        one.remove_from_frames(before)


def deleted(data: st.DataObject, row: LabelRowV2) -> None:
    """Labels are deleted, or an object's first frame."""
    if one := chosen(data, row.get_object_instances()):
        if len(one.get_annotations()) > 1:
            one.remove_from_frames(one.get_annotations()[0].frame)
        else:
            row.remove_object(one)
    if answered := chosen(data, row.get_classification_instances()):
        row.remove_classification(answered)


def drawn_by_hand(data: st.DataObject, row: LabelRowV2) -> None:
    """A person draws an object, elsewhere or on one that is there."""
    kind = data.draw(st.sampled_from(row.ontology_structure.objects))
    like = chosen(data, row.get_object_instances(kind))
    frame = data.draw(st.integers(0, row.number_of_frames - 1))
    shape = coordinates(data.draw(DRAWN[kind.shape.value]))
    if like and data.draw(st.booleans()):
        frame, shape = like.get_annotations()[0].frame, like.get_annotations()[0].coordinates
    instance = kind.create_instance()
    instance.set_for_frames(shape, frame)
    row.add_object_instance(instance)


def chosen[T: (ObjectInstance, ClassificationInstance)](data: st.DataObject, labels: Sequence[T]) -> T | None:
    return data.draw(st.sampled_from(labels)) if labels else None


DEEDS: list[Callable[[st.DataObject, LabelRowV2], None]] = [touched, moved, deleted, drawn_by_hand]


@settings(max_examples=100)
@given(structures(), st.sampled_from([IMAGE, GROUP, VIDEO]), st.data())
def test_after_whatever_a_person_did_a_run_changes_nothing_of_it_and_the_next_nothing_at_all(
    structure: Json, kind: Kind, data: st.DataObject
) -> None:
    ontology = Ontology.parse(structure)
    owned = Owned(tuple(one.title for one in ontology.classifications), tuple(one.title for one in ontology.objects))
    agent = Scribe(owned)

    def opened(row: LabelRowV2) -> LabelRowV2:
        return a_row(structure, kind, sent(row))

    proposals = any_proposals(data, ontology, kind)
    row = a_row(structure, kind)
    assert written(row, structure, agent, *proposals).added == len(proposals)
    assert contents(read_back(row, structure, kind)) == contents_of(proposals)
    for deed in data.draw(st.lists(st.sampled_from(DEEDS), min_size=1, max_size=4)):
        deed(data, row := opened(row))
    persons = by_persons(read_back(row, structure, kind))

    row = opened(row)
    second = written(row, structure, agent, *proposals)
    after = read_back(row, structure, kind)
    row = opened(row)
    third = written(row, structure, agent, *proposals)

    event(f"{len(persons)} by persons, {second.kept} gave way")
    assert by_persons(after) >= persons
    assert third == replace(second, added=0, replaced=third.replaced)
    assert Counter(map(repr, read_back(row, structure, kind))) == Counter(map(repr, after))


def contents(labels: Sequence[Label]) -> Counter[str]:
    return contents_of([label.content for label in labels])


def contents_of(proposals: Sequence[Proposal]) -> Counter[str]:
    """Without keys, which are not kept in Encord."""
    return Counter(repr(replace(one, key="") if isinstance(one, Thing) else one) for one in proposals)


def by_persons(labels: Sequence[Label]) -> set[str]:
    return {repr(label) for label in labels if label.author == "person"}
