"""The item an object becomes by itself, for every type."""

import pytest

from encord_lambda.registration import composing
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.items import (
    AudioMetadata,
    DicomMetadata,
    DicomSeries,
    ImageMetadata,
    MediaMetadata,
    PdfMetadata,
    TextMetadata,
    VideoMetadata,
)
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.media_types import MEDIA_TYPES, MediaType

REGISTRABLE = [kind for kind in MEDIA_TYPES if kind.section != "scenes"]
METADATA: dict[str, tuple[str, MediaMetadata]] = {
    "images": ("image_metadata", ImageMetadata(mime_type="image/png", file_size=9, height=2, width=3)),
    "videos": (
        "video_metadata",
        VideoMetadata(fps=25.0, duration=4.0, width=3, height=2, file_size=9, mime_type="video/mp4"),
    ),
    "audio": (
        "audio_metadata",
        AudioMetadata(
            duration=1.0,
            file_size=9,
            mime_type="audio/wav",
            sample_rate=8000,
            bit_depth=16,
            codec="pcm",
            num_channels=1,
        ),
    ),
    "text": ("text_metadata", TextMetadata(file_size=9, mime_type="text/plain")),
    "pdfs": ("pdf_metadata", PdfMetadata(file_size=9, num_pages=1)),
}


def upload(kind: MediaType) -> Upload:
    return Upload("media", "eu-west-1", f"day 1/a+b{kind.extensions[0]}", 9)


@pytest.mark.parametrize("kind", REGISTRABLE, ids=lambda kind: kind.name)
def test_every_type_becomes_an_item_of_its_section_titled_by_its_key(kind: MediaType) -> None:
    found = composing.item(upload(kind), kind, {"site": "north"}, None)

    assert found.section == kind.section
    assert (found.title, found.client_metadata) == (f"day 1/a+b{kind.extensions[0]}", {"site": "north"})
    assert found.urls == (f"https://media.s3.eu-west-1.amazonaws.com/day%201/a%2Bb{kind.extensions[0]}",)
    assert Manifest.of([found]).items == [found]


@pytest.mark.parametrize("section", METADATA)
def test_what_probing_found_goes_with_the_item(section: str) -> None:
    field, metadata = METADATA[section]
    kind = next(kind for kind in MEDIA_TYPES if kind.section == section)

    found = composing.item(upload(kind), kind, {}, metadata)

    assert getattr(found, field) == metadata
    assert found.client_metadata is None


def test_a_dicom_file_alone_is_a_series_of_its_own_with_its_tags() -> None:
    kind = next(kind for kind in MEDIA_TYPES if kind.name == "DICOM")
    metadata = DicomMetadata(tags={"00100020": None})

    found = composing.item(upload(kind), kind, {}, metadata)

    assert isinstance(found, DicomSeries)
    assert [file.dicom_metadata for file in found.dicom_files] == [metadata]
