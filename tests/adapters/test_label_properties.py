"""For any ontology: what its schema allows becomes labels that the SDK takes, and reads back equal."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.labels.ontology import SHAPES, Attribute, Ontology
from encord_lambda.labels.proposals import Answer, Answers, Bitmask, Owned, Placement, Proposal, Shape, Thing, Written
from encord_lambda.labels.reading import read
from encord_lambda.labels.shapes import Box, Point, Polygon, Polyline, RotatedBox
from encord_lambda.labels.steps import Sayings, Step, nested_answers, plan
from tests.adapters.offline_rows import (
    AUDIO,
    GROUP,
    IMAGE,
    PDF,
    SIDE,
    TEXT,
    VIDEO,
    Kind,
    Scribe,
    a_row,
    read_back,
    written,
)
from tests.fakes import ontologies

KINDS = [IMAGE, GROUP, VIDEO, PDF, AUDIO, TEXT]
SOME = settings(max_examples=40)
"""Each example goes through the SDK twice; there is one test for each kind of data unit and each shape."""


def said(data: st.DataObject, questions: Sequence[Attribute], *, rated: bool = True) -> Sayings:
    """Anything that the schemas of all steps allow, as it is read."""
    going = plan(questions, rated=rated)
    try:
        step: Step = next(going)
        while True:
            step = going.send(read(step, json.dumps(data.draw(ontologies.allowed(step.schema)))))
    except StopIteration as end:
        found: Sayings = end.value
        return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@SOME
@given(ontologies.structures(), st.data())
def test_any_answer_the_schema_allows_is_written_and_reads_back_equal(
    kind: Kind, structure: dict[str, Any], data: st.DataObject
) -> None:
    questions = Ontology.parse(structure).classifications
    about_all = kind in (AUDIO, TEXT)
    proposals = []
    for question in questions:
        one = said(data, [question])[question.title]
        frame = 0 if about_all or question.whole else data.draw(st.integers(0, kind.frames - 1))
        last = data.draw(st.none() | st.integers(frame + 1, kind.frames - 1)) if 0 < frame < kind.frames - 1 else None
        if one.answer is not None:
            proposals.append(Answer(question.title, one.answer, one.confidence, frame, last))
    agent = Scribe(Owned(classifications=tuple(one.title for one in questions)))
    row = a_row(structure, kind)

    assert written(row, structure, agent, *proposals) == Written(added=len(proposals))
    found = read_back(row, structure, kind)
    assert [(label.content, label.author) for label in found] == [(one, "agent") for one in proposals]


FRACTIONS = st.floats(0, 1)
POINTS = st.lists(st.tuples(FRACTIONS, FRACTIONS), min_size=3, max_size=5, unique=True).map(tuple)
SIZES = st.floats(0.01, 0.5)
STARTS = st.floats(0, 0.5)
DRAWN: dict[str, st.SearchStrategy[Shape]] = {
    "bounding_box": st.builds(Box, STARTS, STARTS, SIZES, SIZES),
    "rotatable_bounding_box": st.builds(RotatedBox, STARTS, STARTS, SIZES, SIZES, st.floats(0, 360)),
    "polygon": st.builds(lambda x, y, w: Polygon(((x, y), (x + w, y), (x, y + w))), STARTS, STARTS, SIZES),
    "polyline": st.builds(Polyline, POINTS),
    "point": st.builds(Point, FRACTIONS, FRACTIONS),
    "bitmask": st.binary(min_size=SIDE * SIDE, max_size=SIDE * SIDE).map(
        lambda noise: a_mask([byte % 2 for byte in noise])
    ),
}


def a_mask(columns: Sequence[int]) -> Bitmask:
    """A mask in COCO's encoding, from its pixels column by column; written anew."""
    runs, at, value = [], 0, 0
    while at < len(columns):
        length = next((n for n, pixel in enumerate(columns[at:]) if pixel != value), len(columns) - at)
        runs.append(length)
        at, value = at + length, 1 - value
    text = ""
    for place, run in enumerate(runs):
        number = run - runs[place - 2] if place > 2 else run
        more = True
        while more:
            bits, number = number & 0x1F, number >> 5
            more = number != (-1 if bits & 0x10 else 0)
            text += chr(bits + (0x20 if more else 0) + 48)
    return Bitmask(SIDE, SIDE, text)


def test_every_shape_that_agents_draw_is_drawn_here() -> None:
    assert DRAWN.keys() == SHAPES.keys()


@pytest.mark.parametrize("shape", DRAWN)
@SOME
@given(st.data())
def test_any_thing_is_written_and_reads_back_equal(shape: str, data: st.DataObject) -> None:
    structure = data.draw(ontologies.structures(shape, least=0))
    kind = data.draw(st.sampled_from([IMAGE, GROUP, VIDEO]))
    attributes = Ontology.parse(structure).object("Thing").attributes
    things = [a_thing(data, attributes, DRAWN[shape], kind, key) for key in data.draw(st.sets(st.text(), max_size=3))]
    row = a_row(structure, kind)

    assert written(row, structure, Scribe(Owned(objects=("Thing",))), *things) == Written(added=len(things))
    assert key_by_hash(read_back(row, structure, kind)) == sorted(map(keyless, things), key=repr)


def a_thing(
    data: st.DataObject, attributes: Sequence[Attribute], shapes: st.SearchStrategy[Shape], kind: Kind, key: str
) -> Thing:
    frames = data.draw(st.lists(st.integers(0, kind.frames - 1), min_size=1, max_size=3, unique=True).map(sorted))
    dynamic, static = ([one for one in attributes if one.dynamic is which] for which in (True, False))

    def answers(asked: Sequence[Attribute]) -> Answers:
        return nested_answers(said(data, asked, rated=False))

    placements = [Placement(frame, data.draw(shapes), data.draw(FRACTIONS), answers(dynamic)) for frame in frames]
    return Thing("Thing", tuple(placements), key, answers(static))


def keyless(thing: Proposal) -> Proposal:
    return replace(thing, key="") if isinstance(thing, Thing) else thing


def key_by_hash(labels: Sequence[Any]) -> list[Proposal]:
    """The things of labels, none of them by a person; their keys are the hashes."""
    assert all(label.author == "agent" and label.content.key == label.hash for label in labels)
    return sorted((keyless(label.content) for label in labels), key=repr)
