"""Items as rows of an import manifest in CSV (import-formats §2): lossless, or refused."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from encord_lambda.errors import Reject
from encord_lambda.registration.manifests.characters import CONTROL
from encord_lambda.registration.manifests.csv_sections import CREATE, SPELT, normalised
from encord_lambda.registration.manifests.items import DicomSeries, Image, ImageGroup, Item, Video

HEADINGS: Final[Mapping[str, str]] = {
    "image_groups": "Image group title",
    "dicom_series": "Series title",
    "images": "Image title",
    "videos": "Video title",
}
"""The heading of the titles of each list that CSV has a section for, in the order of the sections."""
_RESERVED: Final = {normalised(heading) for heading in SPELT.values()}
_TO_BE_QUOTED: Final = re.compile(r'[",]|^\s|\s$')


class Rows:
    """Turns items into rows, one after the other; it remembers the titles of groups and series."""

    def __init__(self) -> None:
        self.makes_sequences = False
        """Whether one of them was a sequence. Then all sections have the column `Create video` (§2.1, rule 3)."""
        self._titles: set[str] = set()

    def of(self, item: Item) -> list[str]:
        """An item's rows, without their ends; those of groups say whether to create a video.

        Raises:
            Reject: CSV has no place for something in it; says what.
        """
        if lost := next(_lost(item), None):
            raise Reject(f"{item.section}, {item.title or 'without a title'}: CSV cannot carry {lost}")
        end = ""
        if isinstance(item, ImageGroup | DicomSeries):
            self._note(item.title)
        if isinstance(item, ImageGroup):
            self.makes_sequences |= item.create_video
            end = f",{str(item.create_video).lower()}"
        return [f"{_cell(url)},{_cell(item.title or '')}{end}" for url in item.urls]

    def ends(self, section: str) -> tuple[str, str]:
        """The header of a section, and what is put behind each of its rows, once all items have been turned."""
        header = f"ObjectURL,{HEADINGS[section]}"
        if section == "image_groups":
            return f"{header},{SPELT[CREATE]}", ""
        return (f"{header},{SPELT[CREATE]}", ",false") if self.makes_sequences else (header, "")

    def _note(self, title: str) -> None:
        if title in self._titles:
            raise Reject(f"two groups or series are called {title}: CSV tells them apart by their titles")
        self._titles.add(title)


def _lost(item: Item) -> Iterator[str]:
    """What of an item has no place in CSV."""
    if not isinstance(item, Video | Image | ImageGroup | DicomSeries):
        yield "such items"
        return
    if item.client_metadata:
        yield "client metadata"
    if getattr(item, "video_metadata", None) or getattr(item, "image_metadata", None):
        yield "media metadata"
    for file in getattr(item, "images", ()) or getattr(item, "dicom_files", ()):
        if file.title is not None:
            yield "titles of single files"
        if getattr(file, "image_metadata", None) or getattr(file, "dicom_metadata", None):
            yield "metadata of single files"
    if item.title is not None and (why := _unwritable(item.title)):
        yield f"a title that {why}"


def _unwritable(title: str) -> str:
    if not title.strip():
        return "is blank"
    if CONTROL.search(title):
        return "has a control character in it"
    return "is a heading itself" if normalised(title) in _RESERVED else ""


def _cell(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""')) if _TO_BE_QUOTED.search(text) else text
