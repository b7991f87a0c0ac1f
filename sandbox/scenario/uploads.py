"""What is dropped into the bucket: sixty drawings under names that break naive code, and six objects no good.

Names say nothing about the picture: who wants to know what it shows must look.
"""

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.artwork import KINDS, draw

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DRAWINGS = 60
FIRST_SEED = 660_000  # far from what the model was trained on (`model_server.examples`) and from other tests
AT_ONCE = 16
LONGEST_TITLE = 300  # Encord's limit
NAMES = (
    "IMG_{n:04}.jpg",
    "IMG_{n:04}.png",
    "summer holiday/{n} at the lake.jpg",
    "a+b/{n}+1.png",
    "100%/{n}%20.jpg",
    "é/日本/写真 {n}.png",
    '"quoted" & it\'s/{n}.jpg',
    "deep/deeper/deepest/{n}.PNG",
    "#1?yes=no/{n};~.jpeg",
    "camera/DSC{n:05}.JPG",
)


@dataclass(frozen=True, slots=True)
class Upload:
    """An object to be put. `kind` is what its picture truly shows; None says it must be refused."""

    key: str
    body: bytes = field(repr=False)
    kind: str | None
    content_type: str = "application/octet-stream"


def uploads() -> list[Upload]:
    """All of them, the bad ones in between the good."""
    good, bad = list(_drawings()), list(_bad())
    apart = DRAWINGS // len(bad)
    for number, upload in enumerate(bad):
        good.insert(number * (apart + 1) + apart // 2, upload)
    return good


def put_all(s3: "S3Client", bucket: str, objects: Sequence[Upload]) -> None:
    """Put them, several at once."""

    def put(upload: Upload) -> None:
        s3.put_object(Bucket=bucket, Key=upload.key, Body=upload.body, ContentType=upload.content_type)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(put, objects))


def _drawings() -> Iterator[Upload]:
    for number in range(DRAWINGS):
        key = "pets/" + NAMES[number % len(NAMES)].format(n=number)
        kind = KINDS[number % len(KINDS)]
        encoding = "PNG" if key.lower().endswith(".png") else "JPEG"
        yield Upload(key, _picture(kind, FIRST_SEED + number, encoding), kind, f"image/{encoding.lower()}")


def _bad() -> Iterator[Upload]:
    picture = _picture("Cat", FIRST_SEED + DRAWINGS, "PNG")
    too_long = "pets/".ljust(LONGEST_TITLE + 1 - len(".png"), "n") + ".png"  # titles are whole keys
    yield Upload("pets/empty.jpg", b"", None, "image/jpeg")
    yield Upload("pets/shopping list.jpg", b"milk, eggs, cat food\n" * 20, None, "image/jpeg")
    yield Upload("pets/truncated.png", picture[: len(picture) // 2], None, "image/png")
    yield Upload("pets/readings.xyz", bytes(range(256)), None)
    yield Upload("pets/new folder/", b"", None, "application/x-directory")
    yield Upload(too_long, picture, None, "image/png")


def _picture(kind: str, seed: int, encoding: str) -> bytes:
    buffer = io.BytesIO()
    draw(kind, seed).image.save(buffer, encoding)
    return buffer.getvalue()
