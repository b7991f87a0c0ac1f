"""The examples of import-formats.md and of Encord's own guide (seed 003), as they stand, defects and all.

`examples/formats` are the complete files of import-formats §1.2, §1.3 and §4. `examples/guide` are those of the guide,
one of each kind for each of four clouds and the Multi-Region Access Point, line by line; what is wrong with them is in
`DEFECTS`.
"""

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from encord_lambda.registration.manifests import json_manifest
from encord_lambda.registration.manifests.entries import Entry, Fault, Flags

EXAMPLES: Final = Path(__file__).parent / "examples"
CLOUDS: Final = ("aws", "gcp", "azure", "otc")
FORMATS: Final = {
    "video": {"videos": 1},
    "image": {"images": 2},
    "image_group": {"image_groups": 1},
    "image_sequence": {"image_groups": 1},
    "dicom_series": {"dicom_series": 2},
    "nifti": {"nifti": 1},
    "audio": {"audio": 1},
    "text": {"text": 1},
    "pdf": {"pdfs": 1},
    "scene": {"scenes": 1},
    "mixed": {"videos": 1, "images": 1, "image_groups": 2, "dicom_series": 1},
    "data_upload_items": {
        "videos": 1,
        "image_groups": 1,
        "dicom_series": 1,
        "pdfs": 1,
        "time_series": 1,
        "image_groups_from_items": 1,
    },
    "encord_key": {"videos": 1},
}
GUIDE: Final = {
    # Commas before }: repaired.
    **{f"{cloud}_dicom": {"dicom_series": 3} for cloud in CLOUDS},
    # `image_groups` twice, sequences first, then a group: joined. One URL of the GCP sample is of S3: `checked.py`.
    **{f"{cloud}_mixed": {"images": 1, "videos": 2, "image_groups": 3} for cloud in CLOUDS},
    # The paths are elided, so there is nothing to repair.
    **{f"{cloud}_nifti": {} for cloud in CLOUDS},
    # Not URLs but a form to be filled in.
    "multi_region_template": {},
    # Accounts of 9 digits.
    "multi_region": {"videos": 2},
}
DEFECTS: Final = {
    "dicom": [("J4", 11), ("J4", 16)],
    "mixed": [("J5", 33)],
    "nifti": [("U2", 5), ("U2", 9)],
    "multi_region_template": [("U2", 4), ("U2", 7)],
    "multi_region": [],
}
"""Rules and lines."""
DOUBTS: Final = {"dicom": 0, "mixed": 10, "nifti": 0, "multi_region_template": 0, "multi_region": 2}
"""Raw `+` in URLs, which may mean a space, and accounts of 9 digits: accepted strictly, too, with a warning each."""


def read(path: Path, *, lenient: bool = False) -> tuple[Counter[str], list[Fault]]:
    found = list(json_manifest.read([path.read_bytes()], lenient=lenient))
    sections = Counter[str](one.item.section for one in found if isinstance(one, Entry))
    return sections, [one for one in found if isinstance(one, Fault)]


def test_all_examples_are_known() -> None:
    assert {path.stem for path in EXAMPLES.glob("formats/*")} == set(FORMATS)
    assert {path.stem for path in EXAMPLES.glob("guide/*")} == set(GUIDE)


@pytest.mark.parametrize("name", FORMATS)
def test_the_examples_of_import_formats_have_no_fault(name: str) -> None:
    sections, faults = read(EXAMPLES / "formats" / f"{name}.json")

    assert (sections, faults) == (FORMATS[name], [])


@pytest.mark.parametrize("name", GUIDE)
def test_the_examples_of_the_guide_are_read_leniently_and_their_defects_named(name: str) -> None:
    kind = name if name in DEFECTS else name.partition("_")[2]
    path = EXAMPLES / "guide" / f"{name}.json"

    _, strict = read(path)
    sections, faults = read(path, lenient=True)

    assert sections == GUIDE[name]
    assert [(fault.code, fault.place.line) for fault in faults if fault.code != "W"] == DEFECTS[kind]
    assert [(fault.code, fault.place.line) for fault in strict if not fault.is_warning] == DEFECTS[kind]
    assert sum(fault.code == "W" for fault in faults) == DOUBTS[kind]
    assert all(fault.is_warning for fault in faults) == (kind not in ("nifti", "multi_region_template"))
    assert json_manifest.flags([path.read_bytes()]) == Flags(skip_duplicate_urls=True)
