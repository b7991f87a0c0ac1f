"""The types of media that Encord imports, and how a file of each is told by its name and its first bytes."""

from dataclasses import dataclass
from typing import Final

from encord_lambda.registration import signatures
from encord_lambda.registration.manifests.items import Section
from encord_lambda.registration.signatures import Signature, begins


@dataclass(frozen=True, slots=True)
class MediaType:
    """A type of file, and where in an import manifest such files stand."""

    name: str
    section: Section
    mime_type: str
    extensions: tuple[str, ...]
    """Lower-case, with their dot."""
    signature: Signature
    family: str = ""
    """Types of one family are one container under several names: bytes of one under the name of another will do."""


def _text(name: str, mime_type: str, *extensions: str) -> MediaType:
    return MediaType(name, "text", mime_type, extensions, signatures.is_text, "text")


def _movie(name: str, mime_type: str, extension: str, signature: Signature) -> MediaType:
    return MediaType(name, "videos", mime_type, (extension,), signature, "MP4")


DICOM: Final = MediaType("DICOM", "dicom_series", "application/dicom", (".dcm", ".dicom"), begins(rb".{128}DICM"))
M4A: Final = MediaType("M4A", "audio", "audio/mp4", (".m4a",), signatures.is_m4a)
MEDIA_TYPES: Final = (
    MediaType("JPEG", "images", "image/jpeg", (".jpg", ".jpeg"), begins(rb"\xff\xd8\xff")),
    MediaType("PNG", "images", "image/png", (".png",), begins(rb"\x89PNG\r\n\x1a\n")),
    MediaType("WebP", "images", "image/webp", (".webp",), begins(rb"RIFF....WEBP")),
    MediaType("AVIF", "images", "image/avif", (".avif",), signatures.is_avif),
    # Two letters alone could be the beginning of a text; four bytes of each BMP are reserved and zero.
    MediaType("BMP", "images", "image/bmp", (".bmp",), begins(rb"BM....\x00\x00\x00\x00")),
    MediaType("TIFF", "images", "image/tiff", (".tif", ".tiff"), begins(rb"II[*+]\x00|MM\x00[*+]")),
    _movie("MP4", "video/mp4", ".mp4", signatures.is_mp4),
    _movie("QuickTime", "video/quicktime", ".mov", signatures.is_quicktime),
    _movie("3GPP", "video/3gpp", ".3gp", signatures.is_3gp),
    _movie("3GPP2", "video/3gpp2", ".3g2", signatures.is_3g2),
    _movie("Motion JPEG 2000", "video/mj2", ".mj2", signatures.is_mj2),
    MediaType("WebM", "videos", "video/webm", (".webm",), begins(rb"\x1aE\xdf\xa3.{,80}?\x42\x82\x84webm"), "EBML"),
    MediaType("Matroska", "videos", "video/x-matroska", (".mkv",), begins(rb"\x1aE\xdf\xa3"), "EBML"),
    MediaType("AVI", "videos", "video/x-msvideo", (".avi",), begins(rb"RIFF....AVI ")),
    # Frames of layer II and III; layer I has the byte order mark of UTF-16 among its first bytes.
    MediaType("MP3", "audio", "audio/mpeg", (".mp3",), begins(rb"ID3|\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd][\x00-\xef]")),
    MediaType("WAV", "audio", "audio/wav", (".wav",), begins(rb"RIFF....WAVE")),
    MediaType("FLAC", "audio", "audio/flac", (".flac",), begins(rb"fLaC")),
    MediaType("E-AC-3", "audio", "audio/eac3", (".eac3",), begins(rb"\x0bw")),
    M4A,
    MediaType("PDF", "pdfs", "application/pdf", (".pdf",), begins(rb"%PDF-")),
    DICOM,
    MediaType("NIfTI", "nifti", "application/x-nifti", (".nii",), signatures.is_nifti),
    MediaType("zipped NIfTI", "nifti", "application/gzip", (".nii.gz",), signatures.is_zipped_nifti),
    MediaType("PCD", "scenes", "application/octet-stream", (".pcd",), begins(rb"# \.PCD")),
    MediaType("PLY", "scenes", "application/octet-stream", (".ply",), begins(rb"ply\r?\n")),
    MediaType("LAS", "scenes", "application/vnd.las", (".las", ".laz"), begins(rb"LASF")),
    _text("plain text", "text/plain", ".txt"),
    _text("HTML", "text/html", ".html"),
    _text("Markdown", "text/markdown", ".md"),
    _text("XML", "application/xml", ".xml"),
    _text("JSON", "application/json", ".json"),
    _text("JSON Lines", "application/jsonl", ".jsonl"),
    _text("YAML", "application/yaml", ".yaml", ".yml"),
    _text("CSV", "text/csv", ".csv"),
)
"""Of the types whose signatures fit a file, the first one is what it is."""
OTHERS: Final = (
    ("a GIF", begins(rb"GIF8")),
    ("a ZIP or an Office document", begins(rb"PK\x03\x04")),
    ("a gzip archive", begins(rb"\x1f\x8b")),
    ("a Parquet table", begins(rb"PAR1")),
    ("a program", begins(rb"MZ|\x7fELF")),
    ("a HEIC or another picture of the HEIF family", begins(rb"....ftyp(?:hei|hev|mif1|msf1)")),
    ("an MPEG program stream", begins(rb"\x00\x00\x01[\xb3\xba]")),
    ("a NIfTI header whose volume is in another file", begins(rb".{344}ni1\x00")),
    ("a point cloud", begins(rb"# \.PCD|ply\r?\n|LASF")),
    ("text", signatures.is_text),
)
"""What files are often enough that are none of these types, in words that follow "those of"."""
_BY_EXTENSION: Final = {extension: kind for kind in MEDIA_TYPES for extension in kind.extensions}


def extension(key: str) -> str:
    """The extension of a key or of a URL's path, lower-case and with its dot; empty if there is none.

    >>> extension("mri/T1.NII.GZ"), extension("ct/1.2.840.113619"), extension("notes.d/.profile")
    ('.nii.gz', '', '')
    """
    stem, dot, last = key.rpartition("/")[2].lower().rpartition(".")
    # Many a DICOM file is called by its UID, whose parts are numbers.
    if not stem or not last or last.isdecimal():
        return ""
    compound = f".{stem.rpartition('.')[2]}.{last}"
    return compound if compound in _BY_EXTENSION else dot + last


def by_extension(key: str) -> MediaType | None:
    """What a key or a URL's path ends like, if Encord imports such files at all."""
    return _BY_EXTENSION.get(extension(key))
