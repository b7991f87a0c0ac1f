"""Classifying on the task path: a group, a video, a PDF, a text and a sound, with labels read back by the SDK."""

import io
from collections.abc import Iterator

import boto3
import pytest
from encord.objects import LabelRowV2

from encord_lambda.encord_platform.client import connect
from sandbox.artwork import draw, papers
from sandbox.artwork.recordings import clip
from sandbox.encord_twin import FolderSpec, ItemSpec, MemoryObjects, OntologySpec, World
from sandbox.encord_twin.platform.media_facts import MediaKind
from sandbox.encord_twin.storage_specs import PartSpec
from sandbox.model_server.wire import ChatRequest
from sandbox.scenario.world import FOLDER, PROJECT, world
from tests.task_path.conftest import URL, TaskPath

PIPELINE = """
version: 1
stages:
  - project: {project}
    stage: Agent 1
    agent:
      kind: classify
      model: {model}
      classification: [Animal, Main animal]
      frames: {{every: 5}}
      {more}
    pathways: {{Cat: Cat, Dog: Dog, otherwise: Other, failed: Other, unsure: Other}}
"""
SIZE = (320, 240)
FILM = clip("Dog", 5_000_100, size=SIZE, frames=23)
STORY = papers.text("Dog", 4)
PAPER = papers.document(["Cat", "Cat"], 9_300_000)
GROUP = ("Cat", "Dog", "Dog")


def drawing(kind: str, seed: int) -> bytes:
    buffer = io.BytesIO()
    draw(kind, seed, SIZE).image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def an_item(title: str, kind: MediaKind, **facts: object) -> ItemSpec:
    return ItemSpec.model_validate({"url": URL + title, "title": title, "kind": kind} | facts)


def a_question(number: int, title: str, **more: object) -> dict[str, object]:
    options = [
        {"id": f"{number}.1.{place}", "label": kind, "value": kind.lower(), "featureNodeHash": f"opt{number}{place:04}"}
        for place, kind in enumerate(("Cat", "Dog"), start=1)
    ]
    attribute = {"id": f"{number}.1", "name": title, "type": "radio", "required": False, "dynamic": False}
    attribute |= {"featureNodeHash": f"attr{number:04}", "options": options}
    return {"id": str(number), "featureNodeHash": f"clas{number:04}", "attributes": [attribute]} | more


@pytest.fixture
def seeded() -> tuple[World, MemoryObjects]:
    parts = {f"group/{number}.jpg": drawing(kind, 9_400_000 + number) for number, kind in enumerate(GROUP)}
    files = {"walk.mp4": FILM.body, "story.txt": STORY, "paper.pdf": PAPER, "bark.wav": b"RIFF"} | parts
    items = [
        an_item("walk.mp4", MediaKind.VIDEO, width=320, height=240, frames=23, fps=25, mime_type="video/mp4"),
        an_item("story.txt", MediaKind.PLAIN_TEXT),
        an_item("paper.pdf", MediaKind.PDF, frames=2),
        an_item("bark.wav", MediaKind.AUDIO, duration=2),
        ItemSpec(
            title="group",
            kind=MediaKind.IMAGE_GROUP,
            parts=[PartSpec(url=URL + name, title=name, width=320, height=240) for name in parts],
        ),
    ]
    start = world("00" * 32)
    editor = {
        "objects": [],
        "classifications": [a_question(1, "Animal"), a_question(2, "Main animal", level="global")],
    }
    changes = {
        "folders": [FolderSpec(title="Pets", uuid=FOLDER, items=items)],
        "datasets": [start.datasets[0].model_copy(update={"folders": ["Pets"]})],
        "ontologies": [OntologySpec(title="Pets", editor=editor)],
    }
    return start.model_copy(update=changes), MemoryObjects({URL + name: body for name, body in files.items()})


def classify(path: TaskPath, more: str = "", model: str = "openai:gpt-4o") -> dict[str, LabelRowV2]:
    """Run all tasks, and read all label rows back, by title."""
    path.pipeline(PIPELINE.format(project=PROJECT, model=model, more=more))
    path.sweep()
    assert path.run(path.received()) == []
    rows = connect(path.twin.url, path.twin.key, "reader").get_project(PROJECT).list_label_rows_v2()
    for row in rows:
        row.initialise_labels()
    return {row.data_title: row for row in rows}


def labels(row: LabelRowV2, title: str) -> Iterator[tuple[str, list[tuple[int, int]], float]]:
    """Answer, ranges and confidence of each label of a classification."""
    for one in row.get_classification_instances():
        if one.classification_name == title:
            answer = one.get_answer()
            ranges = [(span.start, span.end) for span in one.range_list]
            yield str(getattr(answer, "label", answer)), ranges, one.confidence


def test_each_kind_of_media_takes_the_pathway_of_what_is_in_it(path: TaskPath) -> None:
    rows = classify(path)
    stages = {title: stage for stage, titles in path.tasks().items() for title in titles}

    assert stages == {
        "walk.mp4": "Annotate dogs",
        "story.txt": "Annotate dogs",
        "paper.pdf": "Annotate cats",
        "group": "Annotate dogs",
        "bark.wav": "Archive",
    }
    assert list(labels(rows["bark.wav"], "Animal")) == []


def test_a_video_has_a_label_from_the_first_sampled_frame_to_the_last_and_one_about_all_of_it(path: TaskPath) -> None:
    row = classify(path)["walk.mp4"]

    [(answer, ranges, confidence)] = labels(row, "Animal")
    assert (answer, ranges) == ("Dog", [(0, 20)])
    assert 0.5 < confidence <= 1
    assert [answer for answer, _, _ in labels(row, "Main animal")] == ["Dog"]


def test_a_group_has_labels_on_its_pictures(path: TaskPath) -> None:
    row = classify(path)["group"]

    found = sorted((ranges, answer) for answer, ranges, _ in labels(row, "Animal"))
    assert found == [([(0, 0)], "Cat"), ([(1, 2)], "Dog")]


def test_a_document_has_labels_about_the_whole(path: TaskPath) -> None:
    rows = classify(path)

    assert [(answer, ranges) for answer, ranges, _ in labels(rows["paper.pdf"], "Animal")] == [("Cat", [(0, 1)])]
    assert [answer for answer, _, _ in labels(rows["story.txt"], "Animal")] == ["Dog"]
    assert [answer for answer, _, _ in labels(rows["story.txt"], "Main animal")] == ["Dog"]


def send_back(path: TaskPath) -> None:
    """Move all labelled tasks to the agent again."""
    workflow = connect(path.twin.url, path.twin.key, "reviewer").get_project(PROJECT).workflow
    agent = workflow.get_stage(name="Agent 1")
    for stage in ("Annotate cats", "Annotate dogs"):
        for task in workflow.get_stage(name=stage).get_tasks():
            task.move(destination_stage_uuid=agent.uuid)


def test_a_second_run_leaves_the_same_labels(path: TaskPath) -> None:
    first = {title: sorted(map(str, labels(row, "Animal"))) for title, row in classify(path).items()}
    send_back(path)

    assert {title: sorted(map(str, labels(row, "Animal"))) for title, row in classify(path).items()} == first


def test_confidences_from_log_probabilities_are_the_models_own(path: TaskPath) -> None:
    stated = {title: list(labels(row, "Main animal")) for title, row in classify(path).items()}
    send_back(path)
    rows = classify(path, "confidence: log_probabilities")
    told = {title: list(labels(row, "Main animal")) for title, row in rows.items()}

    pairs = [(a, b) for title in told for a, b in zip(told[title], stated[title], strict=True)]
    assert len(pairs) == 4
    assert all(one[:2] == other[:2] for one, other in pairs)
    assert all(one[2] == pytest.approx(other[2], abs=1e-4) for one, other in pairs)
    assert any(one[2] != other[2] for one, other in pairs), "the stated ones are rounded, these are not"


def test_what_the_first_model_is_unsure_of_is_asked_of_the_second(path: TaskPath) -> None:
    before = len(path.model.history)
    classify(path, "unsure_below: 0.95", "[openai:small, openai:large]")
    requests = [one.request for one in path.model.history[before:] if isinstance(one.request, ChatRequest)]

    asked = [request.model for request in requests if request.read_aloud]
    assert asked == ["small", "large"], "of the story it is never surer than 0.75"
    assert "story.txt" in path.tasks()["Archive"]


def test_a_prompt_of_ones_own_is_read_from_beside_the_pipeline(path: TaskPath) -> None:
    own = b"Tell me of $shown:\n$questions"
    boto3.client("s3").put_object(Bucket="records", Key="prompts/animals.md", Body=own)
    before = len(path.model.history)
    classify(path, "prompt: prompts/animals.md")
    requests = [one.request for one in path.model.history[before:] if isinstance(one.request, ChatRequest)]

    assert {request.text.partition(":")[0] for request in requests} == {
        "Tell me of the frame of a video",
        "Tell me of these 5 frames of a video, in order, as a whole",
        "Tell me of the text",
        "Tell me of the PDF",
        "Tell me of the image of a group",
        "Tell me of these 3 images of a group, in order, as a whole",
    }


def test_a_prompt_that_is_missing_keeps_all_messages_until_it_is_there(
    path: TaskPath, caplog: pytest.LogCaptureFixture
) -> None:
    path.pipeline(PIPELINE.format(project=PROJECT, model="openai:m", more="prompt: prompts/animals.md"))
    path.sweep()

    assert len(path.run(path.received())) == 5
    told = [str(getattr(record, "reason", "")) for record in caplog.records]
    assert any(one.endswith("upload your prompt to s3://records/prompts/animals.md") for one in told)
