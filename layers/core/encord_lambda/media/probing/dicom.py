"""Tags of a DICOM file from its header."""

import json
from typing import Final, Literal

from encord_lambda.errors import Reject
from encord_lambda.media.dicom_headers import header, legible
from encord_lambda.media.probing.ranged_file import SMALL, Fetch, RangedFile
from encord_lambda.registration.manifests.items import DicomMetadata

REQUIRED_TAGS: Final = (
    *(0x00080018, 0x00100020, 0x00180050, 0x00181114, 0x00181164, 0x0020000D, 0x0020000E, 0x00200013),
    *(0x00200032, 0x00200037, 0x00209113, 0x00209116, 0x00280004, 0x00280008, 0x00280010, 0x00280011),
    *(0x00280030, 0x00281050, 0x00281051, 0x00289110, 0x52009229, 0x52009230),
)
"""All that Encord wants as keys, and nothing else of what may be a patient's (import-formats §3)."""
_UNDEFINED: Final = 0xFFFFFFFF
_INDISPENSABLE: Final = {
    "00080018": "SOPInstanceUID",
    "0020000D": "StudyInstanceUID",
    "0020000E": "SeriesInstanceUID",
    "00280010": "Rows",
    "00280011": "Columns",
}


def dicom_metadata(size: int, fetch: Fetch, first: bytes) -> DicomMetadata:
    """The tags Encord wants, in pydicom's `to_json_dict()` form; None for those the file has not.

    Raises:
        Reject: It is no readable DICOM image, its header is larger than 256 KB, or it ends before its pixels.
    """
    file = RangedFile(size, fetch, first, SMALL)
    with legible(file):
        found = header(file, REQUIRED_TAGS).to_json_dict()
        tags = {key: found.get(key) for key in (f"{tag:08X}" for tag in REQUIRED_TAGS)}
        json.dumps(tags, allow_nan=False)
    if missing := [name for tag, name in _INDISPENSABLE.items() if not (tags[tag] or {}).get("Value")]:
        raise Reject(f"it is no DICOM image: it has no {', '.join(missing)}")
    _check_pixels(file)
    return DicomMetadata(tags=tags)


def _check_pixels(file: RangedFile) -> None:
    """Whether the element that the header ends before is all there; compressed pixels do not state their length."""
    start = file.tell()
    element = file.known(start)[:12]
    if len(element) < 8:
        raise Reject("it has no pixels, or is cut off before them")
    order: Literal["little", "big"] = "little" if element[:2] == b"\xe0\x7f" else "big"
    is_explicit = element[4:6].isalpha()
    length = int.from_bytes(element[8:12] if is_explicit else element[4:8], order)
    end = start + (12 if is_explicit else 8) + length
    if length != _UNDEFINED and end > file.size:
        raise Reject(f"it is cut off: it has {file.size:,} of {end:,} bytes")
