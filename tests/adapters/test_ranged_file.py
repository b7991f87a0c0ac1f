"""A file in ranges reads like the whole file, asks for each byte once, and keeps its budget."""

import io
import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.errors import Reject, Retry
from encord_lambda.media.probe import Prober
from encord_lambda.media.probing.lengths import seconds
from encord_lambda.media.probing.ranged_file import Budget, RangedFile
from encord_lambda.registration.manifests.items import TextMetadata
from encord_lambda.registration.media_types import MEDIA_TYPES
from tests.adapters.probed import probe, refusal

JPEG = MEDIA_TYPES[0]
BODY = bytes(range(250)) * 4


class Far:
    """The file at the other end."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def fetch(self, start: int, end: int) -> bytes:
        self.asked.append((start, end))
        return BODY[start:end]


def ranged(far: Far, requests: int = 4, total: int = 500, ahead: int | None = 10) -> RangedFile:
    return RangedFile(len(BODY), far.fetch, BODY[:20], Budget(requests, total), ahead)


steps = st.lists(st.tuples(st.integers(0, 1100), st.integers(-1, 300), st.booleans()), max_size=8)


@given(steps, st.integers(1, 6), st.integers(20, 900), st.sampled_from([None, 0, 10, 400]))
def test_it_reads_as_the_whole_file_or_refuses(
    moves: list[tuple[int, int, bool]], requests: int, total: int, ahead: int | None
) -> None:
    far, whole = Far(), io.BytesIO(BODY)
    file = ranged(far, requests, total, ahead)
    for at, count, is_loaded in moves:
        if is_loaded:
            file.load(at, at + count)
        file.seek(at)
        whole.seek(at)
        try:
            assert file.read(count) == whole.read(count)
            assert file.tell() == max(whole.tell(), at)
        except Reject:
            break
    taken = [*range(20), *(place for start, end in far.asked for place in range(start, end))]
    assert len(taken) == len(set(taken)) <= total
    assert len(far.asked) < requests


def test_what_was_fetched_is_a_file_that_ends_where_it_was_not() -> None:
    far = Far()
    file = ranged(far)
    file.load(900, 1000)
    part = file.fetched()

    assert (part.read(30), part.read(1)) == (BODY[:20], b"")
    assert part.seek(-50, io.SEEK_END) == 950
    assert part.read() == BODY[950:]


def test_a_refusal_counts_even_if_a_library_swallows_it() -> None:
    file = ranged(Far(), requests=1)

    def library() -> None:
        try:
            file.read(100)
        except Reject:
            raise ValueError("cannot read") from None

    with pytest.raises(Reject, match="spread over more"), file.parsed("thing", ValueError):
        library()


def test_trouble_of_fetching_is_not_the_files() -> None:
    def fetch(start: int, end: int) -> bytes:
        raise Retry(f"no {start} to {end}")

    with pytest.raises(Retry):
        Prober().probed(JPEG, 9000, fetch, b"\xff\xd8\xff\xe0\0\x10JFIF")


def test_a_range_that_is_shorter_than_the_file_was_said_to_be_is_refused() -> None:
    file = RangedFile(5000, Far().fetch, BODY[:20], Budget(2, 9000))

    with pytest.raises(Reject, match="upload it again"):
        file.read(4000)


@given(st.integers(1, 10**7), st.floats(0.01, 1000) | st.sampled_from([23.976, 24000 / 1001, 29.97, 30000 / 1001]))
def test_as_many_frames_come_out_as_went_in(frames: int, fps: float) -> None:
    assert math.ceil(fps * seconds(frames, fps)) == frames


def test_a_text_has_its_size_and_costs_nothing() -> None:
    found = probe("notes.html", b"<p>purr</p>")

    assert found.found == TextMetadata(file_size=11, mime_type="text/html")
    assert found.requests == 1


@pytest.mark.parametrize("name", ["brain.nii", "brain.nii.gz"])
def test_volumes_have_no_metadata(name: str) -> None:
    assert probe(name, bytes(400)).found is None


@pytest.mark.parametrize("name", ["a.png", "a.mp4", "a.wav", "a.pdf", "a.txt", "a.dcm"])
def test_an_empty_file_is_refused(name: str) -> None:
    assert "empty" in refusal(name, b"")


def test_libraries_are_imported_by_the_first_file_that_needs_them() -> None:
    code = "import sys, encord_lambda.media.probe; print(sorted({'PIL', 'av', 'pypdf', 'pydicom'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
