"""For any ontology: what its schema allows becomes labels that the SDK takes, and reads back equal."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.labels.ontology import SHAPES, Ontology
from encord_lambda.labels.proposals import Owned, Proposal, Thing, Written
from tests.adapters.any_proposals import DRAWN, a_thing, an_answer
from tests.adapters.offline_rows import AUDIO, GROUP, IMAGE, PDF, TEXT, VIDEO, Kind, Scribe, a_row, read_back, written
from tests.fakes import ontologies

KINDS = [IMAGE, GROUP, VIDEO, PDF, AUDIO, TEXT]
SOME = settings(max_examples=40)
"""Each example goes through the SDK twice; there is one test for each kind of data unit and each shape."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@SOME
@given(ontologies.structures(), st.data())
def test_any_answer_the_schema_allows_is_written_and_reads_back_equal(
    kind: Kind, structure: dict[str, Any], data: st.DataObject
) -> None:
    questions = Ontology.parse(structure).classifications
    answers = (an_answer(data, question, kind) for question in questions)
    proposals = [one for one in answers if one is not None]
    agent = Scribe(Owned(classifications=tuple(one.title for one in questions)))
    row = a_row(structure, kind)

    assert written(row, structure, agent, *proposals) == Written(added=len(proposals))
    found = read_back(row, structure, kind)
    assert [(label.content, label.author) for label in found] == [(one, "agent") for one in proposals]


def test_every_shape_that_agents_draw_is_drawn_here() -> None:
    assert DRAWN.keys() == SHAPES.keys()


@pytest.mark.parametrize("shape", DRAWN)
@SOME
@given(st.data())
def test_any_thing_is_written_and_reads_back_equal(shape: str, data: st.DataObject) -> None:
    structure = data.draw(ontologies.structures(shape, least=0))
    kind = data.draw(st.sampled_from([IMAGE, GROUP, VIDEO]))
    drawn = Ontology.parse(structure).object("Thing")
    things = [a_thing(data, drawn, kind, key) for key in data.draw(st.sets(st.text(), max_size=3))]
    row = a_row(structure, kind)

    assert written(row, structure, Scribe(Owned(objects=("Thing",))), *things) == Written(added=len(things))
    assert key_by_hash(read_back(row, structure, kind)) == sorted(map(keyless, things), key=repr)


def keyless(thing: Proposal) -> Proposal:
    return replace(thing, key="") if isinstance(thing, Thing) else thing


def key_by_hash(labels: Sequence[Any]) -> list[Proposal]:
    """The things of labels, none of them by a person; their keys are the hashes."""
    assert all(label.author == "agent" and label.content.key == label.hash for label in labels)
    return sorted((keyless(label.content) for label in labels), key=repr)
