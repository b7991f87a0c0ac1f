"""What is written of a manifest is read back as the same: `manifest build` leaves it to the deployed stack to read."""

import pytest

from encord_lambda.registration.manifests import json_manifest
from encord_lambda.registration.manifests.entries import Entry
from encord_lambda.registration.manifests.items import (
    Audio,
    AudioMetadata,
    DicomFile,
    DicomMetadata,
    DicomSeries,
    GroupImage,
    Image,
    ImageGroup,
    ImageMetadata,
    Item,
    Nifti,
    Pdf,
    PdfMetadata,
    Text,
    TextMetadata,
    Video,
    VideoMetadata,
)
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.manifests.media_rules import DICOM_TAGS

S3 = "https://media.s3.eu-west-1.amazonaws.com"
ABOUT = {"encord_lambda.source": {"bucket": "media", "key": "ü", "etag": "e"}, "none": None, "words": ["a", "b"]}
PICTURE = ImageMetadata(mime_type="image/jpeg", file_size=9, height=2, width=3)
MOVIE = VideoMetadata(fps=25.0, duration=1.5, width=3, height=2, file_size=9, mime_type="video/mp4")
SOUND = AudioMetadata(
    duration=1.5, file_size=9, mime_type="audio/wav", sample_rate=8000, bit_depth=8, codec="pcm", num_channels=1
)
TAGS = DicomMetadata(tags={**dict.fromkeys(DICOM_TAGS), "00080018": {"vr": "UI", "Value": ["1.2"]}})
FRAMES = (GroupImage(url=f"{S3}/1.jpg", title="1.jpg", image_metadata=PICTURE), GroupImage(url=f"{S3}/2.jpg"))
ITEMS = [
    Video(object_url=f"{S3}/a.mp4", title="a", client_metadata=ABOUT, video_metadata=MOVIE),
    Image(object_url=f"{S3}/a%20b.jpg", client_metadata=ABOUT, image_metadata=PICTURE),
    ImageGroup(title="g", images=FRAMES, client_metadata=ABOUT),
    ImageGroup(title="s", images=FRAMES, create_video=True),
    DicomSeries(title="d", dicom_files=(DicomFile(url=f"{S3}/1.dcm", title="1.dcm", dicom_metadata=TAGS),)),
    Nifti(object_url=f"{S3}/a.nii.gz", title="n"),
    Audio(object_url=f"{S3}/a.wav", audio_metadata=SOUND),
    Text(object_url=f"{S3}/a.txt", text_metadata=TextMetadata(file_size=9, mime_type="text/plain")),
    Pdf(object_url=f"{S3}/a.pdf", pdf_metadata=PdfMetadata(file_size=9, num_pages=2)),
]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.section)
def test_an_item_comes_back_as_it_was(item: Item) -> None:
    [read] = json_manifest.read([Manifest.of([item]).json_bytes()])

    assert isinstance(read, Entry), read
    assert read.item == item
