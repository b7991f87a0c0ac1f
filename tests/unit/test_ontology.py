"""The read-only view of an ontology."""

import pytest

from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Classification, Ontology
from tests.twin.worlds import ANIMAL


def an_attribute(name: str, kind: str, *options: str) -> dict[str, object]:
    return {"name": name, "type": kind, "options": [{"label": option, "value": option.lower()} for option in options]}


def an_ontology(*attributes: dict[str, object]) -> Ontology:
    return Ontology.parse({"objects": [], "classifications": [{"attributes": [one]} for one in attributes]})


def test_the_structure_is_read_as_encord_sends_it() -> None:
    assert Ontology.parse(ANIMAL).classifications == (Classification("Animal", "radio", ("Cat", "Dog")),)


def test_a_text_classification_has_no_options() -> None:
    ontology = Ontology.parse({"classifications": [{"attributes": [{"name": "Scene", "type": "text"}]}]})

    assert ontology.classification("Scene", "text").options == ()


def test_the_ontologys_own_order_is_kept() -> None:
    ontology = an_ontology(an_attribute("B", "text"), an_attribute("A", "radio", "z", "a"))

    assert [(one.title, one.options) for one in ontology.classifications] == [("B", ()), ("A", ("z", "a"))]


def test_only_the_first_attribute_is_the_question() -> None:
    """Those after it are asked depending on its answer."""
    nested = {"attributes": [an_attribute("Animal", "radio", "Cat"), an_attribute("Breed", "text")]}

    assert [one.title for one in Ontology.parse({"classifications": [nested]}).classifications] == ["Animal"]


@pytest.mark.parametrize(
    ("titles", "wanted", "reason"),
    [
        (["Animal"], "Beast", "the ontology has no classification titled 'Beast'; it has: 'Animal'"),
        (["Animal"], "animal", "the ontology has no classification titled 'animal'; it has: 'Animal'"),
        ([], "Animal", "the ontology has no classification titled 'Animal'; it has: none"),
        (["A", "A"], "A", "the ontology has 2 classifications titled 'A': rename all but one"),
        (["A"], "A", "the classification 'A' is of type text; this agent needs radio"),
    ],
)
def test_a_classification_that_cannot_be_asked_says_what_there_is(titles: list[str], wanted: str, reason: str) -> None:
    ontology = an_ontology(*(an_attribute(title, "text") for title in titles))

    with pytest.raises(Misconfigured) as trouble:
        ontology.classification(wanted, "radio")

    assert trouble.value.reason == reason
