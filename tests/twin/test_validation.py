"""Saves the platform looks at before it takes them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from encord import EncordUserClient
from encord.exceptions import (
    AnswerDictionaryError,
    CorruptedLabelError,
    DetectionRangeInvalidError,
    EncordException,
    FeatureDoesNotExistError,
    PayloadTooLargeError,
)
from encord.objects import Classification, LabelRowV2, Object, Option
from encord.objects.coordinates import (
    BoundingBoxCoordinates,
    Coordinates,
    PointCoordinate,
    PolygonCoordinates,
    RotatableBoundingBoxCoordinates,
)
from encord.orm.label_row import LabelRow
from encord.project import Project

from sandbox.encord_twin import OntologySpec, Settings, Twin, World, serve
from tests.twin.conftest import connect
from tests.twin.worlds import ANIMAL, pets

BOX = BoundingBoxCoordinates(height=0.2, width=0.3, top_left_x=0.1, top_left_y=0.1)


def attribute(name: str, kind: str, *, required: bool = False, **more: Any) -> dict[str, Any]:
    common = {"id": "1.1", "name": name, "type": kind, "required": required, "dynamic": False}
    return {**common, "featureNodeHash": name.ljust(8, "0"), **more}


def option(label: str, *nested: dict[str, Any]) -> dict[str, Any]:
    value = {"id": "1.1.1", "label": label, "value": label, "featureNodeHash": label.ljust(8, "1")}
    return {**value, "options": list(nested)}


def thing(name: str, shape: str, *attributes: dict[str, Any]) -> dict[str, Any]:
    described = {"id": "1", "name": name, "color": "#D33115", "shape": shape, "required": False}
    return {**described, "featureNodeHash": name.ljust(8, "2"), "attributes": list(attributes)}


COAT = attribute(
    "coat", "radio", required=True, options=[option("plain"), option("odd", attribute("why", "text", required=True))]
)
DRAWN = [
    thing("box", "bounding_box", COAT, attribute("age", "numeric")),
    thing("area", "polygon"),
    thing("turned", "rotatable_bounding_box"),
]


@pytest.fixture
def world() -> World:
    editor = {"objects": DRAWN, "classifications": ANIMAL["classifications"]}
    return pets(tasks=1).model_copy(update={"ontologies": [OntologySpec(title="Animals", editor=editor)]})


@pytest.fixture
def row(project: Project) -> LabelRowV2:
    [row] = project.list_label_rows_v2()
    row.initialise_labels()
    return row


def draw(project: Project, row: LabelRowV2, name: str, coordinates: Coordinates) -> Any:
    """An object on the row; its questions are not answered yet."""
    instance = project.ontology_structure.get_child_by_title(name, type_=Object).create_instance()
    instance.set_for_frames(coordinates, 0)
    row.add_object_instance(instance)
    return instance


def classify(project: Project, row: LabelRowV2) -> None:
    animal = project.ontology_structure.get_child_by_title("Animal", type_=Classification)
    instance = animal.create_instance()
    instance.set_answer(animal.get_child_by_title("Cat", type_=Option))
    instance.set_for_frames(0)
    row.add_classification_instance(instance)


def problems(project: Project) -> list[str]:
    """What the platform says is wrong with the one row, as last saved."""
    [row] = project.list_label_rows_v2()
    assert row.is_valid == (not project._client.get_label_validation_errors(row.label_hash or ""))
    return row.get_validation_errors() or []


def save(project: Project, row: LabelRowV2, change: Any, *, validate: bool = True) -> None:
    """Save what the SDK would send, changed on the way."""
    content = row.to_encord_dict()
    change(content)
    project._client.save_label_rows([content["label_hash"]], [LabelRow(content)], validate_before_saving=validate)  # type: ignore[no-untyped-call]


def the_answer(content: dict[str, Any]) -> dict[str, Any]:
    [answer] = content["classification_answers"].values()
    assert isinstance(answer, dict)
    return answer


def test_good_labels_pass(project: Project, row: LabelRowV2) -> None:
    classify(project, row)
    box = draw(project, row, "box", BOX)
    box.set_answer(box.ontology_item.get_child_by_title("plain", type_=Option))
    draw(
        project, row, "area", PolygonCoordinates([PointCoordinate(0, 0), PointCoordinate(1, 0), PointCoordinate(1, 1)])
    )
    draw(project, row, "turned", RotatableBoundingBoxCoordinates(0.5, 0.5, 0.9, 0.9, theta=45))

    row.save(validate_before_saving=True)

    assert problems(project) == []


def test_a_required_answer_that_is_missing_is_refused_when_validated_only(project: Project, row: LabelRowV2) -> None:
    draw(project, row, "box", BOX)

    with pytest.raises(AnswerDictionaryError):
        row.save(validate_before_saving=True)
    row.save()

    [error] = problems(project)
    assert "has no answer to 'coat', which is required" in error


def test_a_required_question_below_an_option_must_be_answered_too(project: Project, row: LabelRowV2) -> None:
    box = draw(project, row, "box", BOX)
    odd = box.ontology_item.get_child_by_title("odd", type_=Option)
    box.set_answer(odd)

    with pytest.raises(AnswerDictionaryError):
        row.save(validate_before_saving=True)
    box.set_answer("one white paw", attribute=odd.get_child_by_title("why"))
    row.save(validate_before_saving=True)

    assert problems(project) == []


def asked(content: dict[str, Any]) -> dict[str, Any]:
    """The one question the classification answers."""
    [question] = the_answer(content)["classifications"]
    assert isinstance(question, dict)
    return question


IMPOSSIBLE: dict[str, tuple[Callable[[dict[str, Any]], None], type[EncordException]]] = {
    "an object's feature": (lambda row: the_answer(row).update(featureHash="box22222"), FeatureDoesNotExistError),
    "a foreign attribute": (lambda row: asked(row).update(featureHash="coat0000"), FeatureDoesNotExistError),
    "a foreign option": (lambda row: asked(row)["answers"][0].update(featureHash="odd11111"), FeatureDoesNotExistError),
    "text for a radio": (lambda row: asked(row).update(answers="Cat"), AnswerDictionaryError),
    "no answer": (lambda row: the_answer(row).update(classifications=[]), AnswerDictionaryError),
    "frames that are none": (lambda row: the_answer(row).update(range=[[0]]), CorruptedLabelError),
    "no such frame": (lambda row: the_answer(row).update(range=[[0, 1]]), DetectionRangeInvalidError),
}


@pytest.mark.parametrize(("change", "error"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_classification_is_refused_by_name(
    project: Project, row: LabelRowV2, change: Any, error: type[EncordException]
) -> None:
    classify(project, row)

    with pytest.raises(error):
        save(project, row, change)

    [kept] = project.list_label_rows_v2()
    kept.initialise_labels()
    assert kept.get_classification_instances() == []


@pytest.mark.parametrize(
    ("name", "coordinates"),
    [
        ("turned", RotatableBoundingBoxCoordinates(1.5, 0.5, 0.1, 0.1, theta=0)),
        ("area", PolygonCoordinates([PointCoordinate(0, 0), PointCoordinate(1, 1)])),
        ("area", PolygonCoordinates([PointCoordinate(0, 0), PointCoordinate(1, 1), PointCoordinate(0, 1.1)])),
    ],
    ids=["too high", "two corners", "a corner outside"],
)
def test_impossible_coordinates_are_refused(
    project: Project, row: LabelRowV2, name: str, coordinates: Coordinates
) -> None:
    draw(project, row, name, coordinates)

    with pytest.raises(CorruptedLabelError):
        row.save(validate_before_saving=True)


def test_a_box_in_another_shape_than_its_ontologys_is_refused(project: Project, row: LabelRowV2) -> None:
    draw(
        project, row, "area", PolygonCoordinates([PointCoordinate(0, 0), PointCoordinate(1, 0), PointCoordinate(1, 1)])
    )

    def change(content: dict[str, Any]) -> None:
        [unit] = content["data_units"].values()
        unit["labels"]["objects"][0]["shape"] = "bounding_box"

    with pytest.raises(CorruptedLabelError):
        save(project, row, change)


def test_the_caller_signs_what_nobody_signed(project: Project, row: LabelRowV2) -> None:
    animal = project.ontology_structure.get_child_by_title("Animal", type_=Classification)
    instance = animal.create_instance()
    instance.set_answer(animal.get_child_by_title("Cat", type_=Option))
    instance.set_for_frames(0, created_by="ann@twin.local")
    row.add_classification_instance(instance)
    draw(
        project, row, "area", PolygonCoordinates([PointCoordinate(0, 0), PointCoordinate(1, 0), PointCoordinate(1, 1)])
    )
    row.save()

    [read] = project.list_label_rows_v2()
    read.initialise_labels()

    answer = read.get_classification_instances()[0].get_annotation(0)
    area = read.get_object_instances()[0].get_annotation(0)
    assert (answer.created_by, answer.last_edited_by) == ("ann@twin.local", "agent@twin.local")
    assert (area.created_by, area.last_edited_by) == ("agent@twin.local", "agent@twin.local")


@pytest.fixture
def strict(world: World) -> Iterator[Twin]:
    with serve(world, settings=Settings(label_row_bytes=5_000)) as served:
        yield served


def test_a_save_over_the_size_limit_is_refused_with_the_limit(strict: Twin) -> None:
    client: EncordUserClient = connect(strict)
    project = client.get_project(strict.ids.projects["Pets"])
    [row] = project.list_label_rows_v2()
    row.initialise_labels()
    corners = [PointCoordinate(number / 1000, 0.5) for number in range(500)]
    draw(project, row, "area", PolygonCoordinates(corners))

    with pytest.raises(PayloadTooLargeError, match="5000 bytes"):
        row.save()

    assert strict.log.entries[-1].status == 413


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda answer: answer.pop("classifications"), id="no answers"),
        pytest.param(lambda answer: answer["classifications"][0].pop("name"), id="an answer to nothing"),
        pytest.param(lambda answer: answer["classifications"][0].update(answers=[5]), id="a number for an option"),
    ],
)
def test_a_classification_nobody_can_read_is_refused_without_validation_too(
    project: Project, row: LabelRowV2, change: Callable[[dict[str, Any]], Any]
) -> None:
    classify(project, row)

    with pytest.raises(CorruptedLabelError, match="classifications"):
        save(project, row, lambda content: change(the_answer(content)), validate=False)
