"""Whatever bytes a file has, probing ends in metadata or in Reject, within the budget."""

from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.errors import Reject
from tests.adapters import test_probe_dicom as dicom
from tests.adapters import test_probe_images as images
from tests.adapters import test_probe_pdf as pdf
from tests.adapters import test_probe_video as video
from tests.adapters.probed import probe
from tests.adapters.sounds import sound
from tests.unit.registration.true_files import true_files

INTERESTING = [bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\1", b"\0\0\0\x08", b"\1\0\0\0"]


@cache
def seeds() -> dict[str, bytes]:
    """Small files by name; behind the number is the extension."""
    true = {f"0.{extension}": body for extension, body in true_files().items() if extension}
    made = [(extension, body) for extension, body in images.VARIANTS.values()]
    made += [*video.FAMILY.values(), ("wav", sound("wav", "adpcm_ms", 0.1)), ("mp3", sound("mp3", "libmp3lame", 0.5))]
    made += [("pdf", pdf.PDFS[name]) for name in ("classic", "compressed", "linearised")]
    made += [("dcm", dicom.file(name)) for name in ("implicit", "big endian")]
    return true | {f"{number}.{extension}": body for number, (extension, body) in enumerate(made, 1)}


# fmt: off
EXTENSIONS = [
    "3g2", "3gp", "avi", "avif", "bmp", "csv", "dcm", "dicom", "eac3", "flac", "html", "jpeg", "jpg",
    "json", "jsonl", "m4a", "md", "mj2", "mkv", "mov", "mp3", "mp4", "nii", "nii.gz", "pdf", "png",
    "tif", "tiff", "txt", "wav", "webm", "webp", "xml", "yaml", "yml",
]
# fmt: on


def test_every_kind_of_file_is_mutated() -> None:
    assert sorted({name.partition(".")[2] for name in seeds()}) == EXTENSIONS


@st.composite
def mutated(draw: st.DrawFn, extension: str) -> bytes:
    """A true file with bytes changed, cut out, doubled or cut off, mostly near its ends, where its headers are."""
    own = sorted(name for name in seeds() if name.partition(".")[2] == extension)
    body = bytearray(seeds()[draw(st.sampled_from(own))])
    for _ in range(draw(st.integers(1, 6))):
        near = min(len(body), 2048)
        at = draw(st.integers(0, near - 1)) if near else 0
        at = len(body) - 1 - at if draw(st.booleans()) and near else at
        match draw(st.sampled_from(["byte", "field", "cut out", "double", "cut off"])):
            case "byte":
                body[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case "field":
                body[at : at + 4] = draw(st.sampled_from(INTERESTING))
            case "cut out":
                del body[at : at + draw(st.integers(1, 64))]
            case "double":
                body[at:at] = body[at : at + draw(st.integers(1, 64))]
            case "cut off":
                del body[at:]
    return bytes(body) or b"\0"


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_mutated_file_is_described_or_refused(extension: str) -> None:
    @settings(max_examples=25)
    @given(body=mutated(extension), first=st.sampled_from([16, 300, 1024]))
    def holds(body: bytes, first: int) -> None:
        with suppress(Reject):
            probe(f"file.{extension}", body, first)

    holds()


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_any_bytes_behind_the_signature_are_described_or_refused(extension: str) -> None:
    @settings(max_examples=15)
    @given(rest=st.binary(max_size=400), kept=st.sampled_from([4, 12, 40]))
    def holds(rest: bytes, kept: int) -> None:
        with suppress(Reject):
            probe(f"file.{extension}", seeds()[f"0.{extension}"][:kept] + rest)

    holds()
