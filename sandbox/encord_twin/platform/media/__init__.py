"""What a file is, found out by decoding all of it as the platform does. CPU-bound: call it in a thread."""

from collections.abc import Callable

from ..media_facts import Facts, MediaKind
from . import audio, dicom, documents, images, nifti, signatures, video
from .undecodable import Undecodable

__all__ = ["Undecodable", "inspect"]

INSPECTORS: dict[MediaKind, Callable[[bytes], Facts]] = {
    MediaKind.IMAGE: images.inspect,
    MediaKind.VIDEO: video.inspect,
    MediaKind.AUDIO: audio.inspect,
    MediaKind.PDF: documents.inspect_pdf,
    MediaKind.DICOM_FILE: dicom.inspect,
    MediaKind.NIFTI: nifti.inspect,
}


def inspect(kind: MediaKind, body: bytes, url: str) -> Facts:
    """The facts of a file said to be of this kind, or `Undecodable`: empty, cut off, or something else."""
    if not body:
        raise Undecodable("the file is empty")
    try:
        # Text has no signature: only its name tells HTML from plain text.
        return documents.inspect_text(body, url) if kind is MediaKind.PLAIN_TEXT else INSPECTORS[kind](body)
    except Undecodable as error:
        found = signatures.mime_type(body)
        if found is None or signatures.fits(kind, found):
            raise
        raise Undecodable(f"Expected {signatures.NAMES[kind]}, got a file of type {found}") from error
