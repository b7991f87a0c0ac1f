"""DICOM files, read from their bytes or from tags an uploader sends."""

import io
from typing import Any

import pydicom
from pydicom.errors import InvalidDicomError

from ..media_facts import DicomFacts, Facts, MediaKind
from .undecodable import Undecodable

MIME_TYPE = "application/dicom"
# What the SDK's docstring demands of `dicomMetadata.tags`; their values may be null.
REQUIRED_TAGS = frozenset(
    {
        "00080018",
        "00100020",
        "00180050",
        "00181114",
        "00181164",
        "0020000D",
        "0020000E",
        "00200013",
        "00200032",
        "00200037",
        "00209113",
        "00209116",
        "00280004",
        "00280008",
        "00280010",
        "00280011",
        "00280030",
        "00281050",
        "00281051",
        "00289110",
        "52009229",
        "52009230",
    }
)
NEEDED = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Rows", "Columns")


def inspect(body: bytes) -> Facts:
    """Read the file with its pixels, which are counted and not decompressed."""
    try:
        dataset = pydicom.dcmread(io.BytesIO(body))
        _check_pixels(dataset)
        return _facts(dataset, len(body))
    # pydicom's own error is for files without the preamble; damaged elements raise the others.
    except (InvalidDicomError, EOFError, ValueError, KeyError, AttributeError, TypeError, OSError) as error:
        raise Undecodable(f"the file is not a readable DICOM file: {error}") from error


def described(tags: dict[str, Any], file_size: int = 0) -> Facts:
    """Facts from tags in pydicom's `to_json_dict()` form, taken as true."""
    if missing := REQUIRED_TAGS - tags.keys():
        raise Undecodable(f"dicomMetadata.tags lacks {', '.join(sorted(missing))}")
    try:
        dataset = pydicom.Dataset.from_json({tag: value for tag, value in tags.items() if value})
        return _facts(dataset, file_size)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise Undecodable(f"dicomMetadata.tags cannot be understood: {error}") from error


def _facts(dataset: pydicom.Dataset, file_size: int) -> Facts:
    if missing := [name for name in NEEDED if not dataset.get(name)]:
        raise Undecodable(f"the file is not a DICOM image: it has no {', '.join(missing)}")
    patient = dataset.get("PatientID")
    return Facts(
        MediaKind.DICOM_FILE,
        MIME_TYPE,
        file_size,
        width=int(dataset.Columns),
        height=int(dataset.Rows),
        frames=int(dataset.get("NumberOfFrames") or 1),
        dicom=DicomFacts(
            str(dataset.SOPInstanceUID),
            str(dataset.StudyInstanceUID),
            str(dataset.SeriesInstanceUID),
            str(patient) if patient else None,
        ),
    )


def _check_pixels(dataset: pydicom.Dataset) -> None:
    if "PixelData" not in dataset:
        raise Undecodable("the file is not a DICOM image: it has no pixels, or ends before them")
    if dataset.file_meta.TransferSyntaxUID.is_compressed:
        return
    wanted = dataset.Rows * dataset.Columns * dataset.get("SamplesPerPixel", 1) * dataset.BitsAllocated // 8
    wanted *= int(dataset.get("NumberOfFrames") or 1)
    if len(dataset.PixelData) < wanted:
        raise Undecodable(f"the file is cut off: it has {len(dataset.PixelData)} of {wanted} bytes of pixels")
