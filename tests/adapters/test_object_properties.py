"""For any ontology: what its schema allows of a picture becomes objects that the SDK takes, and reads back equal."""

import json
from collections import Counter
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from encord_lambda.agents import linking
from encord_lambda.agents.agent import Picture, Question, Tools
from encord_lambda.agents.looking import look
from encord_lambda.agents.naming import Seen
from encord_lambda.agents.repertoire import repertoire
from encord_lambda.config_prelabel import Prelabel
from encord_lambda.errors import Reject
from encord_lambda.labels.object_schema import THINGS
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Owned, Written
from tests.adapters.offline_rows import Scribe, a_row, read_back, written
from tests.adapters.test_label_properties import key_by_hash, keyless
from tests.fakes import ontologies
from tests.fakes.schema_limits import assert_strict
from tests.fakes.stages import ScriptedModel, ScriptedPictures

SOME = settings(max_examples=60)
"""Each example goes through the SDK twice."""
PICTURE = Picture(b"picture", "image/png")
ALL = {"kind": "prelabel", "accept": 0.005, "review": 0.005, "overlap": 1.0}
VISION = {"kind": "vision", "model": "openai:m"}


def looked(structure: dict[str, Any], model: ScriptedModel) -> Seen:
    """What a language model's answers come to; nothing is left out for being in the same place."""
    ontology = Ontology.parse(structure)
    classes = {f"label of {one.title}": one.title for one in ontology.objects}
    config = Prelabel.model_validate(ALL | {"detector": VISION, "classes": classes})
    return look(config, repertoire(config, ontology), PICTURE, Tools(model, ScriptedPictures()))


@SOME
@given(ontologies.drawings(), st.data())
def test_all_that_the_schema_allows_is_drawn_and_reads_back_equal(
    structure: dict[str, Any], data: st.DataObject
) -> None:
    told: Counter[str] = Counter()

    def says(question: Question) -> str:
        schema = dict(question.schema)
        assert_strict(schema)
        answer = data.draw(ontologies.allowed(schema))
        told.update(title for one in answer.get(THINGS, ()) for title in one)
        return json.dumps(answer)

    seen = looked(structure, ScriptedModel(says))

    assert Counter(one.title for one in seen.found) == told
    assert (seen.refused, seen.misanswered, seen.unknown) == (0, 0, {})
    check_written(structure, seen)


@settings(max_examples=200)
@given(ontologies.drawings(), st.data())
def test_what_the_schema_does_not_allow_is_refused_and_never_written(
    structure: dict[str, Any], data: st.DataObject
) -> None:
    told = []

    def says(question: Question) -> str:
        schema = dict(question.schema)
        answer = data.draw(ontologies.allowed(schema).flatmap(ontologies.nearly))
        told.append(ontologies.allows(schema, answer))
        return json.dumps(answer)

    try:
        seen = looked(structure, ScriptedModel(says))
    except Reject:
        event("rejected")
        return
    event(f"taken, of {'allowed' if all(told) else 'other'} JSON")
    assert all(told) or seen.refused or seen.misanswered
    check_written(structure, seen)


def check_written(structure: dict[str, Any], seen: Seen) -> None:
    things = list(linking.things({0: seen.found}, None))
    row = a_row(structure)
    everything = Owned(objects=tuple(one["name"] for one in structure["objects"]))
    assert written(row, structure, Scribe(everything), *things) == Written(added=len(things))
    assert key_by_hash(read_back(row, structure)) == sorted(map(keyless, things), key=repr)
