"""What bytes begin like: only to tell an uploader what a file is when it is not what they said."""

from ..media_facts import MediaKind

NAMES = {
    MediaKind.IMAGE: "an image",
    MediaKind.VIDEO: "a video",
    MediaKind.AUDIO: "an audio file",
    MediaKind.PLAIN_TEXT: "a text file",
    MediaKind.PDF: "a PDF",
    MediaKind.DICOM_FILE: "a DICOM file",
    MediaKind.NIFTI: "a NIfTI volume",
}
SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"%PDF-", "application/pdf"),
    (128, b"DICM", "application/dicom"),
    (344, b"n+1", "application/nifti1"),
)
FAMILIES = {
    MediaKind.IMAGE: "image/",
    MediaKind.VIDEO: "video/",
    MediaKind.AUDIO: "audio/",
    MediaKind.PLAIN_TEXT: "text/",
    MediaKind.PDF: "application/pdf",
    MediaKind.DICOM_FILE: "application/dicom",
    MediaKind.NIFTI: "application/nifti",
}


def mime_type(body: bytes) -> str | None:
    """The type these bytes begin like; `text/plain` for other UTF-8, None for what nobody knows."""
    for at, sign, found in SIGNATURES:
        if body[at : at + len(sign)] == sign:
            return found
    try:
        body[:64].decode()
    except UnicodeDecodeError:
        return None
    return None if b"\0" in body[:64] else "text/plain"


def fits(kind: MediaKind, found: str) -> bool:
    """Whether a file of this MIME type can be of this kind."""
    return found.startswith(FAMILIES[kind])
