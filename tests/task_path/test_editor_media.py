"""The Label Editor on a video: this function cannot decode one, and the annotator is told so."""

import json

import pytest

from functions.editor_agent import handler
from sandbox.encord_twin import FolderSpec, ItemSpec, MemoryObjects, World
from sandbox.encord_twin.platform.media_facts import MediaKind
from sandbox.scenario.world import FOLDER, PROJECT, world
from tests.task_path.conftest import CONTEXT, URL, TaskPath, event


@pytest.fixture
def seeded() -> tuple[World, MemoryObjects]:
    film = ItemSpec(
        url=URL + "walk.mp4", title="walk.mp4", kind=MediaKind.VIDEO, frames=9, fps=25, mime_type="video/mp4"
    )
    story = ItemSpec(url=URL + "story.txt", title="story.txt", kind=MediaKind.PLAIN_TEXT)
    start = world("00" * 32)
    changes = {
        "folders": [FolderSpec(title="Pets", uuid=FOLDER, items=[film, story])],
        "datasets": [start.datasets[0].model_copy(update={"folders": ["Pets"]})],
    }
    return start.model_copy(update=changes), MemoryObjects({URL + "story.txt": b"A cat. A cat. A cat. A cat."})


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
