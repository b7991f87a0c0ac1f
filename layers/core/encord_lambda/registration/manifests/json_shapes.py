"""The two shapes of a JSON manifest (import-formats §1) by their keys, and what an item of each list may hold."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Final, Literal, NamedTuple

from encord_lambda.registration.manifests import items
from encord_lambda.registration.manifests.entries import Place
from encord_lambda.registration.manifests.items import Item, Strict

type Letter = Literal["A", "B"]

_NAMES: Final[dict[Letter, str]] = {"A": "the upload file (shape A)", "B": "DataUploadItems as JSON (shape B)"}


@dataclass(frozen=True)
class Kind:
    """A list of items."""

    model: type[Item]
    external_type: str
    members: str = ""
    """In B the list of a group's or series' files; in A these are numbered URLs."""
    mime_family: str = ""
    """What MIME types of its files begin with."""

    @property
    def section(self) -> str:
        """The list of `manifest.Manifest`."""
        return self.model.section

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of an item in B, and in A unless its files are numbered; also those that say nothing."""
        named = {field.alias or name for name, field in self.model.model_fields.items()}
        return frozenset(named | ({"createVideo"} if self.section == "images" else set()))

    @property
    def titled(self) -> bool:
        """It needs a title."""
        return self.model.model_fields["title"].is_required()

    @cached_property
    def media_key(self) -> str:
        """The key of the media metadata of its files; empty if it has none."""
        return {"images": "imageMetadata", "dicomFiles": "dicomMetadata"}.get(
            self.members, next((key for key in self.keys if key in MEDIA_KEYS), "")
        )


MEDIA_KEYS: Final[dict[str, type[Strict]]] = {
    "videoMetadata": items.VideoMetadata,
    "imageMetadata": items.ImageMetadata,
    "audioMetadata": items.AudioMetadata,
    "textMetadata": items.TextMetadata,
    "pdfMetadata": items.PdfMetadata,
    "dicomMetadata": items.DicomMetadata,
}
MEMBERS: Final[dict[str, type[Strict]]] = {"images": items.GroupImage, "dicomFiles": items.DicomFile}

_GROUPS: Final = Kind(items.ImageGroup, "IMG_GROUP", "images", "image/")
_SERIES: Final = Kind(items.DicomSeries, "DICOM", "dicomFiles")
_PDFS: Final = Kind(items.Pdf, "PDF")


class Known(NamedTuple):
    """A key of the file's object: of which shape, or of both, and the list that it holds; None if it is a flag."""

    shape: Letter | None
    kind: Kind | None


KEYS: Final = {
    "videos": Known(None, Kind(items.Video, "VIDEO", mime_family="video/")),
    "images": Known(None, Kind(items.Image, "IMAGE", mime_family="image/")),
    "nifti": Known(None, Kind(items.Nifti, "NIFTI")),
    "audio": Known(None, Kind(items.Audio, "AUDIO", mime_family="audio/")),
    "text": Known(None, Kind(items.Text, "PLAIN_TEXT")),
    "scenes": Known(None, Kind(items.Scene, "SCENE")),
    "image_groups": Known("A", _GROUPS),
    "dicom_series": Known("A", _SERIES),
    "pdfs": Known("A", _PDFS),
    "skip_duplicate_urls": Known("A", None),
    "upsert_metadata": Known("A", None),
    "imageGroups": Known("B", _GROUPS),
    "dicomSeries": Known("B", _SERIES),
    "pdf": Known("B", _PDFS),
    "timeSeries": Known("B", Kind(items.TimeSeries, "TIMESERIES")),
    "imageGroupsFromItems": Known("B", Kind(items.ItemGroup, "IMG_GROUP_FROM_ITEMS")),
    "skipDuplicateUrls": Known("B", None),
    "upsertMetadata": Known("B", None),
}


class Shape:
    """Which shape the file is, as far as its keys have told yet."""

    def __init__(self) -> None:
        self.letter: Letter | None = None
        self._told = ""

    def tell(self, letter: Letter, key: str, place: Place) -> None:
        """A key tells the shape; the first one counts."""
        if self.letter is None:
            self.letter = letter
            self._told = f"by `{key}` in line {place.line} the file is {_NAMES[letter]}"

    def contradicts(self, letter: Letter | None) -> bool:
        """Whether something of `letter` cannot be in this file."""
        return letter is not None and self.letter not in (None, letter)

    @property
    def hint(self) -> str:
        """Why the file is of its shape."""
        return self._told

    def known(self) -> list[str]:
        """The keys that the file's object may have; those of an upload file, if the shape is not told yet."""
        return [key for key, known in KEYS.items() if known.shape in (None, self.letter or "A")]


def nearest(key: str, known: list[str]) -> str:
    """The known key that is meant, perhaps; empty if there is none like it.

    >>> nearest("text_files", ["text", "videos"]), nearest("url", ["objectUrl", "title"])
    ('text', 'objectUrl')
    """
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(key[:60].casefold(), folded, 1, 0.5)
    return folded[close[0]] if close else ""


def did_you_mean(key: str, known: list[str]) -> str:
    """A hint for an unknown key."""
    near = nearest(key, known)
    return f"did you mean `{near}`?" if near else f"known are {', '.join(sorted(known))}"
