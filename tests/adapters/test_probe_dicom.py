"""DICOM files are described by their headers as reading them whole would."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
)

from encord_lambda.media.probing.dicom import REQUIRED_TAGS
from sandbox.artwork.scans import series
from sandbox.encord_twin.platform.media.dicom import REQUIRED_TAGS as TWINS_TAGS
from sandbox.encord_twin.platform.media.dicom import described
from tests.adapters.probed import SMALL, probe, refusal


@cache
def plain() -> bytes:
    [one] = series("Cat", 1, size=(512, 512), slices=1)
    return one


def changed(syntax: pydicom.uid.UID | None = None, pixels: bytes | None = None, **elements: Any) -> bytes:
    file = pydicom.dcmread(io.BytesIO(plain()))
    for name, value in elements.items():
        setattr(file, name, value)
    if syntax:
        file.file_meta.TransferSyntaxUID = syntax
    if pixels is not None:
        file.PixelData = pydicom.encaps.encapsulate([pixels])
        file["PixelData"].is_undefined_length = True
    buffer = io.BytesIO()
    original = (syntax.is_implicit_VR, syntax.is_little_endian) if syntax else (False, True)
    pydicom.dcmwrite(buffer, file, implicit_vr=original[0], little_endian=original[1], force_encoding=True)
    return buffer.getvalue()


def groups(frames: int) -> Sequence:
    """What is said of each frame of a multi-frame image."""
    items = []
    for number in range(frames):
        place, item = Dataset(), Dataset()
        place.ImagePositionPatient = [0, 0, number]
        item.PlanePositionSequence = Sequence([place])
        items.append(item)
    return Sequence(items)


FILES: dict[str, Callable[[], bytes]] = {
    "plain": plain,
    "implicit": lambda: changed(ImplicitVRLittleEndian),
    "big endian": lambda: changed(ExplicitVRBigEndian),
    "compressed pixels": lambda: changed(JPEGBaseline8Bit, b"\xff\xd8\xff" + bytes(300_000)),
    "multi-frame": lambda: changed(NumberOfFrames=3, PixelData=bytes(3 * 512 * 512)),
    "enhanced": lambda: changed(PerFrameFunctionalGroupsSequence=groups(500), SharedFunctionalGroupsSequence=groups(1)),
    "large private element": lambda: changed(EncapsulatedDocument=bytes(200_000)),
    "empty values": lambda: changed(PatientID="", ImagePositionPatient=None),
    "other letters": lambda: changed(SpecificCharacterSet="ISO_IR 192", PatientID="Mäxchen"),
}
"""Made when a test wants them, not when this module is loaded, which every process of a run does."""


@cache
def file(name: str) -> bytes:
    return FILES[name]()


@pytest.mark.parametrize("first", [300, 1024, 64 * 1024])
@pytest.mark.parametrize("name", FILES)
def test_tags_are_those_of_the_whole_file(name: str, first: int) -> None:
    body = file(name)
    whole = pydicom.dcmread(io.BytesIO(body)).to_json_dict()

    found = probe("scan.dcm", body, first)

    assert found.found.tags == {f"{tag:08X}": whole.get(f"{tag:08X}") for tag in REQUIRED_TAGS}
    assert found.requests <= SMALL[0]
    assert described(found.found.tags).width == 512


def test_the_tags_are_those_that_the_platform_wants() -> None:
    assert {f"{tag:08X}" for tag in REQUIRED_TAGS} == TWINS_TAGS


def test_nothing_else_of_the_patient_is_told() -> None:
    assert "Animal" not in str(probe("scan.dcm", plain()).found)


def test_a_name_without_an_extension_will_do() -> None:
    assert probe("ct/1.2.840", plain()).found.tags["00100020"] == {"vr": "LO", "Value": ["animal-1"]}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: plain()[:500], "cannot be described"),
        (lambda: plain()[:-1], "it is cut off"),
        (lambda: file("implicit")[:-1], "it is cut off"),
        (lambda: file("big endian")[:-1], "it is cut off"),
        (lambda: plain()[: plain().index(b"\xe0\x7f\x10\x00")], "cut off before them"),
        (lambda: bytes(2000), "cannot be described: it has no DICM"),
        (lambda: changed(PerFrameFunctionalGroupsSequence=groups(20_000)), "spread over more than 256 KB"),
        (lambda: changed(Rows=None), "it has no Rows"),
        (lambda: changed(SeriesInstanceUID=None), "it has no SeriesInstanceUID"),
        (lambda: plain().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.1.99"), "is compressed"),
        (lambda: plain().replace(b"\x28\x00\x10\x00US\x02\x00", b"\x28\x00\x10\x00OB\x02\x00"), "cannot be described"),
    ],
)
def test_what_is_damaged_or_too_large_is_refused_with_a_reason(make: Callable[[], bytes], reason: str) -> None:
    assert reason in refusal("scan.dcm", make())


def test_sequences_in_sequences_without_end_are_refused() -> None:
    item = b"\x00\x52\x30\x92SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    body = plain()
    at = body.index(b"\xe0\x7f\x10\x00")

    assert "cannot be described" in refusal("scan.dcm", body[:at] + item * 10_000 + body[at:])


def test_a_number_that_is_none_is_refused() -> None:
    body = plain().replace(b"\x18\x00\x50\x00DS\x04\x001.0 ", b"\x18\x00\x50\x00DS\x04\x00NaN ")
    assert body != plain()

    assert "cannot be described" in refusal("scan.dcm", body)
