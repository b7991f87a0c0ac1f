"""A file's first bytes must be what its name says: true files of every type, under right names and wrong ones."""

import gzip
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.errors import Reject
from encord_lambda.registration import media
from encord_lambda.registration.events import Upload
from encord_lambda.registration.media_types import MediaType
from encord_lambda.registration.signatures import FIRST_BYTES
from tests.unit.registration.true_files import true_files

REGISTRABLE = [ext for kind in media.MEDIA_TYPES if kind.section != "scenes" for ext in kind.extensions]
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=FIRST_BYTES)
MP4 = b"\x00\x00\x00\x18ftyp"


def promised(extension: str) -> MediaType:
    return media.promised(Upload("media", "eu-west-1", f"day 1/a{extension}", 9))


def truth(extension: str) -> bytes:
    return true_files()[extension.removeprefix(".")][:FIRST_BYTES]


@pytest.mark.parametrize("extension", [*REGISTRABLE, ""])
def test_a_true_file_keeps_the_promise_of_its_name(extension: str) -> None:
    media.confirm(promised(extension), truth(extension))


@pytest.mark.parametrize("extension", [*REGISTRABLE, ""])
def test_a_true_file_under_another_name_is_refused_and_called_what_it_is(extension: str) -> None:
    """Names of one container are as good as each other; nobody can tell a Markdown from a CSV."""
    kind = promised(extension)
    for other in REGISTRABLE:
        named = promised(other)
        as_good = (named.family or named.name) == (kind.family or kind.name) or (other, extension) == (".m4a", ".mp4")
        if as_good:
            media.confirm(named, truth(extension))
            continue
        with pytest.raises(Reject) as trouble:
            media.confirm(named, truth(extension))
        said = "text" if kind.section == "text" else f"{kind.name}: rename it to *{(kind.extensions or ('.dcm',))[0]}"
        assert trouble.value.reason.startswith(f"the name says {named.name}")
        assert said in trouble.value.reason


@pytest.mark.parametrize(
    ("extension", "head"),
    [
        (".mp3", b"\xff\xfb\x90\x64" + bytes(40)),
        (".mp3", b"\xff\xf3\x40\xc0" + bytes(40)),
        (".tif", b"MM\x00*\x00\x00\x00\x08"),
        (".tif", b"II+\x00\x08\x00\x00\x00"),
        (".avif", b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf"),
        (".mov", b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat"),
        (".mov", MP4 + b"mp42\x00\x00\x00\x00mp42isom"),
        (".mp4", MP4 + b"qt  \x00\x00\x00\x00qt  qt  "),
        (".m4a", MP4 + b"M4B \x00\x00\x00\x00M4B isom"),
        (".m4a", MP4 + b"dash\x00\x00\x00\x00iso6mp41"),
        (".mj2", b"\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x14ftypmjp2\x00\x00\x00\x00mjp2"),
        (".nii", b"\x00\x00\x01\x5c" + bytes(340) + b"n+1\x00"),
        (".nii", b"\x1c\x02\x00\x00n+2\x00\r\n\x1a\n"),
        (".nii.gz", gzip.compress(b"\x00\x00\x02\x1cn+2\x00\r\n\x1a\n" + bytes(532), mtime=0)),
        (".txt", b"\xef\xbb\xbfwith a byte order mark"),
        (".md", b"BMW makes cars, ID3 is for tags"),
    ],
)
def test_less_usual_beginnings_are_known(extension: str, head: bytes) -> None:
    media.confirm(promised(extension), head)


@pytest.mark.parametrize(
    ("extension", "head", "reason"),
    [
        (".jpg", b"Dear diary,\n", "those of text: upload the JPEG itself"),
        (".jpg", b"GIF89a", "those of a GIF"),
        (".jpg", b"PK\x03\x04", "those of a ZIP"),
        (".jpg", b"MZ\x90\x00", "those of a program"),
        (".jpg", b"PAR1\x15\x04", "those of a Parquet table"),
        (".jpg", b"\x00\x01\x02", "those of something else"),
        (".jpg", b"LASF\x00\x00", "those of a point cloud"),
        (".jpg", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "those of a HEIC"),
        (".mp4", MP4 + b"M4A \x00\x00\x00\x00M4A isom", r"the first bytes M4A: rename it to \*\.m4a"),
        (".m4a", MP4 + b"qt  \x00\x00\x00\x00qt  ", r"the first bytes QuickTime: rename it to \*\.mov"),
        (".mp3", b"\xff\xf1\x50\x80", "those of something else"),
        (".txt", b"\xff\xfeD\x00i\x00e\x00", "those of something else: save it as UTF-8"),
        (".txt", b"a\x00b", "save it as UTF-8"),
        (".txt", b"%PDF-1.7\n1 0 obj", r"the first bytes PDF: rename it to \*\.pdf"),
        (".txt", "é".encode() * 4 + b"\xc3", "save it as UTF-8"),
        (".nii", b"\x5c\x01\x00\x00" + bytes(340) + b"ni1\x00", "those of a NIfTI header whose volume is in another"),
        (".nii.gz", gzip.compress(b"no volume" * 99, mtime=0), "those of a gzip archive"),
        (".nii.gz", b"\x1f\x8b\x08\x00broken", "those of a gzip archive"),
        (
            "",
            b"\xff\xd8\xff\xe0",
            r"a name without an extension may only be that of DICOM, .* JPEG: rename it to \*\.jpg",
        ),
        ("", b"Dear diary", "those of text: add its extension"),
    ],
)
def test_bytes_that_contradict_the_name_are_refused(extension: str, head: bytes, reason: str) -> None:
    with pytest.raises(Reject, match=reason):
        media.confirm(promised(extension), head)


def test_a_gzip_bomb_is_inflated_no_further_than_a_header() -> None:
    bomb = gzip.compress(b"\x5c\x01\x00\x00" + bytes(340) + b"n+1\x00" + bytes(50_000_000))[:FIRST_BYTES]
    tracemalloc.start()

    media.confirm(promised(".nii.gz"), bomb)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize("before", range(4))
def test_a_text_may_be_cut_within_a_character(before: int) -> None:
    text = ("." * before + "🐈" * FIRST_BYTES).encode()

    media.confirm(promised(".txt"), text[:FIRST_BYTES])


@given(TEXT)
def test_any_utf8_is_text(text: str) -> None:
    media.confirm(promised(".txt"), ("." + text).encode()[:FIRST_BYTES])


@given(st.sampled_from([*REGISTRABLE, ""]), st.binary(max_size=2 * FIRST_BYTES))
def test_any_bytes_are_either_confirmed_or_refused(extension: str, head: bytes) -> None:
    with suppress(Reject):
        media.confirm(promised(extension), head)
