"""The schema of what is seen on a picture is one that OpenAI takes, whatever the ontology."""

from typing import Any

import pytest
from hypothesis import given

from encord_lambda.errors import Misconfigured
from encord_lambda.labels.object_schema import GEOMETRIES, looks, things
from encord_lambda.labels.ontology import SHAPES, Attribute, Object, Ontology, Option
from tests.fakes import ontologies
from tests.fakes.schema_limits import assert_strict

AGE = Attribute("Age", "numeric", required=True)
TAGS = Attribute("Tags", "checklist", (Option("wet"), Option("fast")))


def options(number: int, length: int = 10) -> tuple[Option, ...]:
    return tuple(Option(f"{count:0{length}}") for count in range(number))


def test_a_thing_is_under_its_title_with_its_attributes() -> None:
    made: Any = things([Object("Dog", "point", (AGE, TAGS, Attribute("Sound", "audio"))), Object("Way", "polyline")])

    dog, way = made["properties"]["things"]["items"]["anyOf"]
    inner = dog["properties"]["Dog"]
    assert list(inner["properties"]) == ["confidence", "point", "attributes"]
    assert list(inner["properties"]["attributes"]["properties"]) == ["Age", "Tags"]
    assert list(way["properties"]["Way"]["properties"]) == ["confidence", "polyline"]
    assert_strict(made)


def test_a_language_model_draws_all_shapes_but_masks() -> None:
    assert GEOMETRIES.keys() == SHAPES.keys() - {"bitmask"}
    with pytest.raises(Misconfigured, match="cannot draw"):
        things([Object("Fog", "bitmask")])


@pytest.mark.parametrize("length", [10, 59])
def test_200_options_are_one_look_even_with_long_titles_and_nested_attributes(length: int) -> None:
    nested = tuple(Option(one.title, (AGE, TAGS)) for one in options(200, length))
    drawn = Object("Dog", "polygon", (Attribute("Kind", "radio", nested),))

    assert list(looks([drawn])) == [(drawn,)]
    assert_strict(things([drawn]))


def test_200_objects_are_one_look() -> None:
    drawn = tuple(Object(f"object {number}", "rotatable_bounding_box", (AGE,)) for number in range(200))

    assert list(looks(drawn)) == [drawn]
    assert_strict(things(drawn))


def test_objects_whose_options_are_too_many_together_are_several_looks() -> None:
    kind = Attribute("Kind", "radio", options(400))
    drawn = tuple(Object(title, "point", (kind,)) for title in "ABC")

    assert list(looks(drawn)) == [drawn[:1], drawn[1:]]


def test_attributes_that_are_too_large_alone_are_left_for_later() -> None:
    large = Object("A", "point", (AGE, Attribute("Kind", "radio", options(1001))))
    small = Object("B", "point", (AGE,))

    assert list(looks([large, small])) == [(Object("A", "point"), small)]


@given(ontologies.drawings())
def test_every_look_at_any_ontology_is_within_the_limits_and_all_objects_are_in_one(structure: dict[str, Any]) -> None:
    objects = Ontology.parse(structure).objects
    found = list(looks(objects))

    for together in found:
        assert_strict(dict(things(together)))
    assert [one.title for together in found for one in together] == [one.title for one in objects]
