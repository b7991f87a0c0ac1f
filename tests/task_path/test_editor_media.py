"""The Label Editor on a video: this function cannot decode one, and the annotator is told so."""

import json

import pytest
from encord.objects import Classification, LabelRowV2

from encord_lambda.encord_platform.client import connect
from functions.editor_agent import handler
from sandbox.artwork import papers
from sandbox.encord_twin import FolderSpec, ItemSpec, MemoryObjects, World
from sandbox.encord_twin.platform.media_facts import MediaKind
from sandbox.scenario.world import FOLDER, PROJECT, world
from tests.task_path.conftest import CONTEXT, URL, TaskPath, event


@pytest.fixture
def seeded() -> tuple[World, MemoryObjects]:
    film = ItemSpec(
        url=URL + "walk.mp4", title="walk.mp4", kind=MediaKind.VIDEO, frames=9, fps=25, mime_type="video/mp4"
    )
    paper = ItemSpec(url=URL + "paper.pdf", title="paper.pdf", kind=MediaKind.PDF, frames=3)
    story = ItemSpec(url=URL + "story.txt", title="story.txt", kind=MediaKind.PLAIN_TEXT)
    start = world("00" * 32)
    changes = {
        "folders": [FolderSpec(title="Pets", uuid=FOLDER, items=[film, paper, story])],
        "datasets": [start.datasets[0].model_copy(update={"folders": ["Pets"]})],
    }
    files = {
        URL + "story.txt": b"A cat. A cat. A cat. A cat.",
        URL + "paper.pdf": papers.document(["Cat", "Cat", "Cat"], 9_300_000),
    }
    return start.model_copy(update=changes), MemoryObjects(files)


def call(path: TaskPath, title: str, frame: int) -> tuple[int, str]:
    """Status and body of a click on a frame."""
    rows = path.twin.store.projects[PROJECT].tasks.values()
    data = next(str(task.row.data_hash) for task in rows if task.row.item.name == title)
    sent = event("editor_agent")
    sent["body"] = json.dumps(json.loads(sent["body"]) | {"dataHash": data, "frame": frame})
    answer = handler.lambda_handler(sent, CONTEXT)
    assert isinstance(answer, dict)
    return answer["statusCode"], str(answer.get("body") or "")


def test_the_annotator_of_a_video_is_told_what_is_possible(path: TaskPath) -> None:
    status, body = call(path, "walk.mp4", 4)

    assert status == 422
    assert "frames of videos cannot be described from the Label Editor: use an agent stage" in body


def test_a_text_is_described(path: TaskPath) -> None:
    status, _ = call(path, "story.txt", 0)

    assert status == 200
    [label] = path.answers()["story.txt"]["classifications"]
    assert len(label["answers"]["Scene description"]) >= 25


def paper(path: TaskPath) -> LabelRowV2:
    """The PDF's label row, as somebody else opens it."""
    project = connect(path.twin.url, path.twin.key, "annotator").get_project(PROJECT)
    [row] = project.list_label_rows_v2(data_title_eq="paper.pdf")
    row.initialise_labels()
    return row


def test_a_pdf_is_described_as_a_whole_whatever_page_is_open_and_once(path: TaskPath) -> None:
    for page in (2, 0):
        assert call(path, "paper.pdf", page)[0] == 200

    [label] = paper(path).get_classification_instances()
    assert [(span.start, span.end) for span in label.range_list] == [(0, 2)]


def test_a_persons_answer_on_another_page_stands_and_the_annotator_is_told(path: TaskPath) -> None:
    row = paper(path)
    question = row.ontology_structure.get_child_by_title("Scene description", type_=Classification)
    answer = question.create_instance()
    answer.set_answer("My own words.")
    answer.set_for_frames(0)
    row.add_classification_instance(answer)
    row.save()

    status, body = call(path, "paper.pdf", 2)

    assert status == 200
    assert "is answered already" in body
