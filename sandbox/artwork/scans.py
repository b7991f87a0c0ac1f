"""Scans of the same animals: a DICOM series and a NIfTI volume, uncompressed and small."""

import io
import struct

import pydicom
from PIL import Image, ImageEnhance
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from sandbox.artwork.backdrops import Size
from sandbox.artwork.scenes import draw

ROOT = "1.2.826.0.1.3680043.8.498"  # pydicom's own, free for anybody's tests
HEADER = 352  # bytes of a NIfTI-1 header, with its four of padding


def series(kind: str, seed: int, *, size: Size = (96, 64), slices: int = 5) -> list[bytes]:
    """The files of one series, one grey slice each, in order; the animal is clearest in the middle."""
    return [_file(picture, seed, number) for number, picture in enumerate(_slices(kind, seed, size, slices))]


def volume(kind: str, seed: int, *, size: Size = (96, 64), slices: int = 5) -> bytes:
    """The same slices as one NIfTI-1 file (`.nii`)."""
    header = bytearray(HEADER)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *size, slices, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 2, 8)  # unsigned bytes of 8 bits
    struct.pack_into("<8f", header, 76, *([1.0] * 8))  # voxels of one millimetre
    struct.pack_into("<2f", header, 108, HEADER, 1.0)  # where voxels begin, and their scale
    header[344:348] = b"n+1\0"
    return bytes(header) + b"".join(picture.tobytes() for picture in _slices(kind, seed, size, slices))


def _slices(kind: str, seed: int, size: Size, number: int) -> list[Image.Image]:
    picture = draw(kind, seed, size).image.convert("L")
    middle = (number - 1) / 2
    shares = (1 - abs(place - middle) / (middle + 1) for place in range(number))
    return [ImageEnhance.Contrast(picture).enhance(share) for share in shares]


def _file(picture: Image.Image, seed: int, number: int) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(f"{ROOT}.{seed}.1.{number + 1}")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.SOPClassUID, file.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    file.StudyInstanceUID, file.SeriesInstanceUID = f"{ROOT}.{seed}", f"{ROOT}.{seed}.1"
    file.Modality, file.PatientID, file.PatientName = "CT", f"animal-{seed}", "Animal"
    file.InstanceNumber = number + 1
    file.ImagePositionPatient, file.ImageOrientationPatient = [0, 0, number], [1, 0, 0, 0, 1, 0]
    file.PixelSpacing, file.SliceThickness = [1, 1], 1
    file.Columns, file.Rows = picture.size
    file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 8, 8, 7, 0
    file.WindowCenter, file.WindowWidth = 128, 256
    file.PixelData = picture.tobytes()
    buffer = io.BytesIO()
    file.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
