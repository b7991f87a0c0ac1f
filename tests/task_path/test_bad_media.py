"""Pre-labelling of media that is none, or unusual: each has its outcome, and none is another's trouble."""

import io
from collections.abc import Callable

import pytest
from PIL import ExifTags, Image

from sandbox.artwork import draw_scene
from sandbox.artwork.recordings import clip
from sandbox.encord_twin import FolderSpec, ItemSpec, MemoryObjects, OntologySpec, World
from sandbox.encord_twin.platform.media_facts import MediaKind
from sandbox.scenario.world import DATASET, FOLDER, PROJECT, world
from tests.adapters.test_video_bad_input import damaged, headers_only
from tests.task_path.conftest import URL, TaskPath
from tests.task_path.test_prelabel import OBJECTS, PIPELINE
from tests.task_path.test_run_tasks import reasons

CAT = draw_scene(("Cat",), 5_000_200, (480, 320)).image
FILM = clip("Dog", 5_000_201, size=(320, 240), frames=23).body


def written(kind: str, mode: str = "RGB", image: Image.Image = CAT, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def turned() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    return written("JPEG", image=CAT.transpose(Image.Transpose.ROTATE_90), exif=exif)


def bomb() -> bytes:
    header = bytearray(written("BMP"))
    header[18:26] = (60_000).to_bytes(4, "little") * 2
    return bytes(header)


UNUSUAL: dict[str, Callable[[], bytes]] = {
    "cmyk.jpg": lambda: written("JPEG", "CMYK"),
    "16 bits.png": lambda: written("PNG", "I;16"),
    "turned.jpg": turned,
    "animated.gif": lambda: written("GIF", save_all=True, append_images=[CAT.rotate(180)]),
    "damaged in the middle.mp4": lambda: damaged(FILM, 10),
}
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb.bmp": (bomb, "pixels"),
    "no picture.png": (lambda: b"<html>not found</html>", "the media is no readable picture"),
    "cut.jpg": (lambda: written("JPEG")[:2000], "the media is no readable picture"),
    "no frames.mp4": (headers_only, "the video has no frames"),
    "cut.mp4": (lambda: FILM[: len(FILM) // 2], "the video ends in the middle"),
    "no video.mp4": (lambda: b"no video at all" * 50, "the media is no readable MP4"),
}


@pytest.fixture
def seeded() -> tuple[World, MemoryObjects]:
    made = UNUSUAL | {title: make for title, (make, _) in BAD.items()}
    objects = MemoryObjects({URL + title: make() for title, make in made.items()})
    start = world("00" * 32)
    changes = {
        "folders": [FolderSpec(title="Pets", uuid=FOLDER, items=[item(title) for title in made])],
        "datasets": [start.datasets[0].model_copy(update={"uuid": DATASET, "folders": ["Pets"]})],
        "ontologies": [OntologySpec(title="Pets", editor={"objects": OBJECTS, "classifications": []})],
    }
    return start.model_copy(update=changes), objects


def item(title: str) -> ItemSpec:
    if not title.endswith(".mp4"):
        return ItemSpec(url=URL + title, title=title, width=480, height=320, mime_type="image/png")
    return ItemSpec(
        url=URL + title,
        title=title,
        kind=MediaKind.VIDEO,
        width=320,
        height=240,
        frames=23,
        fps=25,
        mime_type="video/mp4",
    )


def test_each_has_its_outcome_and_none_is_anothers_trouble(path: TaskPath, caplog: pytest.LogCaptureFixture) -> None:
    pipeline = PIPELINE.replace("nothing: Other", "nothing: Dog, failed: Other")
    path.pipeline(pipeline.format(project=PROJECT, detector=f"{path.model.url}/detect", accept=0.9, review=0.5))
    path.sweep()

    assert path.run(path.received()) == []

    stages = path.tasks()
    assert stages["Archive"] == sorted(BAD)
    assert sorted(stages["Annotate cats"] + stages["Annotate dogs"]) == sorted(UNUSUAL)
    refused = reasons(caplog, "Rejected")
    assert len(refused) == len(BAD)
    for _, words in BAD.values():
        assert any(words in reason for reason in refused), words
