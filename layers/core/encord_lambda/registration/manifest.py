"""Encord's upload file for images (import-formats, shape A), and how it is made from uploads."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import batched
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from encord_lambda.registration.events import Upload

MOST_IMAGES = 1000
"""Per manifest: the smallest limit of any Encord plan (encord-protocol §13)."""


class _Strict(BaseModel):
    """Keys are spelt as Encord spells them, and a misspelt one is an error, not ignored as on the platform."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class Image(_Strict):
    """One image to import. `title` is the object's whole key, so it is unique in its manifest."""

    object_url: str = Field(alias="objectUrl", min_length=1)
    title: str = Field(min_length=1, max_length=300)
    client_metadata: dict[str, JsonValue] | None = Field(default=None, alias="clientMetadata")


class Manifest(_Strict):
    """What one upload job imports. With `skip_duplicate_urls`, sending it again makes no second item."""

    images: tuple[Image, ...] = Field(min_length=1, max_length=MOST_IMAGES)
    skip_duplicate_urls: Literal[True] = True

    def json_bytes(self) -> bytes:
        """The upload file; equal manifests give equal bytes."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of the upload file, in hex."""
        return sha256(self.json_bytes()).hexdigest()


def object_url(bucket: str, region: str, key: str) -> str:
    """The one spelling of an object's URL that we give Encord, which tells duplicates by the whole URL.

    >>> object_url("media", "eu-west-1", "day 1/a+b.jpg")
    'https://media.s3.eu-west-1.amazonaws.com/day%201/a%2Bb.jpg'
    """
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://{bucket}.s3.{region}.{suffix}/{quote(key, safe='/')}"


def build(uploads: Iterable[Upload]) -> Iterator[Manifest]:
    """Manifests for accepted uploads, ordered by URL; an object that was uploaded twice stands there once."""
    titles = {object_url(upload.bucket, upload.region, upload.key): upload.key for upload in uploads}
    images = (Image(object_url=url, title=title) for url, title in sorted(titles.items()))
    return (Manifest(images=chunk) for chunk in batched(images, MOST_IMAGES, strict=False))
