"""The read-only view of an ontology."""

import pytest

from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Attribute, Classification, Object, Ontology, Option
from tests.fakes.stages import radio
from tests.twin.worlds import ANIMAL


def an_attribute(name: str, kind: str, *options: str) -> dict[str, object]:
    return {"name": name, "type": kind, "options": [{"label": option, "value": option.lower()} for option in options]}


def an_ontology(*attributes: dict[str, object]) -> Ontology:
    return Ontology.parse({"objects": [], "classifications": [{"attributes": [one]} for one in attributes]})


def test_the_structure_is_read_as_encord_sends_it() -> None:
    assert Ontology.parse(ANIMAL).classifications == (radio("Animal", "Cat", "Dog"),)


def test_a_text_classification_has_no_options() -> None:
    ontology = Ontology.parse({"classifications": [{"attributes": [{"name": "Scene", "type": "text"}]}]})

    assert ontology.classification("Scene", "text").options == ()


def test_the_ontologys_own_order_is_kept() -> None:
    ontology = an_ontology(an_attribute("B", "text"), an_attribute("A", "radio", "z", "a"))

    assert [(one.title, one.titles) for one in ontology.classifications] == [("B", ()), ("A", ("z", "a"))]


def test_what_is_nested_required_dynamic_and_global_is_read() -> None:
    breed = an_attribute("Breed", "checklist", "Pug") | {"required": True}
    animal = an_attribute("Animal", "radio", "Cat")
    animal["options"] = [{"label": "Cat"}, {"label": "Dog", "options": [breed]}]
    pose = an_attribute("Pose", "radio", "sits") | {"dynamic": True}
    ontology = Ontology.parse(
        {
            "classifications": [{"attributes": [animal], "level": "global"}],
            "objects": [{"name": "Paw", "shape": "polygon", "attributes": [pose]}],
        }
    )

    nested = Attribute("Breed", "checklist", (Option("Pug"),), required=True)
    whole = Classification("Animal", "radio", (Option("Cat"), Option("Dog", (nested,))), whole=True)
    paw = Object("Paw", "polygon", (Attribute("Pose", "radio", (Option("sits"),), dynamic=True),))
    assert (ontology.classification("Animal"), ontology.object("Paw")) == (whole, paw)


def test_what_is_archived_is_left_out() -> None:
    gone = {"archived": True}
    animal = an_attribute("Animal", "radio", "Cat", "Dog")
    animal["options"] = [
        {"label": "Cat"},
        {"label": "Cat"} | gone,
        {"label": "Dog", "options": [{"name": "Breed", "type": "text"} | gone]},
    ]
    ontology = Ontology.parse(
        {
            "classifications": [{"attributes": [animal]}, {"attributes": [an_attribute("Animal", "text") | gone]}],
            "objects": [{"name": "Paw", "shape": "point"} | gone],
        }
    )

    assert ontology == Ontology((radio("Animal", "Cat", "Dog"),))


def test_what_is_nested_under_a_dynamic_attribute_is_left_out() -> None:
    """The SDK cannot set it."""
    pose = {
        "name": "Pose",
        "type": "radio",
        "dynamic": True,
        "options": [{"label": "sits", "options": [an_attribute("Where", "text")]}],
    }
    ontology = Ontology.parse({"objects": [{"name": "Paw", "shape": "point", "attributes": [pose]}]})

    assert ontology.object("Paw").attributes[0].options == (Option("sits"),)


TWIN_OPTIONS = an_attribute("Animal", "radio", "Cat", "Dog", "Cat")
TWIN_ATTRIBUTES = {
    "name": "Animal",
    "type": "radio",
    "options": [{"label": "Dog", "options": [an_attribute("Age", "text"), an_attribute("Age", "numeric")]}],
}
TWINS_BELOW = {
    "name": "Animal",
    "type": "radio",
    "options": [{"label": "Dog", "options": [an_attribute("Breed", "checklist", "Pug", "Pug")]}],
}


@pytest.mark.parametrize(
    ("attribute", "reason"),
    [
        (
            TWIN_OPTIONS,
            "the classification 'Animal' has 2 options titled 'Cat': rename all but one (they stand at 1 and 3)",
        ),
        (
            TWIN_ATTRIBUTES,
            "the classification 'Animal', option 'Dog' has 2 attributes titled 'Age': "
            "rename all but one (they stand at 1 and 2)",
        ),
        (
            TWINS_BELOW,
            "the classification 'Animal', option 'Dog', attribute 'Breed' has 2 options titled 'Pug': "
            "rename all but one (they stand at 1 and 2)",
        ),
        (an_attribute("Animal", "radio"), "the classification 'Animal' has no options to choose from"),
        (
            an_attribute("Animal", "sound"),
            "the classification 'Animal' is of type sound; this agent needs checklist or numeric or radio or text",
        ),
    ],
)
def test_a_classification_that_is_ambiguous_or_cannot_be_answered_is_refused(
    attribute: dict[str, object], reason: str
) -> None:
    with pytest.raises(Misconfigured) as trouble:
        an_ontology(attribute).classification("Animal")

    assert trouble.value.reason == reason


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        ([], "the ontology has no object titled 'Paw'; it has: none"),
        (["point", "polygon"], "the ontology has 2 objects titled 'Paw': rename all but one (they stand at 1 and 2)"),
        (
            ["skeleton"],
            "the object 'Paw' is of shape skeleton; agents draw bounding_box, rotatable_bounding_box, polygon, "
            "polyline, point, bitmask",
        ),
    ],
)
def test_an_object_that_cannot_be_drawn_says_why(objects: list[str], reason: str) -> None:
    ontology = Ontology.parse({"objects": [{"name": "Paw", "shape": shape} for shape in objects]})

    with pytest.raises(Misconfigured) as trouble:
        ontology.object("Paw")

    assert trouble.value.reason == reason


def test_ambiguous_attributes_of_an_object_are_refused() -> None:
    attributes = [an_attribute("Side", "text"), an_attribute("Side", "numeric")]
    ontology = Ontology.parse({"objects": [{"name": "Paw", "shape": "point", "attributes": attributes}]})

    with pytest.raises(Misconfigured, match="the object 'Paw' has 2 attributes titled 'Side': rename all but one"):
        ontology.object("Paw")


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
        (["A", "A"], "A", "the ontology has 2 classifications titled 'A': rename all but one (they stand at 1 and 2)"),
        (["A"], "A", "the classification 'A' is of type text; this agent needs radio"),
    ],
)
def test_a_classification_that_cannot_be_asked_says_what_there_is(titles: list[str], wanted: str, reason: str) -> None:
    ontology = an_ontology(*(an_attribute(title, "text") for title in titles))

    with pytest.raises(Misconfigured) as trouble:
        ontology.classification(wanted, "radio")

    assert trouble.value.reason == reason
