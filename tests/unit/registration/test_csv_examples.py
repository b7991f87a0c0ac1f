"""The CSV files of import-formats §2.3 and of the vendor's guide, as they are and as they would have to be."""

import pytest

from encord_lambda.registration.manifests import checked, csv_manifest
from encord_lambda.registration.manifests.entries import Entry, Fault
from encord_lambda.registration.manifests.manifest import Manifest

MEDIA = "https://lumen-media.s3.eu-central-1.amazonaws.com"
OBS = "https://lumen-obs.obs.eu-de.otc.t-systems.com"
AZURE = "https://lumenacct.blob.core.windows.net/scans"
FORMATS = {
    "videos": (
        f'ObjectURL,Video title\n{MEDIA}/raw/a.mp4,Clip A\n{MEDIA}/raw/b.mp4,"Clip B, take 2"\n{MEDIA}/raw/c.mp4,\n',
        {"videos": [["Clip A", 1], ["Clip B, take 2", 1], [None, 1]]},
    ),
    "a single column": (f"objecturl\n{MEDIA}/raw/a.mp4\n", {"videos": [[None, 1]]}),
    "images": (
        "ObjectURL,Image title\nhttps://storage.cloud.google.com/lumen-stills/belt/0001.png,belt-0001\n",
        {"images": [["belt-0001", 1]]},
    ),
    "groups": (
        f"ObjectURL,Image group title,Create video\n{OBS}/p17/left.jpg,pallet-17,false\n"
        f"{OBS}/p17/right.jpg,pallet-17,false\n{OBS}/p18/left.jpg,pallet-18,false\n",
        {"image_groups": [["pallet-17", 2], ["pallet-18", 1]]},
    ),
    "a sequence": (
        f"ObjectURL,Image group title,Create video\n{OBS}/run3/000.jpg,run-3,true\n{OBS}/run3/001.jpg,run-3,\n",
        {"image_groups": [["run-3", 2, "sequence"]]},
    ),
    "series": (
        f"ObjectURL,Series title\n{AZURE}/ct02/001.dcm,CT-chest-02\n{AZURE}/ct02/002.dcm,CT-chest-02\n"
        f"{AZURE}/ct03/001.dcm,CT-chest-03\n",
        {"dicom_series": [["CT-chest-02", 2], ["CT-chest-03", 1]]},
    ),
    "mixed": (
        f"ObjectURL,Image group title,Create video\n{MEDIA}/s/0.jpg,seq-1,true\n{MEDIA}/s/1.jpg,seq-1,true\n"
        f"{MEDIA}/g/front.jpg,grp-1,false\nObjectURL,Image title,Create video\n{MEDIA}/raw/b.jpg,still b,false\n"
        f"ObjectURL,Video title,Create video\n{MEDIA}/raw/a.mp4,clip a,false\n",
        {
            "image_groups": [["seq-1", 2, "sequence"], ["grp-1", 1]],
            "images": [["still b", 1]],
            "videos": [["clip a", 1]],
        },
    ),
}
GUIDE = {
    "videos": (
        "ObjectUrl,Video title\n@frame1.mp4,Video 1\n@frame2.mp4,Video 2\n@frame3.mp4,\n@frame4.mp4,Video 3\n",
        {"videos": [["Video 1", 1], ["Video 2", 1], [None, 1], ["Video 3", 1]]},
    ),
    "images": (
        "ObjectUrl,Image title\n@frame1.jpg,Image 1\n@frame2.jpg,Image 2\n@frame3.jpg,\n@frame4.jpg,Image 3\n",
        {"images": [["Image 1", 1], ["Image 2", 1], [None, 1], ["Image 3", 1]]},
    ),
    "groups": (
        "ObjectUrl,Image group title,Create video\n@frame1.jpg,Group 1,false\n@frame2.jpg,Group 1,false\n"
        "@frame3.jpg,Group 2,false\n@frame4.jpg,Group 2,false\n",
        {"image_groups": [["Group 1", 2], ["Group 2", 2]]},
    ),
    "sequences": (
        "ObjectUrl,Image group title,Create video\n@frame1.jpg,Sequence 1,true\n@frame2.jpg,Sequence 1,true\n"
        "@frame3.jpg,Sequence 2,true\n@frame4.jpg,Sequence 2,true\n",
        {"image_groups": [["Sequence 1", 2, "sequence"], ["Sequence 2", 2, "sequence"]]},
    ),
    "series": (
        "ObjectUrl,Series title\n@frame1.dcm,dicom series 1\n@frame2.dcm,dicom series 1\n@frame3.dcm,dicom series 2\n"
        "@frame4.dcm,dicom series 2\n@frame5.dcm,dicom series 3\n",
        {"dicom_series": [["dicom series 1", 2], ["dicom series 2", 2], ["dicom series 3", 1]]},
    ),
}
"""Its tables, whose relative paths (here @) stand for URLs."""
MIXED = (
    "ObjectUrl,Image group title,Create video\n@frame1.jpg,Sequence 1,true\n@frame2.jpg,Sequence 1,true\n"
    "@frame3.jpg,Sequence 2,true\n@frame4.jpg,Sequence 2,true\n@frame5.jpg,Group 1,false\n@frame6.jpg,Group 1,false\n"
    "ObjectUrl,Image title,Create video\n@frame1.jpg,Image 1,false\n"
    "ObjectUrl,Image title,Create video\n@video.mp4,Video 1,false\n"
)
"""Its last one: two sequences, a group, an image, and a video that stands under `Image title`."""


def read(text: str, *, lenient: bool = False) -> list[Entry | Fault]:
    content = text.replace("@", f"{MEDIA}/path/").encode()
    return list(checked.checked(csv_manifest.read([content], lenient=lenient)))


def shown(found: list[Entry | Fault]) -> dict[str, list[list[object]]]:
    """Title, number of URLs, and whether it is a sequence, by section."""
    sections: dict[str, list[list[object]]] = {}
    for entry in found:
        if isinstance(entry, Entry):
            sequence = ["sequence"] if getattr(entry.item, "create_video", False) else []
            sections.setdefault(entry.item.section, []).append([entry.item.title, len(entry.item.urls), *sequence])
    return sections


EXAMPLES = FORMATS | {f"{name} of the guide": example for name, example in GUIDE.items()}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_each_example_is_read(text: str, expected: dict[str, object]) -> None:
    found = read(text)

    assert [one for one in found if isinstance(one, Fault) and not one.is_warning] == []
    assert shown(found) == expected
    assert Manifest.of(one.item for one in found if isinstance(one, Entry))


def test_paths_are_no_urls() -> None:
    """As the guide prints them, its rows are placeholders."""
    found = list(csv_manifest.read([GUIDE["videos"][0].replace("@", "path/to/storage-location/").encode()]))

    assert [fault.code for fault in found if isinstance(fault, Fault)] == ["U2"] * 4


def test_the_video_that_stands_under_image_title_is_refused() -> None:
    found = read(MIXED)

    assert [(one.code, one.place.line) for one in found if isinstance(one, Fault)] == [("C21", 11)]
    assert [len(items) for items in shown(found).values()] == [3, 1]


def test_and_is_repaired_in_lenient_reading() -> None:
    found = read(MIXED, lenient=True)

    assert [(one.code, one.place.line, one.is_warning) for one in found if isinstance(one, Fault)] == [
        ("C21", 11, True)
    ]
    assert shown(found)["videos"] == [["Video 1", 1]]
