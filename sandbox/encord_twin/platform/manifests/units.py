"""Units of an upload, whichever shape they came in."""

from dataclasses import dataclass, field
from uuid import UUID

from ..holdings import Source, source
from ..json_values import JsonObject
from ..media_facts import Facts, MediaKind


@dataclass(frozen=True)
class File:
    """One file of a unit. `facts` are the uploader's own and spare the platform from reading the file."""

    url: str
    title: str
    kind: MediaKind
    facts: Facts | None = None


@dataclass(frozen=True)
class Unit:
    """One thing to register: a file, several as one, or images that are `items` already.

    `name` is what the SDK calls it (`externalFileType`). A unit the twin has no use for says why in `refusal`.
    """

    name: str
    title: str
    kind: MediaKind | None
    files: tuple[File, ...] = ()
    items: tuple[UUID, ...] = ()
    client_metadata: JsonObject = field(default_factory=dict)
    refusal: str | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs of its files, in order."""
        return tuple(file.url for file in self.files)

    @property
    def source(self) -> Source | None:
        """What it will be made of; None if not of URLs, and so never a duplicate."""
        return source(self.kind, self.urls) if self.kind is not None and self.files else None


@dataclass(frozen=True)
class Manifest:
    """All units of a job, in order, and what to do with URLs the folder has already."""

    units: tuple[Unit, ...]
    skip_duplicate_urls: bool
    upsert_metadata: bool
