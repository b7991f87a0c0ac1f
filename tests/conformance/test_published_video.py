"""Encord's published script for videos: encord-agents decodes a true clip with OpenCV and puts boxes on every frame."""

from collections import Counter
from collections.abc import Iterator

import pytest
import requests
from encord.exceptions import AuthorisationError, EncordException

from sandbox.artwork.recordings import clip
from sandbox.encord_twin import (
    DatasetSpec,
    Fault,
    FolderSpec,
    ItemSpec,
    MediaKind,
    OntologySpec,
    ProjectSpec,
    StageSpec,
    StageType,
    Twin,
    World,
    serve,
)

from .conftest import announce
from .looking import moves, queues, saves, state_of, struck
from .scripts import video_prelabel
from .trouble import ACTIONS, ATTEMPTS, EVERY_ONE, PROJECT_READ, SAVE
from .worlds import CountingObjects, url

FRAMES, BOXES = 6, 10
ON_ALL_FRAMES = Counter(dict.fromkeys(range(FRAMES), BOXES))
CLIPS = {"cat.mp4": "Cat", "dog.mp4": "Dog"}
STAGES = [
    StageSpec(title="Pre-Labeling Agent", type=StageType.AGENT, pathways={"Annotate 1": "Annotate 1"}),
    StageSpec(title="Annotate 1", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Complete", type=StageType.DONE),
]


def box(number: int, name: str) -> dict[str, object]:
    """An ontology object that is drawn as a bounding box."""
    return {
        "id": str(number),
        "name": name,
        "color": "#D33115",
        "shape": "bounding_box",
        "featureNodeHash": f"obj0000{number}",
        "required": False,
        "attributes": [],
    }


def videos() -> World:
    """Two short clips at the pre-labelling stage, and three classes of boxes."""
    items = [
        ItemSpec(url=url(title), title=title, kind=MediaKind.VIDEO, width=320, height=240, frames=FRAMES, fps=25)
        for title in CLIPS
    ]
    editor = {"objects": [box(n, name) for n, name in enumerate(("Cat", "Dog", "Other"), 1)], "classifications": []}
    return World(
        folders=[FolderSpec(title="uploads", items=items)],
        ontologies=[OntologySpec(title="Boxes", editor=editor)],
        datasets=[DatasetSpec(title="production", folders=["uploads"])],
        projects=[ProjectSpec(title="Pets", ontology="Boxes", datasets=["production"], stages=STAGES)],
    )


@pytest.fixture(scope="module")
def filmed() -> dict[str, bytes]:
    return {title: clip(kind, seed, frames=FRAMES).body for seed, (title, kind) in enumerate(CLIPS.items())}


@pytest.fixture
def objects(filmed: dict[str, bytes]) -> CountingObjects:
    objects = CountingObjects()
    for title, body in filmed.items():
        objects.put(url(title), body)
    return objects


@pytest.fixture
def twin(objects: CountingObjects, monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    with serve(videos(), objects=objects) as served:
        announce(served, monkeypatch)
        yield served


def boxes(twin: Twin) -> dict[str, Counter[int]]:
    """How many boxes were saved on which frame, by the data unit's title."""
    rows = twin.store.projects[twin.ids.projects["Pets"]].by_label_hash.values()
    return {
        row.row.item.name: Counter(
            {int(frame): len(labels["objects"]) for unit in row.labels.values() for frame, labels in unit.items()}
        )
        for row in rows
        if row.saves
    }


def test_every_frame_of_every_clip_gets_its_boxes_and_the_tasks_go_to_the_annotators(
    twin: Twin, objects: CountingObjects
) -> None:
    video_prelabel.main(str(twin.ids.projects["Pets"]))

    assert boxes(twin) == {"cat.mp4": ON_ALL_FRAMES, "dog.mp4": ON_ALL_FRAMES}
    assert queues(twin) == {"Annotate 1": list(CLIPS)}
    assert (saves(twin), moves(twin), len(objects.reads)) == (2, 2, 2)
    names = {thing["name"] for row in state_of(twin)["label_rows"] for thing in row["objects"]}
    assert names == {"Cat", "Dog", "Other"}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(route=PROJECT_READ, status=403), AuthorisationError),
        (Fault(route="items/get-bulk", status=403), AuthorisationError),
    ],
    ids=["project read 403", "items 403"],
)
def test_the_script_raises_before_it_labels_anything(fault: Fault, error: type[EncordException], twin: Twin) -> None:
    twin.faults.add(fault)

    with pytest.raises(error):
        video_prelabel.main(str(twin.ids.projects["Pets"]))

    assert (saves(twin), moves(twin)) == (0, 0)


def test_the_script_raises_when_a_clip_is_gone(twin: Twin, objects: CountingObjects) -> None:
    objects.remove(url("dog.mp4"))

    with pytest.raises(requests.HTTPError, match="404"):
        video_prelabel.main(str(twin.ids.projects["Pets"]))

    assert moves(twin) == 0


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        (Fault(route=SAVE, status=500, times=ATTEMPTS), 2),
        (Fault(route=SAVE, code="CORRUPTED_LABEL_ERROR"), 2),
        (Fault(route=SAVE, drop_after_commit=True), 3),
        (Fault(route=ACTIONS, status=400), 2),
        (Fault(route=ACTIONS, drop_after_commit=True), 2),
    ],
    ids=["save 500", "labels refused once", "answer to the save lost", "move refused once", "answer to the move lost"],
)
def test_the_runner_s_further_attempts_repair_the_run_and_double_no_box(fault: Fault, stored: int, twin: Twin) -> None:
    """This agent saves by itself, so that the runner calls it again when the save fails."""
    twin.faults.add(fault)

    video_prelabel.main(str(twin.ids.projects["Pets"]))

    assert boxes(twin) == {"cat.mp4": ON_ALL_FRAMES, "dog.mp4": ON_ALL_FRAMES}
    assert queues(twin) == {"Annotate 1": list(CLIPS)}
    assert (saves(twin), moves(twin), struck(twin)) == (stored, 2, fault.times)


def test_labels_refused_every_time_are_only_logged_and_the_tasks_stay(
    twin: Twin, caplog: pytest.LogCaptureFixture
) -> None:
    twin.faults.add(Fault(route=SAVE, code="CORRUPTED_LABEL_ERROR", times=EVERY_ONE))

    video_prelabel.main(str(twin.ids.projects["Pets"]))

    assert "[attempt 4/4] Agent failed" in caplog.text
    assert queues(twin) == {"Pre-Labeling Agent": list(CLIPS)}
    assert saves(twin) == 0


def test_a_clip_that_cannot_be_decoded_goes_on_without_a_box_at_the_second_attempt(
    twin: Twin, objects: CountingObjects
) -> None:
    """The runner gives every attempt the same iterator, used up by the first one, which failed."""
    objects.put(url("dog.mp4"), b"no clip")

    video_prelabel.main(str(twin.ids.projects["Pets"]))

    assert boxes(twin)["dog.mp4"].total() == 0
    assert queues(twin) == {"Annotate 1": list(CLIPS)}
