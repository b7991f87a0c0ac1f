"""What probing tells Encord, through both functions, with an integration that lets Encord read nothing."""

from collections import Counter
from io import BytesIO

import pydicom
import pytest
from botocore.client import BaseClient
from encord.storage import StorageItem

from sandbox.artwork.scans import series
from tests.functions.upload_stack import Stack
from tests.functions.uploading import configure, day, linked, put, register, sums
from tests.unit.registration.true_files import true_files

KINDS = ("jpg", "png", "webp", "tif", "mp4", "mov", "webm", "wav", "mp3", "flac", "m4a", "pdf", "txt", "html")
REQUESTS = {"mp4": 4, "mov": 4, "webm": 4}
"""For a file, its first bytes included; 2 for others."""
STRICT = {"integration": "strict", "metadata": {"strict": True}}


def facts(item: StorageItem) -> dict[str, object]:
    return {
        "size": (item.file_size, item.width, item.height),
        "type": item.item_type,
        "time": (item.duration and round(item.duration, 2), item.fps and round(item.fps, 2), item.frame_count),
        "audio": (item.audio_sample_rate, item.audio_num_channels, item.audio_bit_depth),
    }


def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often objects are read from now on, by their extensions."""
    requests: Counter[str] = Counter()
    name = "_make_api_call"
    call = getattr(BaseClient, name)

    def counting(client: BaseClient, operation: str, params: dict[str, str]) -> object:
        if operation == "GetObject":
            requests[params["Key"].rpartition(".")[2]] += 1
        return call(client, operation, params)

    monkeypatch.setattr(BaseClient, name, counting)
    return requests


def with_long_header(scan: bytes) -> bytes:
    """The scan with more before its UIDs than the first bytes that are read of each object."""
    dataset, written = pydicom.dcmread(BytesIO(scan)), BytesIO()
    dataset.PatientComments = "c" * 2000
    dataset.save_as(written)
    return written.getvalue()


def items(stack: Stack, prefix: str) -> dict[str, StorageItem]:
    return {item.name.removeprefix(prefix): item for item in stack.folder.list_items() if item.name.startswith(prefix)}


def test_what_probing_tells_is_what_reading_the_files_finds(shared: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(shared, strict=STRICT, read={})
    register(*put(shared, {f"read/{kind}.{kind}": true_files()[kind] for kind in KINDS}))
    shared.drain()
    told = put(shared, {f"strict/{kind}.{kind}": true_files()[kind] for kind in KINDS})
    requests = counted(monkeypatch)
    register(*told)
    monkeypatch.undo()
    shared.drain()

    found, truth = items(shared, "strict/"), items(shared, "read/")
    assert {name: facts(item) for name, item in found.items()} == {name: facts(item) for name, item in truth.items()}
    assert len(found) == len(KINDS)
    assert {kind: requests[kind] for kind in KINDS if requests[kind] > REQUESTS.get(kind, 2)} == {}


def test_what_cannot_be_described_is_refused_where_only_descriptions_count(shared: Stack) -> None:
    configure(shared, only=STRICT)
    register(*put(shared, {"only/a.nii": true_files()["nii"], "only/b.avi": true_files()["avi"][:3000]}))
    shared.drain()

    reasons = shared.refusals()
    assert reasons["only/a.nii"].endswith("register it with an integration that is not strict")
    assert reasons["only/b.avi"] == "AVI cannot be described: it is cut off: it has 3,000 of 4,608 bytes"
    assert sums(day(shared, "only/")) == (2, 0, 0, 2, 0)


def test_what_cannot_be_described_is_left_to_encord_where_it_may_read(shared: Stack) -> None:
    configure(shared, may={"metadata": {"probe": True}})
    register(*put(shared, {"may/a.nii": true_files()["nii"]}))
    shared.drain()
    assert linked(shared, "pets", "may/") == ["may/a.nii"]


def test_groups_and_series_are_described_file_by_file(shared: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = {"kind": "image_group"}, {"kind": "dicom_series"}
    configure(shared, **{f"parts{number}": {**STRICT, "group": group} for number, group in enumerate(groups)})
    slices = series("Cat", 1, size=(48, 32), slices=2)
    scans = {f"parts1/ct/{number}.dcm": with_long_header(scan) for number, scan in enumerate(slices)}
    pictures = {"parts0/zoo/a.jpg": true_files()["jpg"], "parts0/zoo/b.png": true_files()["png"]}
    told = put(shared, {**pictures, **scans, "parts0/zoo/_COMPLETE": b"", "parts1/ct/_COMPLETE": b""})
    requests = counted(monkeypatch)
    register(*told)
    shared.drain()
    monkeypatch.undo()

    parts = [part for item in items(shared, "parts").values() for part in item.get_child_items()]
    assert [(part.name, part.width, part.height) for part in sorted(parts, key=lambda part: part.name)] == [
        ("parts0/zoo/a.jpg", 16, 12),
        ("parts0/zoo/b.png", 16, 12),
        ("parts1/ct/0.dcm", 48, 32),
        ("parts1/ct/1.dcm", 48, 32),
    ]
    # Its first bytes when it comes, and when its directory is put together; then the rest of its header.
    assert requests["dcm"] == len(scans) * 3
