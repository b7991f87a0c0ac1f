"""Pre-labelling on the task path: pictures and a video, a real detector over HTTP, boxes read back with the SDK."""

import io
from collections.abc import Iterator
from statistics import mean

import pytest
from encord.objects import LabelRowV2
from encord.objects.coordinates import BoundingBoxCoordinates

from encord_lambda.encord_platform.client import connect
from sandbox.artwork import draw_scene
from sandbox.artwork.recordings import clip
from sandbox.artwork.scenes import Box
from sandbox.encord_twin import Fault, FolderSpec, ItemSpec, MemoryObjects, OntologySpec, World
from sandbox.encord_twin.platform.media_facts import MediaKind
from sandbox.scenario.world import DATASET, FOLDER, PROJECT, world
from tests.task_path.conftest import URL, TaskPath
from tests.task_path.test_spend import spent

KINDS = ("Cat", "Dog")
ACCEPT, REVIEW = 0.9, 0.5
ANIMALS: list[tuple[str, ...]] = [("Cat",), ("Dog",), ("Cat", "Dog"), ("Dog", "Cat"), (), ("Cat",)]
SCENES = {
    f"pets/{number} {'+'.join(kinds) or 'nothing'}.png": draw_scene(kinds, 5_000_000 + number, (480, 320))
    for number, kinds in enumerate(ANIMALS)
}
FILM = clip("Dog", 5_000_100, size=(320, 240), frames=23)
PIPELINE = """
version: 1
stages:
  - project: {project}
    stage: Agent 1
    agent:
      kind: prelabel
      detector: {{kind: http, url: "{detector}"}}
      classes: {{cat: Cat, dog: Dog}}
      accept: {accept}
      review: {review}
      frames: {{every: 5}}
    pathways: {{accepted: Cat, review: Dog, nothing: Other}}
"""
OBJECTS = [
    {
        "id": str(number),
        "name": kind,
        "color": "#D33115",
        "shape": "bounding_box",
        "featureNodeHash": f"obj{kind:0<5}",
        "required": False,
        "attributes": [],
    }
    for number, kind in enumerate(KINDS, start=1)
]


@pytest.fixture
def seeded() -> tuple[World, MemoryObjects]:
    objects = MemoryObjects({URL + "pets/walk.mp4": FILM.body})
    for title, scene in SCENES.items():
        buffer = io.BytesIO()
        scene.image.save(buffer, "PNG")
        objects.put(URL + title, buffer.getvalue())
    items = [ItemSpec(url=URL + title, title=title, width=480, height=320, mime_type="image/png") for title in SCENES]
    film = ItemSpec(
        url=URL + "pets/walk.mp4",
        title="walk.mp4",
        kind=MediaKind.VIDEO,
        width=320,
        height=240,
        frames=23,
        fps=25,
        mime_type="video/mp4",
    )
    start = world("00" * 32)
    changes = {
        "folders": [FolderSpec(title="Pets", uuid=FOLDER, items=[*items, film])],
        "datasets": [start.datasets[0].model_copy(update={"uuid": DATASET, "folders": ["Pets"]})],
        "ontologies": [OntologySpec(title="Pets", editor={"objects": OBJECTS, "classifications": []})],
    }
    return start.model_copy(update=changes), objects


def prelabel(path: TaskPath) -> dict[str, LabelRowV2]:
    """Run all tasks, and read all label rows back, by title."""
    path.pipeline(PIPELINE.format(project=PROJECT, detector=f"{path.model.url}/detect", accept=ACCEPT, review=REVIEW))
    path.sweep()
    assert path.run(path.received()) == []
    rows = connect(path.twin.url, path.twin.key, "reader").get_project(PROJECT).list_label_rows_v2()
    for row in rows:
        row.initialise_labels()
    return {row.data_title: row for row in rows}


def boxes(row: LabelRowV2) -> Iterator[tuple[int, str, float, tuple[float, float, float, float]]]:
    """Frame, object, confidence and box as fractions (left, top, right, bottom)."""
    for thing in row.get_object_instances():
        for seen in thing.get_annotations():
            at = seen.coordinates
            assert isinstance(at, BoundingBoxCoordinates)
            box = (at.top_left_x, at.top_left_y, at.top_left_x + at.width, at.top_left_y + at.height)
            yield seen.frame, thing.object_name, seen.confidence, box


def overlap(box: tuple[float, float, float, float], truth: Box, size: tuple[int, int]) -> float:
    """Intersection over union with a box in pixels."""
    left, top, right, bottom = (edge / side for edge, side in zip(truth, size * 2, strict=True))
    width, height = min(box[2], right) - max(box[0], left), min(box[3], bottom) - max(box[1], top)
    both = max(width, 0) * max(height, 0)
    return both / ((box[2] - box[0]) * (box[3] - box[1]) + (right - left) * (bottom - top) - both)


def test_tasks_take_the_pathway_of_their_worst_box_as_recomputed_from_stored_confidences(path: TaskPath) -> None:
    rows = prelabel(path)
    stages = {title: stage for stage, titles in path.tasks().items() for title in titles}
    for title, row in rows.items():
        confidences = [confidence for _, _, confidence, _ in boxes(row)]
        assert all(confidence > REVIEW for confidence in confidences)
        expected = "Archive" if not confidences else "Annotate cats" if min(confidences) > ACCEPT else "Annotate dogs"
        assert stages[title] == expected, title
    assert stages["pets/4 nothing.png"] == "Archive"


def test_accepted_boxes_lie_where_the_animals_were_drawn(path: TaskPath) -> None:
    rows = prelabel(path)
    overlaps = [
        max(overlap(box, truth, scene.image.size) for name, truth in scene.animals if name == kind)
        for title, scene in SCENES.items()
        for _, kind, confidence, box in boxes(rows[title])
        if confidence > ACCEPT
    ]
    assert len(overlaps) >= 4
    assert mean(overlaps) >= 0.7


def test_a_video_gets_boxes_on_the_sampled_frames_where_the_animal_is_on_each(path: TaskPath) -> None:
    found = list(boxes(prelabel(path)["walk.mp4"]))
    assert {frame for frame, *_ in found} <= {0, 5, 10, 15, 20}
    assert len(found) >= 4
    assert mean(overlap(box, FILM.boxes[frame], (320, 240)) for frame, _, _, box in found) >= 0.7


def test_a_second_run_leaves_the_same_boxes(path: TaskPath) -> None:
    first = {title: sorted(boxes(row)) for title, row in prelabel(path).items()}
    project = connect(path.twin.url, path.twin.key, "reviewer").get_project(PROJECT)
    agent = project.workflow.get_stage(name="Agent 1")
    for stage in ("Annotate cats", "Annotate dogs"):
        for task in project.workflow.get_stage(name=stage).get_tasks():
            task.move(destination_stage_uuid=agent.uuid)
    assert {title: sorted(boxes(row)) for title, row in prelabel(path).items()} == first


def test_a_retry_asks_detectors_for_nothing_they_have_answered_and_pays_once(path: TaskPath) -> None:
    url = f"{path.model.url}/detect"
    told = PIPELINE.format(project=PROJECT, detector=url, accept=ACCEPT, review=REVIEW)
    path.pipeline(f'{told}budgets:\n  "http:{url}": {{usd_per_day: 1, usd_per_call: 0.01}}\n')
    path.sweep()
    batch, asked = path.received(), len(path.model.history)
    path.twin.faults.add(Fault(route="labelrow POST", status=503))
    assert len(path.run(batch)) == len(SCENES) + 1
    assert path.run(batch) == []
    looked_at = len(SCENES) + len(FILM.boxes[::5])
    assert len(path.model.history) == asked + looked_at
    assert spent() == looked_at * 10_000
