"""Headers of true DICOM files, read in parts; and of files that are none, or lie."""

import io
from collections.abc import Callable

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from encord_lambda.errors import Reject, Retry
from encord_lambda.media.dicom_headers import AHEAD, header, instance, legible
from encord_lambda.media.probing.ranged_file import LARGE, RangedFile
from encord_lambda.registration.directories.instances import Instance
from sandbox.artwork.scans import ROOT, series

[FIRST, SECOND] = series("Cat", 7, size=(48, 32), slices=2)


class Requests:
    """A file behind ranged requests; counts what is asked for."""

    def __init__(self, body: bytes) -> None:
        self.body, self.lengths = body, list[int]()

    def fetch(self, start: int, end: int) -> bytes:
        self.lengths.append(end - start)
        return self.body[start:end]


def changed(change: Callable[[pydicom.Dataset], object], body: bytes = FIRST) -> bytes:
    """The file with something else in it."""
    file = pydicom.dcmread(io.BytesIO(body))
    change(file)
    return written(file)


def written(file: pydicom.Dataset) -> bytes:
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, file, enforce_file_format=True)
    return buffer.getvalue()


def read(body: bytes, known: int = 1024) -> Instance:
    requests = Requests(body)
    return instance(requests.fetch, len(body), body[:known])


def test_a_file_says_which_of_its_series_it_is() -> None:
    assert read(FIRST) == Instance(f"{ROOT}.7", f"{ROOT}.7.1", f"{ROOT}.7.1.1", 1)
    assert read(SECOND) == Instance(f"{ROOT}.7", f"{ROOT}.7.1", f"{ROOT}.7.1.2", 2)


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian], ids=["implicit", "big endian"])
def test_a_file_of_any_byte_order_is_read(syntax: pydicom.uid.UID) -> None:
    file = pydicom.dcmread(io.BytesIO(FIRST))
    file.file_meta.TransferSyntaxUID = syntax

    assert read(written(file)) == read(FIRST)


def test_a_short_header_costs_no_request_beyond_the_first() -> None:
    requests = Requests(FIRST)

    instance(requests.fetch, len(FIRST), FIRST[:2048])

    assert requests.lengths == []


def test_the_pixels_are_not_read() -> None:
    body = changed(lambda file: setattr(file, "PixelData", b"\0" * 10_000_000))
    requests = Requests(body)

    instance(requests.fetch, len(body), body[:32])

    assert requests.lengths == [AHEAD]


def test_a_long_element_is_skipped_not_read() -> None:
    body = changed(lambda file: file.add_new(0x00104000, "LT", "x" * 5_000_000))
    requests = Requests(body)

    assert instance(requests.fetch, len(body), body[:1024]) == read(FIRST)
    assert sum(requests.lengths) <= 2 * AHEAD


def test_a_header_beyond_measure_is_refused() -> None:
    def grow(file: pydicom.Dataset) -> None:
        for number in range(9):
            file.add_new(0x00130010 + number * 0x00020000, "LO", "ours")
            file.add_new(0x00131001 + number * 0x00020000, "UT", "x" * 300_000)

    with pytest.raises(Reject, match="more than 2 MB or 4 requests"):
        read(changed(grow))


def test_a_length_that_lies_is_not_believed() -> None:
    start = FIRST.index(b"\x20\x00\x0d\x00UI")

    with pytest.raises(Reject, match="more than 2 MB or 4 requests"):
        read(FIRST[:start] + b"\x20\x00\x0d\x00OB\0\0\xff\xff\xff\x7f" + b"1" * 3_000_000)


def test_sequences_in_sequences_beyond_measure_are_refused() -> None:
    nested = (b"\x08\x00\x15\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff") * 5000
    meta = FIRST.index(b"\x08\x00\x16\x00")

    with pytest.raises(Reject, match="DICOM header is damaged"):
        read(FIRST[:meta] + nested)


def test_a_file_that_is_deflated_as_a_whole_is_refused() -> None:
    """Inflating it could take any amount of memory."""
    file = pydicom.dcmread(io.BytesIO(FIRST))
    file.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian

    with pytest.raises(Reject, match="save the file without deflating it"):
        read(written(file))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"no DICOM" * 100, "it has no DICM after its first 128 bytes"),
        (b"x", "it has no DICM after its first 128 bytes"),
        (b"\0" * 128 + b"DICM", "no StudyInstanceUID"),
        (changed(lambda file: file.pop("SeriesInstanceUID")), "no SeriesInstanceUID, without which it belongs to no"),
        (changed(lambda file: setattr(file, "StudyInstanceUID", "")), "no StudyInstanceUID"),
    ],
)
def test_a_file_that_does_not_say_where_it_belongs_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Reject, match=reason):
        read(body)


def test_what_is_in_a_file_that_is_refused_is_not_told(
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    """In a DICOM file, all that is where it does not belong may be a patient's."""
    body = FIRST.replace(f"{ROOT}.7.1\0".encode(), b"Mrs A. Miller, born 1931-02-03")

    with pytest.raises(Reject, match="SeriesInstanceUID is malformed") as refused:
        read(body)

    assert "Miller" not in refused.value.reason + caplog.text + "".join(str(one.message) for one in recwarn)


@pytest.mark.parametrize("known", [0, 32, 1024])
def test_a_file_without_a_number_is_of_its_series_all_the_same(known: int) -> None:
    assert read(changed(lambda file: file.pop("InstanceNumber")), known).number is None
    assert read(changed(lambda file: setattr(file, "InstanceNumber", "")), known).number is None


def test_a_file_that_is_busy_is_not_taken_for_damaged() -> None:
    def fetch(_start: int, _end: int) -> bytes:
        raise Retry("S3 is busy")

    with pytest.raises(Retry):
        instance(fetch, len(FIRST), FIRST[:200])


def test_elements_after_the_last_that_is_wanted_are_not_looked_at() -> None:
    requests = Requests(FIRST)
    file = RangedFile(len(FIRST), requests.fetch, b"", LARGE, 256)

    with legible(file):
        found = header(file, (0x00080018,))

    assert [element.tag for element in found] == [0x00080018]
    assert sum(requests.lengths) <= 1280


PIECES = st.sampled_from(
    [b"\xff\xff\xff\xff", b"SQ\0\0\xff\xff\xff\xff", b"\xfe\xff\x00\xe0\xff\xff\xff\xff", b"UN", b""]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(128, 800), st.integers(0, 30), PIECES | st.binary(max_size=8)), max_size=6),
    st.integers(0, len(FIRST)),
)
def test_a_damaged_file_is_read_or_refused(edits: list[tuple[int, int, bytes]], length: int) -> None:
    body = FIRST
    for start, gone, piece in edits:
        body = body[:start] + piece + body[start + gone :]
    try:
        found = read(body[:length] or b"x")
    except Reject:
        return
    assert all(0 < len(uid) <= 64 for uid in (found.study, found.series, found.uid))
