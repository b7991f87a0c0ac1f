"""Proposals as JSON, and the way back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from encord_lambda.labels.proposals import (
    Answer,
    Bitmask,
    Box,
    Choice,
    Placement,
    Point,
    Polygon,
    Polyline,
    Proposal,
    RotatedBox,
    Thing,
)
from encord_lambda.labels.records import ProposalRecord, Record, proposed, recorded

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
FRACTIONS = st.floats(0, 1)
WORDS = st.text()
POINTS = st.lists(st.tuples(FRACTIONS, FRACTIONS)).map(tuple)
SHAPES = st.one_of(
    st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    st.builds(RotatedBox, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    st.builds(Polygon, POINTS),
    st.builds(Polyline, POINTS),
    st.builds(Point, NUMBERS, NUMBERS),
    st.builds(Bitmask, st.integers(), st.integers(), WORDS),
)
PLAIN = st.one_of(WORDS, NUMBERS, st.lists(WORDS).map(tuple))
VALUES = st.recursive(
    PLAIN,
    lambda nested: st.builds(Choice, WORDS, st.lists(st.tuples(WORDS, nested), max_size=3).map(tuple)),
    max_leaves=6,
)
ANSWERS = st.lists(st.tuples(WORDS, VALUES), max_size=3).map(tuple)
FRAMES = st.integers(0, 10_000)
PROPOSALS = st.one_of(
    st.builds(Answer, WORDS, VALUES, FRACTIONS, FRAMES, st.none() | FRAMES),
    st.builds(
        Thing,
        WORDS,
        st.lists(st.builds(Placement, FRAMES, SHAPES, FRACTIONS, ANSWERS), max_size=3).map(tuple),
        WORDS,
        ANSWERS,
    ),
)


class Page(Record):
    """Something that holds proposals."""

    proposals: tuple[ProposalRecord, ...]


def a_page(**changes: object) -> str:
    """A page with one box, with changes to the place it is at."""
    place = {"frame": 0, "shape": ["bounding_box", {"x": 0, "y": 0, "width": 1, "height": 1}], "confidence": 0.5}
    thing = {"object": "Cat", "placements": [place | {"answers": []} | changes], "key": "0:1", "answers": []}
    return json.dumps({"proposals": [thing]})


@given(st.lists(PROPOSALS, max_size=4).map(tuple))
def test_what_is_written_is_read_back_equal(proposals: tuple[Proposal, ...]) -> None:
    written = Page(proposals=recorded(proposals)).model_dump_json()

    found = proposed(Page.model_validate_json(written).proposals)

    assert found == proposals
    assert repr(found) == repr(proposals)  # an int equals its float, but is another answer in the ontology's eyes


def test_the_form_names_a_shapes_kind() -> None:
    line = Thing("Path", (Placement(2, Polyline(((0.0, 0.5), (1.0, 0.5))), 0.75),), "2:1")

    assert json.loads(Page(proposals=recorded([line])).model_dump_json()) == {
        "proposals": [
            {
                "object": "Path",
                "placements": [
                    {
                        "frame": 2,
                        "shape": ["polyline", {"points": [[0.0, 0.5], [1.0, 0.5]]}],
                        "confidence": 0.75,
                        "answers": [],
                    }
                ],
                "key": "2:1",
                "answers": [],
            }
        ]
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": ["circle", {"x": 0.0, "y": 0.0}]},
        {"shape": ["bounding_box", {"x": 0.0, "y": 0.0}]},
        {"shape": ["point", {"x": 0.0, "y": 0.0, "z": 0.0}]},
        {"shape": ["point", {"x": "0", "y": 0.0}]},
        {"shape": {"x": 0.0, "y": 0.0}},
        {"confidence": float("nan")},
        {"confidence": True},
        {"frame": 0.5},
        {"colour": "red"},
    ],
    ids=str,
)
def test_anything_else_is_refused(changes: dict[str, object]) -> None:
    assert proposed(Page.model_validate_json(a_page()).proposals)

    with pytest.raises(ValidationError):
        Page.model_validate_json(a_page(**changes))


def test_every_record_is_strict() -> None:
    configs: list[type[BaseModel]] = [Record, *Record.__subclasses__()]
    assert all(one.model_config["extra"] == "forbid" and one.model_config["strict"] for one in configs)
