"""Labels on what they label."""

import io
import re
from collections.abc import Callable, Iterable

import pytest
from encord.objects import Object
from encord.objects.coordinates import (
    BoundingBoxCoordinates,
)
from encord.project import Project
from PIL import Image
from playwright.sync_api import Page, expect

from sandbox.artwork.papers import document, text
from sandbox.artwork.recordings import clip, sound
from sandbox.artwork.scans import series
from sandbox.encord_twin import MediaKind, MemoryObjects, Twin
from sandbox.encord_twin.pages.task import DRAWN
from tests.twin.media_worlds import ITEMS, menagerie
from tests.twin.test_labels import classify, initialise
from tests.twin.worlds import BUCKET

RED = (0xD3, 0x31, 0x15)
BOX = BoundingBoxCoordinates(top_left_x=0.25, top_left_y=0.5, width=0.5, height=0.25)


def grey(width: int = 640, height: int = 480) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (120, 120, 120)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def objects() -> MemoryObjects:
    """A grey picture for the box, and a true file for each item of the menagerie."""
    files = {"seed/0000.jpg": grey(), "cat.jpg": grey(), "cat.mp4": clip("Cat", 1, frames=10).body}
    files |= {f"{letter}{number}.jpg": grey(320, 240) for letter in "gs" for number in range(3)}
    files |= {f"{number}.dcm": body for number, body in enumerate(series("Cat", 1, size=(320, 240), slices=3))}
    files |= {"purr.wav": sound("Cat", 1), "cat.txt": text("Cat", 1), "cat.pdf": document(["Cat"] * 3, 1)}
    return MemoryObjects({f"{BUCKET}/{name}": body for name, body in files.items()})


@pytest.fixture
def draw(project: Project) -> Callable[..., str]:
    """Draw a box on frames of the first data unit; says its data hash."""

    def drawn(frames: Iterable[int] = (0,), confidence: float = 0.91) -> str:
        row = initialise(project)[0]
        thing = project.ontology_structure.get_child_by_title("Thing", type_=Object).create_instance()
        for frame in frames:
            thing.set_for_frames(BOX, frame, confidence=confidence, manual_annotation=False)
        row.add_object_instance(thing)
        row.save()
        return row.data_hash

    return drawn


def red_pixels(picture: bytes) -> list[tuple[int, int]]:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    places = ((x, y) for y in range(image.height) for x in range(image.width))
    pixels = image.load()
    assert pixels is not None
    return [
        (x, y)
        for x, y in places
        if all(abs(a - b) < 40 for a, b in zip(pixels[x, y], RED, strict=True))  # type: ignore[arg-type]
    ]


def test_a_box_is_drawn_where_it_was_saved(page: Page, board: str, draw: Callable[..., str]) -> None:
    page.goto(f"{board}/tasks/{draw()}")
    expect(page.locator(".shape")).to_have_count(1)
    picture = page.locator("[data-picture]")
    assert picture.evaluate("image => [image.clientWidth, image.clientHeight]") == [640, 480]

    red = red_pixels(picture.screenshot())

    # The name stands on the upper edge; below it, there must be the frame and nothing else.
    frame = [(x, y) for x, y in red if y > 245]
    assert min(x for x, _ in frame) == pytest.approx(160, abs=2)
    assert max(x for x, _ in frame) == pytest.approx(480, abs=2)
    assert max(y for _, y in frame) == pytest.approx(360, abs=2)
    assert not [place for place in frame if 164 < place[0] < 476 and 245 < place[1] < 356]
    assert {y for x, y in frame if x <= 162} >= set(range(250, 355))
    assert min(y for _, y in red) > 240 - 40


def test_names_confidences_and_authors_stand_beside_the_picture(
    page: Page, board: str, project: Project, draw: Callable[..., str]
) -> None:
    data_hash = draw()
    row = initialise(project)[0]
    classify(project, row, "Cat", confidence=0.87)
    row.save()

    page.goto(f"{board}/tasks/{data_hash}")

    answer = page.locator(".said", has_text="Animal")
    expect(answer).to_contain_text("Cat")
    expect(answer).to_contain_text("confidence 0.87")
    expect(answer.get_by_role("img", name="robot")).to_be_visible()
    box = page.locator(".said", has_text="Thing")
    expect(box).to_contain_text("bounding box")
    expect(box).to_contain_text("confidence 0.91")
    expect(page.locator(".overlay .tag")).to_have_text("Thing 0.91")


@pytest.mark.parametrize("world", [menagerie("video")], ids=["a video"])
def test_the_scrubber_shows_the_labels_of_the_chosen_frame_only(
    page: Page, board: str, draw: Callable[..., str]
) -> None:
    page.goto(f"{board}/tasks/{draw(frames=(3, 4))}")
    picture, shapes = page.locator("[data-picture]"), page.locator(".shape")
    expect(shapes).to_have_count(0)

    page.get_by_label("Frame", exact=True).fill("3")
    expect(shapes).to_have_count(1)
    expect(picture).to_have_attribute("src", re.compile("/frames/3.jpg$"))
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320

    page.get_by_label("Next frame").click()
    page.get_by_label("Next frame").click()
    expect(shapes).to_have_count(0)
    expect(page.locator("output")).to_contain_text("Frame 5")
    page.reload()
    expect(page.locator("output")).to_contain_text("Frame 5")


def test_each_branch_shows_its_own_labels(page: Page, board: str, project: Project, draw: Callable[..., str]) -> None:
    data_hash = draw()
    other = project.list_label_rows_v2(branch_name="encord-second")[0]
    other.initialise_labels()
    page.goto(f"{board}/tasks/{data_hash}")
    expect(page.locator(".shape")).to_have_count(1)

    page.get_by_role("link", name="encord-second").click()

    expect(page.get_by_role("link", name="encord-second")).to_have_attribute("aria-current", "true")
    expect(page.locator(".shape")).to_have_count(0)


@pytest.mark.parametrize("world", [menagerie()], ids=["every kind"])
def test_every_kind_of_media_is_shown_as_what_it_is(page: Page, board: str, twin: Twin) -> None:
    tasks = twin.store.projects[twin.ids.projects["Pets"]].tasks
    assert len(tasks) == len(ITEMS)

    width = "image => image.decode().then(() => image.naturalWidth)"
    for data_hash, task in tasks.items():
        page.goto(f"{board}/tasks/{data_hash}")

        kind = task.row.item.facts.kind
        expect(page.locator(".facts")).to_contain_text(kind.words)
        if kind in DRAWN:
            assert page.locator("[data-picture]").evaluate(width) > 96
        elif kind is MediaKind.AUDIO:
            assert page.locator("audio").evaluate("sound => sound.src").endswith("/file")
        elif kind is MediaKind.PLAIN_TEXT:
            expect(page.locator("pre")).to_contain_text("is a cat")


@pytest.mark.parametrize("world", [menagerie("group")], ids=["a group"])
def test_one_steps_through_a_group_by_its_arrows(page: Page, board: str, draw: Callable[..., str]) -> None:
    page.goto(f"{board}/tasks/{draw(frames=(1,))}")
    expect(page.locator(".shape")).to_have_count(0)

    page.get_by_label("Next image").click()

    expect(page.locator(".shape")).to_have_count(1)
    expect(page.locator("output")).to_contain_text("Image 1")
