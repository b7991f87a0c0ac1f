"""What the library uploads is what it says, and its file agrees with its world."""

import csv
import io
from collections import Counter

import pytest
from encord.orm.storage import StorageItemType as Type

from encord_lambda.config import PipelineConfig
from encord_lambda.registration import media
from encord_lambda.registration.manifests import csv_manifest
from encord_lambda.registration.manifests.checked import checked
from encord_lambda.registration.manifests.entries import Entry, Fault
from sandbox.encord_twin.platform.media import inspect
from sandbox.encord_twin.platform.media_facts import MediaKind
from sandbox.scenario import library
from sandbox.scenario.library import Piece
from sandbox.scenario.world import INTEGRATION, world

FILE_KINDS = {
    Type.IMAGE_GROUP: MediaKind.IMAGE,
    Type.IMAGE_SEQUENCE: MediaKind.IMAGE,
    Type.DICOM_SERIES: MediaKind.DICOM_FILE,
}


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return library.pieces()


def test_every_type_is_among_it(pieces: list[Piece]) -> None:
    assert {piece.type for piece in pieces} == {
        Type.IMAGE,
        Type.VIDEO,
        Type.IMAGE_GROUP,
        Type.IMAGE_SEQUENCE,
        Type.DICOM_SERIES,
        Type.NIFTI,
        Type.AUDIO,
        Type.PDF,
        Type.PLAIN_TEXT,
    }


def test_every_file_is_what_it_says(pieces: list[Piece]) -> None:
    files = [(key, body, piece.type) for piece in pieces for key, body in piece.files.items()]

    assert len({key for key, _, _ in files}) == len(files)
    for key, body, kind in files:
        media.confirm(media.named(key), body[: 1 << 10])
        inspect(FILE_KINDS.get(kind) or MediaKind(kind.value), body, f"https://b.s3.amazonaws.com/{key}")


def test_library_yaml_registers_it_all_in_the_worlds_folder(pieces: list[Piece]) -> None:
    pipeline = PipelineConfig.parse(library.LIBRARY.name, library.LIBRARY.read_text())
    built = library.extended(world("00" * 32))

    assert {registration.prefix for registration in pipeline.registrations} == set(library.PREFIXES)
    for registration in pipeline.registrations:
        assert registration.integration == INTEGRATION
        assert registration.folder == built.folders[-1].uuid == library.FOLDER
        assert registration.datasets == [built.datasets[-1].uuid] == [library.DATASET]
        assert registration.group.kind == "none" or registration.group.marker == library.MARKER
    for piece in pieces:
        prefixes = {getattr(pipeline.registration(key), "prefix", None) for key in piece.files}
        assert prefixes == {None if piece.listed else piece.prefix}


def test_the_import_manifest_names_the_shelf_and_one_line_nobody_can_use(pieces: list[Piece]) -> None:
    body = library.manifest("uploads")
    found = list(checked(csv_manifest.read([body]), allowed={"uploads"}))
    entries = [one for one in found if isinstance(one, Entry)]
    [fault] = [one for one in found if isinstance(one, Fault)]

    assert fault.place.line == library.FAULTY_LINE
    assert Counter(entry.item.title for entry in entries) == Counter(one.title for one in pieces if one.listed)
    keys = {url.rpartition("amazonaws.com/")[2] for entry in entries for url in entry.item.urls}
    assert keys == {key for one in pieces if one.listed for key in one.files}
    headers = [row for row in csv.reader(io.StringIO(body.decode())) if row[0] == "ObjectURL"]
    assert len(headers) > len({tuple(header) for header in headers}), "a heading is repeated"
