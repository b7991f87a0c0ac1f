"""Any proposals that an ontology allows: answers that its schemas allow, and things of every shape."""

import json
from collections.abc import Sequence

from hypothesis import strategies as st

from encord_lambda.labels.ontology import Attribute, Classification, Object
from encord_lambda.labels.proposals import Answer, Answers, Bitmask, Placement, Shape, Thing
from encord_lambda.labels.reading import read
from encord_lambda.labels.shapes import Box, Point, Polygon, Polyline, RotatedBox
from encord_lambda.labels.steps import Sayings, Step, nested_answers, plan
from tests.adapters.offline_rows import AUDIO, SIDE, TEXT, Kind
from tests.fakes import ontologies

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


def an_answer(data: st.DataObject, question: Classification, kind: Kind) -> Answer | None:
    """To one question, on a frame or a range of frames; None if nothing was said."""
    one = said(data, [question])[question.title]
    frame = 0 if kind in (AUDIO, TEXT) or question.whole else data.draw(st.integers(0, kind.frames - 1))
    last = data.draw(st.none() | st.integers(frame + 1, kind.frames - 1)) if 0 < frame < kind.frames - 1 else None
    return None if one.answer is None else Answer(question.title, one.answer, one.confidence, frame, last)


def a_thing(data: st.DataObject, drawn: Object, kind: Kind, key: str) -> Thing:
    frames = data.draw(st.lists(st.integers(0, kind.frames - 1), min_size=1, max_size=3, unique=True).map(sorted))
    dynamic, static = ([one for one in drawn.attributes if one.dynamic is which] for which in (True, False))

    def answers(asked: Sequence[Attribute]) -> Answers:
        return nested_answers(said(data, asked, rated=False))

    placements = [
        Placement(frame, data.draw(DRAWN[drawn.shape]), data.draw(FRACTIONS), answers(dynamic)) for frame in frames
    ]
    return Thing(drawn.title, tuple(placements), key, answers(static))
