"""What Encord holds before the first upload: pictures, an image group and videos, and where the animals are on them."""

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image, ImageFilter

from sandbox.artwork import Drawing, draw, draw_scene
from sandbox.artwork.recordings import clip
from sandbox.artwork.scenes import Box
from sandbox.artwork.spoiling import spoil
from sandbox.encord_twin.platform.media_facts import MediaKind
from sandbox.encord_twin.storage_specs import ItemSpec, PartSpec
from sandbox.ministack import REGION

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "archive"
SIZE = (480, 320)
FIRST_SEED = 720_000  # far from what the model was trained on and from the uploads
CLEAR, SPOILED, FILMS, GROUP = 6, 10, 2, 3
FRAMES, FPS = 25, 25
PETS = ("Cat", "Dog")
AT_ONCE = 8

type Animals = tuple[tuple[str, Box], ...]
"""Kind and place of each, in pixels."""


@dataclass(frozen=True, slots=True)
class Medium:
    """One data unit: its files by key, how Encord describes it, and what is to be seen on each frame."""

    item: ItemSpec
    files: Mapping[str, bytes] = field(repr=False)
    frames: Mapping[int, Animals]

    @property
    def title(self) -> str:
        """Its name, in Encord too."""
        return self.item.title

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its frames, in pixels."""
        described = self.item.parts[0] if self.item.parts else self.item
        return described.width, described.height


def zoo() -> list[Medium]:
    """Clear pictures and hard ones, an empty one, a group and videos: for a detector."""
    return [*_stills(), _group(), *(_film(number) for number in range(FILMS))]


def street(name: str, sharp: int, blurred: int) -> list[Medium]:
    """Pictures of which some are out of focus; their titles say so."""
    seeds = range(FIRST_SEED + 1_000 + sum(name.encode()), FIRST_SEED + 2_000 + sum(name.encode()))
    drawings = [(f"{name} {seed}.png", draw(PETS[seed % 2], seed, SIZE)) for seed in seeds[:sharp]]
    for seed in seeds[sharp : sharp + blurred]:
        soft = draw(PETS[seed % 2], seed, SIZE)
        image = soft.image.filter(ImageFilter.GaussianBlur(12))
        drawings.append((f"{name} {seed} blurred.png", Drawing(image, soft.kind, soft.box)))
    return [picture(title, drawing) for title, drawing in drawings]


def put_all(s3: "S3Client", media: list[Medium]) -> None:
    """Make the bucket and put all files there."""
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    files = [file for medium in media for file in medium.files.items()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda file: s3.put_object(Bucket=BUCKET, Key=file[0], Body=file[1]), files))


def _stills() -> list[Medium]:
    clear = [draw(PETS[number % 2], FIRST_SEED + number, SIZE) for number in range(CLEAR)]
    hard = [
        spoil(draw(PETS[number % 2], FIRST_SEED + 100 + number, SIZE), FIRST_SEED + number) for number in range(SPOILED)
    ]
    named = [(f"clear {number}.png", one) for number, one in enumerate(clear)]
    named += [(f"hard {number}.png", one) for number, one in enumerate(hard)]
    nothing = draw_scene((), FIRST_SEED + 200, SIZE)
    return [*(picture(title, drawing) for title, drawing in named), _still("empty.png", nothing.image, ())]


def picture(title: str, drawing: Drawing) -> Medium:
    """A picture of one animal."""
    return _still(title, drawing.image, ((drawing.kind, drawing.box),))


def _still(title: str, image: Image.Image, animals: Animals) -> Medium:
    body = _png(image)
    width, height = image.size
    item = ItemSpec(
        url=_url(title), title=title, width=width, height=height, mime_type="image/png", file_size=len(body)
    )
    return Medium(item, {title: body}, {0: animals})


def _group() -> Medium:
    drawings = [draw(PETS[number % 2], FIRST_SEED + 300 + number, SIZE) for number in range(GROUP)]
    files = {f"burst/{number}.png": _png(one.image) for number, one in enumerate(drawings)}
    parts = [
        PartSpec(url=_url(key), title=key, width=SIZE[0], height=SIZE[1], file_size=len(body))
        for key, body in files.items()
    ]
    frames = {number: ((one.kind, one.box),) for number, one in enumerate(drawings)}
    return Medium(ItemSpec(title="burst", kind=MediaKind.IMAGE_GROUP, parts=parts), files, frames)


def _film(number: int) -> Medium:
    film = clip(PETS[number % 2], FIRST_SEED + 400 + number, frames=FRAMES, fps=FPS)
    title = f"walk {number}.mp4"
    item = ItemSpec(
        url=_url(title),
        title=title,
        kind=MediaKind.VIDEO,
        width=320,
        height=240,
        frames=FRAMES,
        fps=FPS,
        mime_type="video/mp4",
        file_size=len(film.body),
    )
    return Medium(item, {title: film.body}, {frame: ((film.kind, box),) for frame, box in enumerate(film.boxes)})


def _url(key: str) -> str:
    return f"https://{BUCKET}.s3.{REGION}.amazonaws.com/{key.replace(' ', '%20')}"


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
