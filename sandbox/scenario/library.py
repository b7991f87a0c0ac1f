"""A mixed upload: files of every type Encord registers, directories that become one item, and an import manifest.

The files that the import manifest names lie on a shelf that no registration is about.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from encord.orm.storage import StorageItemType as Type
from pydantic import JsonValue

from encord_lambda.registration.manifests.manifest import object_url
from sandbox.artwork import draw
from sandbox.artwork.papers import document, page, text
from sandbox.artwork.recordings import clip, sound
from sandbox.artwork.scans import ROOT, series, volume
from sandbox.encord_twin.world import DatasetSpec, FolderSpec, World
from sandbox.ministack import REGION

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LIBRARY: Final = Path(__file__).parent.parent / "library.yaml"
FOLDER: Final = UUID("f01de000-0000-4000-8000-000000000002")
DATASET: Final = UUID("da7a5e70-0000-4000-8000-000000000002")
PREFIX, SHELF, MARKER = "library/", "shelf/", "_COMPLETE"
GROUPED: Final = ("library/groups/", "library/sequences/", "library/scans/")
PREFIXES: Final = (PREFIX, *GROUPED)
"""Of the registrations."""
MANIFEST: Final = "library/manifests/shelf.csv"
FAULTY_LINE: Final = 4
"""Of the import manifest: its URL has a space in it."""
NOT_PROBED: Final = frozenset({Type.NIFTI})
"""Encord knows no media metadata for these."""
SIZE = (240, 160)
FIRST_SEED = 740_000  # far from what the model was trained on and from the other media
AT_ONCE = 8

type Files = Mapping[str, bytes]
"""By key."""
type _Put = tuple[str, bytes, Mapping[str, str]]
"""Key, body and user metadata."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An item as Encord must hold it in the end, and the files it is made of."""

    title: str
    type: Type
    files: Files = field(repr=False)
    user_metadata: Mapping[str, str] = field(default_factory=dict)
    """Of each of its files in S3."""
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
    """What it must have of client metadata, besides where it comes from."""
    sidecars: Files = field(default_factory=dict, repr=False)
    """Uploaded right after the files they are about."""
    listed: bool = False
    """Registered by the import manifest."""

    @property
    def prefix(self) -> str:
        """Of the registration it comes by."""
        return next((prefix for prefix in GROUPED if self.title.startswith(prefix)), PREFIX)


def pieces() -> list[Piece]:
    """All of them; drawn in a second or two, and the same in every run."""
    return [*_single(), *_together(), *_shelved()]


def extended(world: World) -> World:
    """The world with a folder and a dataset for them."""
    folder, dataset = FolderSpec(title="Library", uuid=FOLDER), DatasetSpec(title="Library", uuid=DATASET)
    return world.model_copy(update={"folders": [*world.folders, folder], "datasets": [*world.datasets, dataset]})


def put_all(s3: "S3Client", bucket: str, library: Sequence[Piece]) -> None:
    """Put the files, several at once; then the markers and the import manifest, which say that all is there."""

    def put(file: _Put) -> None:
        s3.put_object(Bucket=bucket, Key=file[0], Body=file[1], Metadata=file[2])

    files: list[_Put] = []
    for piece in library:
        files += [(key, body, piece.user_metadata) for key, body in piece.files.items()]
        files += [(key, body, {}) for key, body in piece.sidecars.items()]
    last: list[_Put] = [(f"{directory}/{MARKER}", b"", {}) for directory in _directories(library)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(put, files))
        list(pool.map(put, [*last, (MANIFEST, manifest(bucket), {})]))


def manifest(bucket: str) -> bytes:
    """The import manifest for what is on the shelf: a heading for each type, and one line nobody can use."""
    lines = [
        "ObjectURL,Image title",
        f"{_url(bucket, 'cat.png')},A cat from the shelf",
        f"{_url(bucket, 'dog.png')},A dog from the shelf",
        f"{_url(bucket, '')}no such cat.png,A URL with spaces",
        "ObjectURL,Video title",
        f"{_url(bucket, 'walk.mp4')},A walk from the shelf",
        "ObjectURL,Dicom title",
        *(f"{_url(bucket, f'scan/{number}.dcm')},A scan from the shelf" for number in range(2)),
        "ObjectURL,Image title",
        f"{_url(bucket, 'fish.png')},One more from the shelf",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _url(bucket: str, name: str) -> str:
    return object_url(bucket, REGION, f"{SHELF}{name}")


def _single() -> Iterator[Piece]:
    seed = FIRST_SEED
    night = {"camera": "north gate", "night": "true"}
    yield _file("pictures/cat.jpg", Type.IMAGE, _picture("Cat", seed, "JPEG"), night, camera="north gate", night=True)
    yield _with_sidecar("pictures/dog.png", _picture("Dog", seed + 1, "PNG"), {"keeper": "Ada", "weight": 31.5})
    yield _file("films/walk.mp4", Type.VIDEO, clip("Dog", seed + 2).body)
    yield _file("calls/cat.wav", Type.AUDIO, sound("Cat", seed + 3))
    yield _file("volumes/cat.nii", Type.NIFTI, volume("Cat", seed + 4))
    yield _file("papers/animals.pdf", Type.PDF, document(["Cat", "Dog", "Other"], seed + 5))
    yield _file("papers/dog.txt", Type.PLAIN_TEXT, text("Dog", seed + 6))
    yield _file("papers/cat.html", Type.PLAIN_TEXT, page("Cat", seed + 7))


def _with_sidecar(name: str, body: bytes, told: Mapping[str, JsonValue]) -> Piece:
    key = f"{PREFIX}{name}"
    sidecars = {f"{key}.metadata.json": json.dumps(told).encode()}
    return Piece(key, Type.IMAGE, {key: body}, metadata=told, sidecars=sidecars)


def _together() -> Iterator[Piece]:
    """What becomes one item for each directory, or series. The tenth file comes last, as people count."""
    seed, numbers = FIRST_SEED + 100, (1, 2, 10)
    burst = {f"{PREFIX}groups/burst/{n}.png": _picture("Cat", seed + n, "PNG") for n in numbers}
    told = {"camera": "south gate"}
    yield Piece(f"{PREFIX}groups/burst", Type.IMAGE_GROUP, burst, told, dict(told))
    run = {f"{PREFIX}sequences/run/frame{n}.jpg": _picture("Dog", seed + 20 + n, "JPEG") for n in numbers}
    yield Piece(f"{PREFIX}sequences/run", Type.IMAGE_SEQUENCE, run)
    for name, kind, at in (("a", "Cat", seed + 40), ("b", "Dog", seed + 41)):
        files = {f"{PREFIX}scans/ct/{name}{n}.dcm": body for n, body in enumerate(series(kind, at, slices=3))}
        yield Piece(f"{PREFIX}scans/ct/{ROOT}.{at}.1", Type.DICOM_SERIES, files)


def _shelved() -> Iterator[Piece]:
    seed = FIRST_SEED + 200
    pictures = {"cat": "A cat", "dog": "A dog", "fish": "One more"}
    for number, (name, words) in enumerate(pictures.items()):
        files = {f"{SHELF}{name}.png": _picture("Other" if name == "fish" else name.title(), seed + number, "PNG")}
        yield Piece(f"{words} from the shelf", Type.IMAGE, files, listed=True)
    yield Piece(
        "A walk from the shelf", Type.VIDEO, {f"{SHELF}walk.mp4": clip("Cat", seed + 10, frames=10).body}, listed=True
    )
    scan = {f"{SHELF}scan/{number}.dcm": body for number, body in enumerate(series("Cat", seed + 20, slices=2))}
    yield Piece("A scan from the shelf", Type.DICOM_SERIES, scan, listed=True)


def _file(name: str, kind: Type, body: bytes, user: Mapping[str, str] | None = None, **told: JsonValue) -> Piece:
    key = f"{PREFIX}{name}"
    return Piece(key, kind, {key: body}, user or {}, told)


def _directories(library: Sequence[Piece]) -> list[str]:
    """Those whose files make one item."""
    grouped = [piece for piece in library if len(piece.files) > 1 and not piece.listed]
    return sorted({next(iter(piece.files)).rpartition("/")[0] for piece in grouped})


def _picture(kind: str, seed: int, encoding: str) -> bytes:
    buffer = io.BytesIO()
    draw(kind, seed, SIZE).image.save(buffer, encoding)
    return buffer.getvalue()
