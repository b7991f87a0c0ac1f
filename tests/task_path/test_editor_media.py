"""The Label Editor on a video, a PDF and a text."""

import json

import pytest
from encord.objects import Classification

from functions.editor_agent import handler
from sandbox.artwork import papers
from sandbox.encord_twin import FolderSpec, ItemSpec, MemoryObjects, World
from sandbox.encord_twin.platform.media_facts import MediaKind
from sandbox.scenario.world import FOLDER, PROJECT, world
from tests.adapters.clips import clip, even
from tests.task_path.conftest import CONTEXT, URL, TaskPath, event
from tests.task_path.editor import opened


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
        URL + "walk.mp4": clip(shown=even(9)),
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


def test_a_frame_of_a_video_is_described_and_no_other(path: TaskPath) -> None:
    assert call(path, "walk.mp4", 4)[0] == 200

    [label] = opened(path, "walk.mp4").get_classification_instances()
    assert [(span.start, span.end) for span in label.range_list] == [(4, 4)]


def test_a_frame_beyond_the_end_is_refused(path: TaskPath) -> None:
    status, body = call(path, "walk.mp4", 9)

    assert (status, "has 9 frames; there is no frame 9" in body) == (422, True)


def test_a_text_is_described(path: TaskPath) -> None:
    status, _ = call(path, "story.txt", 0)

    assert status == 200
    [label] = path.answers()["story.txt"]["classifications"]
    assert len(label["answers"]["Scene description"]) >= 25


def test_a_pdf_is_described_as_a_whole_whatever_page_is_open_and_once(path: TaskPath) -> None:
    for page in (2, 0):
        assert call(path, "paper.pdf", page)[0] == 200

    [label] = opened(path, "paper.pdf").get_classification_instances()
    assert [(span.start, span.end) for span in label.range_list] == [(0, 2)]


def test_a_persons_answer_on_another_page_stands_and_the_annotator_is_told(path: TaskPath) -> None:
    row = opened(path, "paper.pdf")
    question = row.ontology_structure.get_child_by_title("Scene description", type_=Classification)
    answer = question.create_instance()
    answer.set_answer("My own words.")
    answer.set_for_frames(0)
    row.add_classification_instance(answer)
    row.save()

    status, body = call(path, "paper.pdf", 2)

    assert status == 200
    assert "is answered already" in body
