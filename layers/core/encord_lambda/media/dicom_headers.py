"""The header of a DICOM file, read with a few ranged requests and never its pixels.

Files are untrusted: lengths in them may lie, sequences may nest without end. What is read is bounded, and whatever
pydicom stumbles over is the file's fault, told as Reject.
"""

import re
import struct
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from encord_lambda.errors import Reject
from encord_lambda.media.probing.ranged_file import LARGE, Fetch, RangedFile
from encord_lambda.registration.directories.instances import Instance

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

AHEAD: Final = 64 * 1024
"""Bytes of a request: the header of most files is shorter."""
STUDY, SERIES, INSTANCE, NUMBER = 0x0020000D, 0x0020000E, 0x00080018, 0x00200013
_DEFLATED: Final = b"1.2.840.10008.1.2.1.99"
_META: Final = 1024
"""More than the preamble and the file meta information, which comes first and is never compressed, usually take."""
_PIXELS: Final = 0x7FE00000
_UID: Final = re.compile(r"[0-9.]{1,64}")


def header(file: RangedFile, tags: Collection[int]) -> "Dataset":
    """The elements `tags` as far as the file has them, no further than its pixels or the last of the tags.

    Values are converted when they are looked at: do that within `legible`, and this as well.

    Raises:
        Reject: It is no DICOM file, or its header is compressed, and nobody knows how large it really is.
        Trouble: As `file` does.
    """
    from pydicom.filereader import read_partial

    meta = file.at(0, _META)
    if meta[128:132] != b"DICM":
        raise Reject("it has no DICM after its first 128 bytes: save it as a DICOM file")
    if _DEFLATED in meta:
        raise Reject("its header is compressed (Deflated Explicit VR): save the file without deflating it")
    file.seek(0)
    last = max(tags)
    return read_partial(
        file.binary(),
        stop_when=lambda tag, _vr, _length: tag >= _PIXELS or tag > last,
        specific_tags=list(tags),
    )


def instance(fetch: Fetch, size: int, first: bytes) -> Instance:
    """Which file of which series of which study it is.

    Raises:
        Reject: It is no DICOM file or a damaged one, its header is spread over more than `LARGE` allows, or one of its
            three UIDs is missing or malformed.
    """
    file = RangedFile(size, fetch, first, LARGE, AHEAD)
    with legible(file):
        found = header(file, (STUDY, SERIES, INSTANCE, NUMBER))
        return Instance(
            study=_uid(found, STUDY, "StudyInstanceUID"),
            series=_uid(found, SERIES, "SeriesInstanceUID"),
            uid=_uid(found, INSTANCE, "SOPInstanceUID"),
            number=_number(found),
        )


@contextmanager
def legible(file: RangedFile) -> Iterator[None]:
    """Run a block in which pydicom reads a file. Its errors are not quoted: they quote the file, and so the patient.

    Raises:
        Reject: The file is damaged, or beyond its budget.
    """
    from pydicom import config
    from pydicom.errors import BytesLengthException

    # Its warnings quote the file as well, and are logged. It is a setting of the process, and stays: threads read at
    # once, nothing else of ours reads DICOM, and what is written is checked as ever.
    config.settings.reading_validation_mode = config.IGNORE
    try:
        with file.parsed("DICOM file"):
            yield
    except (
        AttributeError,
        BytesLengthException,
        EOFError,
        LookupError,
        NotImplementedError,
        OSError,
        OverflowError,
        RecursionError,
        TypeError,
        ValueError,
        struct.error,
        zlib.error,
    ) as error:
        raise Reject(f"its DICOM header is damaged ({type(error).__name__}): export the file again") from None


def _uid(found: "Dataset", tag: int, name: str) -> str:
    value = str(found[tag].value or "") if tag in found else ""
    if not value:
        raise Reject(f"its DICOM header has no {name}, without which it belongs to no series")
    if not _UID.fullmatch(value):
        raise Reject(f"its {name} is malformed: expected 1 to 64 digits and dots")
    return value


def _number(found: "Dataset") -> int | None:
    """InstanceNumber; it may be missing, and without it names tell the order."""
    value = found[NUMBER].value if NUMBER in found else None
    return int(value) if isinstance(value, (int, str)) and str(value) else None
