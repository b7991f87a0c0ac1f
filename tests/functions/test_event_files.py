"""The committed events about directories, import manifests and deletions, through the function each is for."""

from collections.abc import Iterator

import pytest

from functions.register_uploads.handler import lambda_handler as register_uploads
from functions.track_registrations.handler import lambda_handler as track_registrations
from sandbox.artwork.scans import series
from tests.functions.upload_stack import Stack, context, event, kept
from tests.functions.uploading import beside, configure, put, shared_stack, stored, sums, url
from tests.twin.worlds import jpeg

SCANS = {"group": {"kind": "dicom_series"}}
SLICES = ("scans/ct-17/1.dcm", "scans/ct-17/2.dcm", "scans/ct-17/10.dcm")
MANIFEST = "pets/manifests/march.csv"


@pytest.fixture
def empty(endpoint: str) -> Iterator[Stack]:
    """A stack of the test's own, in which a directory is complete as soon as its marker is there."""
    with shared_stack(endpoint) as built:
        yield built


def upload_scans(stack: Stack) -> None:
    configure(stack, scans=SCANS)
    put(stack, dict(zip(SLICES, series("Cat", 1, size=(32, 24), slices=3), strict=True)))
    put(stack, {"scans/ct-17/_COMPLETE": b""})
    assert kept(register_uploads(event("register_uploads_dicom_series"), context())) == []


def upload_manifest(stack: Stack) -> None:
    configure(stack, pets={})
    lines = ["ObjectURL,Image title", f"{url('shelf/a.jpg')},A picture"]
    put(stack, {"shelf/a.jpg": jpeg(), MANIFEST: "\n".join(lines).encode()})


def test_a_directory_of_dicom_files_with_its_marker_becomes_a_series(empty: Stack) -> None:
    upload_scans(empty)
    empty.drain()

    assert {title: one.files for title, one in stored(empty).items()} == {"scans/ct-17": tuple(map(url, SLICES))}


def test_a_directory_is_put_together_when_its_message_comes(empty: Stack) -> None:
    upload_scans(empty)
    assert empty.jobs() == []

    assert kept(track_registrations(event("track_registrations_group"), context())) == []

    [job] = empty.jobs()
    assert (job.prefix, job.submitted) == ("scans/", 1)


def test_an_import_manifest_has_a_message_sent_that_has_it_read(empty: Stack) -> None:
    upload_manifest(empty)

    assert kept(register_uploads(event("register_uploads_manifest"), context())) == []
    empty.drain()

    assert list(stored(empty)) == ["A picture"]
    assert sums(beside(empty, MANIFEST)) == (1, 1, 0, 0, 0)


def test_an_import_manifest_is_read_when_its_message_comes(empty: Stack) -> None:
    upload_manifest(empty)

    assert kept(track_registrations(event("track_registrations_manifest"), context())) == []

    [job] = empty.jobs()
    assert job.source is not None
    assert job.source.key == MANIFEST


def test_deletions_are_told_of_either_kind(empty: Stack) -> None:
    configure(empty, pets={"deleted": "report"})

    assert kept(register_uploads(event("register_uploads_deleted"), context())) == []

    [record] = [key for key in empty.records("receipts/") if "/removed-" in key]
    assert b"pets/plain.jpg" in empty.records("receipts/")[record]
    assert b"pets/day 1/a+b (1).jpg" in empty.records("receipts/")[record]
