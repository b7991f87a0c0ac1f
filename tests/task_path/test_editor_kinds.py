"""Every kind of editor agent on pictures, groups and videos, with the real SDK against the twin."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from encord.objects import LabelRowV2, Object
from encord.objects.coordinates import BoundingBoxCoordinates

from encord_lambda.encord_platform.label_reading import answer_at
from sandbox.encord_twin import FolderSpec, ItemSpec, MemoryObjects, OntologySpec, World
from sandbox.encord_twin.platform.media_facts import MediaKind
from sandbox.model_server.script import Received, Reply, Script, Text
from sandbox.scenario.world import PIPELINE
from tests.adapters.clips import clip
from tests.fakes.ontologies import numbered
from tests.task_path.conftest import URL, Json, TaskPath, drawing, pets
from tests.task_path.editor import click, opened, written
from tests.unit.custom import own

CAT, FILM = "pets/000 Cat.jpg", "walk.mp4"
KINDS = """
  animal: {kind: classify, model: "openai:gpt-4o", classification: Animal, answered: ask}
  breed: {kind: attributes, model: "openai:gpt-4o", attributes: [Breed, Pose]}
  check: {kind: validate, answered: [Animal], smallest: 0.05, overlap: {Dog: 0.5}}
  mine: {kind: custom, run: mine, classifications: [Scene description]}
"""
MINE = """
from encord_lambda.custom import Answer, Decision, Reject

def decide(given):
    if given.options.get("refuse"):
        raise Reject("draw a box first")
    said = f"frame {given.frame} of {given.data_type}, {len(given.selected)} selected, {given.picture().width} wide"
    return Decision((Answer("Scene description", said, 0.5, given.frame),), None, "done", None, message="looked at it")
"""
DOG: Json = {
    "name": "Dog",
    "shape": "bounding_box",
    "color": "#D33115",
    "attributes": [
        {"name": "Breed", "type": "text", "required": True, "dynamic": False},
        {"name": "Pose", "type": "text", "required": False, "dynamic": True},
    ],
}


@pytest.fixture
def seeded() -> tuple[World, MemoryObjects]:
    """A drawing and a film of 50 frames that have their numbers drawn in them; dogs can be drawn and described."""
    start, _ = pets(0)
    film = ItemSpec(url=URL + FILM, title=FILM, kind=MediaKind.VIDEO, frames=50, fps=30, mime_type="video/mp4")
    editor = start.ontologies[0].editor
    dogs = numbered({"objects": [DOG], "classifications": []})["objects"]
    dogs[0] |= {"id": "9"}
    changes = {
        "folders": [FolderSpec(title="Pets", items=[ItemSpec(url=URL + CAT, title=CAT), film])],
        "datasets": [start.datasets[0].model_copy(update={"folders": ["Pets"]})],
        "ontologies": [OntologySpec(title="Pets", editor={**editor, "objects": dogs})],
    }
    return start.model_copy(update=changes), MemoryObjects({URL + CAT: drawing(CAT, 0), URL + FILM: clip()})


@pytest.fixture(autouse=True)
def agents(path: TaskPath, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    own.forget()
    own.writer(tmp_path)("mine", MINE)
    path.pipeline(PIPELINE.read_text() + KINDS)


def draw_dog(path: TaskPath, title: str = CAT, box: tuple[float, ...] = (0.2, 0.2, 0.1, 0.1), frame: int = 0) -> str:
    """A person draws a dog (height, width, left, top), and saves; answers its hash."""
    row = opened(path, title)
    dog = row.ontology_structure.get_child_by_title("Dog", type_=Object).create_instance()
    dog.set_for_frames(BoundingBoxCoordinates(*box), frame)
    row.add_object_instance(dog)
    row.save()
    return dog.object_hash


def dogs(row: LabelRowV2) -> dict[str, tuple[object, object]]:
    """Breed, and pose on frame 0, by the object's hash."""
    breed, pose = row.ontology_structure.get_child_by_title("Dog", type_=Object).attributes
    return {one.object_hash: (answer_at(one, breed, 0), answer_at(one, pose, 0)) for one in row.get_object_instances()}


def while_thinking(act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Do this between the question and the model's answer."""
    answer = Script.next_reply

    def act_and_answer(script: Script, received: Received) -> Reply | None:
        act()
        return answer(script, received)

    monkeypatch.setattr(Script, "next_reply", act_and_answer)


def test_a_frame_of_a_video_is_classified_and_no_other(path: TaskPath) -> None:
    path.model.enqueue(Text('{"answer": "Dog", "confidence": 0.5}'))

    assert click(path, "animal", FILM, 7).status == 200
    [label] = opened(path, FILM).get_classification_instances()
    assert [(span.start, span.end) for span in label.range_list] == [(7, 7)]


def test_a_custom_agent_is_given_the_open_frame_and_what_is_selected(path: TaskPath) -> None:
    dog = draw_dog(path, FILM, frame=7)
    answer = click(path, "mine", FILM, 7, dog, dog)

    assert (answer.status, answer.message) == (200, "looked at it")
    assert written(path, FILM)[0]["answers"] == {"Scene description": "frame 7 of video, 1 selected, 128 wide"}


@pytest.mark.parametrize(
    ("source", "status", "says"),
    [
        (MINE.replace('given.options.get("refuse")', "True"), 422, "draw a box first"),
        ("def decide(given):\n    raise KeyError('internal')", 500, "the agent failed; its owner finds the reason in"),
        ("def decide(given):\n    return 7", 500, "the agent failed; its owner finds the reason in"),
    ],
    ids=["declines", "breaks", "returns no decision"],
)
def test_a_custom_agent_may_decline_and_its_faults_are_for_the_log(
    path: TaskPath, tmp_path: Path, caplog: pytest.LogCaptureFixture, source: str, status: int, says: str
) -> None:
    own.writer(tmp_path)("mine", source)
    answer = click(path, "mine", CAT)

    assert (answer.status, answer.message.startswith(says)) == (status, True)
    assert "mine.py" in caplog.text or status == 422


def test_attributes_of_the_selected_objects_are_answered_and_of_no_others(path: TaskPath) -> None:
    dog, other = draw_dog(path), draw_dog(path, box=(0.2, 0.2, 0.6, 0.6))
    path.model.enqueue(Text(said(Breed="Pug", Pose="sits")))

    assert click(path, "breed", CAT, 0, dog).status == 200
    assert dogs(opened(path, CAT)) == {dog: ("Pug", "sits"), other: (None, None)}


def test_what_a_person_answered_meanwhile_stands_and_what_somebody_drew_is_kept(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    dog = draw_dog(path)
    drawn: list[str] = []

    def a_person_works() -> None:
        row = opened(path, CAT)
        [standing] = row.get_object_instances()
        standing.set_answer("Poodle", standing.ontology_item.attributes[0])
        row.save()
        drawn.append(draw_dog(path, box=(0.2, 0.2, 0.6, 0.6)))

    while_thinking(a_person_works, monkeypatch)
    path.model.enqueue(Text(said(Breed="Pug", Pose="sits")))

    assert click(path, "breed", CAT, 0, dog).status == 200
    assert dogs(opened(path, CAT)) == {dog: ("Poodle", "sits"), drawn[0]: (None, None)}


def test_an_object_that_is_deleted_meanwhile_is_a_conflict_and_nothing_is_saved(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    dog = draw_dog(path)

    def a_person_deletes() -> None:
        row = opened(path, CAT)
        row.remove_object(row.get_object_instances()[0])
        row.save()

    while_thinking(a_person_deletes, monkeypatch)
    path.model.enqueue(Text(said(Breed="Pug", Pose="sits")))
    answer = click(path, "breed", CAT, 0, dog)

    assert (answer.status, "was deleted meanwhile" in answer.message) == (409, True)
    assert dogs(opened(path, CAT)) == {}


@pytest.mark.parametrize(("selects", "says"), [(False, "select the objects"), (True, "no selected object on this")])
def test_without_an_object_to_ask_about_the_annotator_is_told(path: TaskPath, selects: bool, says: str) -> None:
    dog = draw_dog(path, FILM, frame=3)
    answer = click(path, "breed", FILM, 7, *([dog] if selects else []))

    assert (answer.status, says in answer.message) == (422, True)


def test_the_model_is_shown_the_object_and_a_margin(path: TaskPath) -> None:
    dog = draw_dog(path, FILM, (0.5, 0.5, 0.5, 0.0), frame=5)
    path.model.enqueue(Text(said(Breed="Pug", Pose="sits")))

    assert click(path, "breed", FILM, 5, dog).status == 200
    assert "the 'Dog' in the middle of the image" in str(path.model.history[-1].request)


def test_labels_are_checked_and_nothing_is_saved(path: TaskPath) -> None:
    draw_dog(path, box=(0.01, 0.2, 0.6, 0.6))
    before = len(path.model.history)
    answer = click(path, "check", CAT)

    assert answer.status == 200
    assert answer.message == (
        "'Animal' is not answered; 'Breed' of a 'Dog' is not answered; a 'Dog' is smaller than 0.05 of the picture"
    )
    assert len(path.model.history) == before
    assert written(path, CAT) == []


def said(**answers: str) -> str:
    return json.dumps({title: {"answer": answer, "confidence": 0.9} for title, answer in answers.items()})
