"""A manifest as an upload file: all of it, or not at all."""

import json
from uuid import UUID

import pytest

from encord_lambda.errors import Reject
from encord_lambda.registration.manifests import items, upload_file
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.manifest import Manifest

URL = "https://media.s3.eu-west-1.amazonaws.com/a"
IMAGE = items.ImageMetadata(mime_type="image/png", file_size=9, height=2, width=3)
TAGS = items.DicomMetadata(tags={"00080018": None})


def test_it_has_the_spelling_of_encords_guide() -> None:
    manifest = Manifest.of(
        [
            items.Image(object_url=URL, title="ü", image_metadata=IMAGE, client_metadata={"siteName": None}),
            items.ImageGroup(title="g", images=tuple(items.GroupImage(url=f"{URL}{n}") for n in range(2))),
            items.ImageGroup(title="s", images=(items.GroupImage(url=URL),), create_video=True, client_metadata={}),
            items.DicomSeries(title="d", dicom_files=(items.DicomFile(url=URL),)),
            items.Pdf(object_url=URL),
        ],
        upsert_metadata=True,
    )

    assert json.loads(upload_file.json_bytes(manifest)) == {
        "images": [
            {
                "objectUrl": URL,
                "title": "ü",
                "imageMetadata": {"mime_type": "image/png", "file_size": 9, "height": 2, "width": 3},
                "clientMetadata": {"siteName": None},
            }
        ],
        "image_groups": [
            {"title": "g", "createVideo": False, "objectUrl_0": f"{URL}0", "objectUrl_1": f"{URL}1"},
            {"title": "s", "createVideo": True, "clientMetadata": {}, "objectUrl_0": URL},
        ],
        "dicom_series": [{"title": "d", "objectUrl_0": URL}],
        "pdfs": [{"objectUrl": URL}],
        "skip_duplicate_urls": True,
        "upsert_metadata": True,
    }


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (items.ImageGroup(title="g", images=(items.GroupImage(url=URL, title="t"),)), "image_groups, g.*the title of"),
        (items.ImageGroup(title="g", images=(items.GroupImage(url=URL, image_metadata=IMAGE),)), "the metadata of"),
        (items.DicomSeries(title="d", dicom_files=(items.DicomFile(url=URL, title="t"),)), "dicom_series, d.*title"),
        (items.DicomSeries(title="d", dicom_files=(items.DicomFile(url=URL, dicom_metadata=TAGS),)), "the metadata"),
        (items.TimeSeries(object_url=URL), "time_series, without a title: .* no list"),
        (items.ItemGroup(title="g", image_items=(UUID(int=1),), create_video=False), "no list"),
    ],
)
def test_what_it_cannot_carry_is_refused_not_lost(item: Item, said: str) -> None:
    with pytest.raises(Reject, match=said):
        upload_file.json_bytes(Manifest.of([items.Image(object_url=URL), item]))
