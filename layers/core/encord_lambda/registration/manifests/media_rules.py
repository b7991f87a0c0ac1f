"""What media metadata must hold beyond its types: J31 and J32 of import-formats §9.1."""

from collections.abc import Iterable
from typing import Final

DICOM_TAGS: Final = frozenset(
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
"""All of them are keys of the metadata of a DICOM file; the values may be null (import-formats §3)."""
_NOT_TEXT: Final = ("image/", "video/", "audio/", "application/pdf", "application/dicom")


def missing_tags(tags: Iterable[str]) -> list[str]:
    """The tags that Encord asks for and are not there."""
    return sorted(DICOM_TAGS.difference(tags))


def contradicts(section: str, mime_family: str, mime_type: str) -> bool:
    """Whether files of this MIME type cannot be items of a section, whose files' types begin with `mime_family`.

    >>> contradicts("videos", "video/", "image/png"), contradicts("text", "", "application/json")
    (True, False)
    """
    mime_type = mime_type.casefold()
    if section == "text":
        return mime_type.startswith(_NOT_TEXT)
    return not mime_type.startswith(mime_family)
