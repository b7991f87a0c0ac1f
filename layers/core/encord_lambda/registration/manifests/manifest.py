"""An import manifest: what one upload job imports."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Final, Literal, Self, get_args
from urllib.parse import quote

from pydantic import model_validator

from encord_lambda.registration.manifests.items import (
    Audio,
    DicomSeries,
    Image,
    ImageGroup,
    Item,
    ItemGroup,
    Nifti,
    Pdf,
    Scene,
    Section,
    Strict,
    Text,
    TimeSeries,
    Video,
)

SECTIONS: Final[tuple[Section, ...]] = get_args(Section.__value__)


class Manifest(Strict):
    """Items by type, each list in its own order. With `skip_duplicate_urls`, sending it again makes no second item."""

    videos: tuple[Video, ...] = ()
    images: tuple[Image, ...] = ()
    image_groups: tuple[ImageGroup, ...] = ()
    dicom_series: tuple[DicomSeries, ...] = ()
    nifti: tuple[Nifti, ...] = ()
    audio: tuple[Audio, ...] = ()
    text: tuple[Text, ...] = ()
    pdfs: tuple[Pdf, ...] = ()
    scenes: tuple[Scene, ...] = ()
    time_series: tuple[TimeSeries, ...] = ()
    image_groups_from_items: tuple[ItemGroup, ...] = ()
    skip_duplicate_urls: Literal[True] = True
    upsert_metadata: bool = False
    """Write the client metadata over that of items whose URLs are in the folder already."""

    @model_validator(mode="after")
    def _imports_something(self) -> Self:
        if not any(getattr(self, section) for section in SECTIONS):
            raise ValueError("nothing to import")
        return self

    @classmethod
    def of(cls, items: Iterable[Item], *, upsert_metadata: bool = False) -> Self:
        """A manifest of these items, at least one."""
        sections: dict[str, list[Item]] = {}
        for section, some in groupby(items, attrgetter("section")):
            sections.setdefault(section, []).extend(some)
        return cls.model_validate({**sections, "upsert_metadata": upsert_metadata})

    @property
    def items(self) -> Sequence[Item]:
        """All items, section by section."""
        return [item for section in SECTIONS for item in getattr(self, section)]

    def json_bytes(self) -> bytes:
        """How it is kept; equal manifests give equal bytes, and what is not set is left out."""
        return self.model_dump_json(by_alias=True, exclude_none=True, exclude_defaults=True).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of how it is kept, in hex."""
        return sha256(self.json_bytes()).hexdigest()


def object_url(bucket: str, region: str, key: str) -> str:
    """The one spelling of an object's URL that we give Encord, which tells duplicates by the whole URL.

    >>> object_url("media", "eu-west-1", "day 1/a+b.jpg")
    'https://media.s3.eu-west-1.amazonaws.com/day%201/a%2Bb.jpg'
    """
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://{bucket}.s3.{region}.{suffix}/{quote(key, safe='/')}"
