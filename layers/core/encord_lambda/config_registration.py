"""`registrations` of pipeline.yaml: which uploads become which items of which folder."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from encord_lambda.config_faults import PlacedError, spelt
from encord_lambda.config_parts import Part, Title

BucketName = Annotated[str, spelt(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the name of a bucket, such as my-media")]
FileName = Annotated[str, spelt(r"[^/\s]{1,200}", "the name of a file, without slashes and spaces, such as _COMPLETE")]


class Grouping(Part):
    """Whether the objects of a directory belong together, and when all of them are there.

    What comes into a directory later is refused on record, never added. What waits is told in the records bucket.
    """

    kind: Literal["none", "image_group", "image_sequence", "dicom_series"] = "none"
    """`none` registers each object alone; the others make one item of all objects right in a directory, in the natural
    order of their names; those of directories below it are no part of it. A sequence is turned into a video, for which
    Encord must be allowed to write to the bucket."""
    by: Literal["directory", "series"] = "directory"
    """`series` is for `dicom_series`: the files of a directory are told apart by the SeriesInstanceUID in them, and put
    in the order of their InstanceNumber."""
    marker: FileName = "_COMPLETE"
    """An object of this name completes its directory, once nothing more has come into it for about half a minute: so
    it need not be the last of many that are uploaded at once. It may be empty."""
    quiet_minutes: int | None = Field(default=None, ge=1, le=1440)
    """A directory is also complete when nothing came into it for so long. Without it, only the marker tells."""

    @model_validator(mode="after")
    def _series_of_dicom(self) -> Self:
        if self.by == "series" and self.kind != "dicom_series":
            raise PlacedError("only `kind: dicom_series` can be told apart by series", "by")
        return self


class Metadata(Part):
    """What is told to Encord about each object, besides its URL."""

    probe: bool = False
    """Read sizes, durations and the like from a few parts of each object, so that Encord need not. Where they do not
    tell, that is left to Encord."""
    strict: bool = False
    """For an integration with strict client-only access: as `probe`, and what cannot be probed is refused."""
    sources: list[Literal["user_metadata", "tags", "sidecar"]] = Field(default=[], alias="from")
    """Where client metadata comes from: the object's own user metadata, its tags, a file beside it that is called as
    the object and `.metadata.json`. Of a key in several of them, the one that is named last here counts. A group has
    what all its objects agree in."""
    types: dict[Title, Literal["text", "number", "boolean", "datetime", "uuid"]] = {}
    """What the values of user metadata and tags, which are all text, are to be read as. Others stay text."""


class Jobs(Part):
    """How much one upload job takes; smaller jobs are visible in Encord sooner."""

    images: int = Field(default=1000, ge=1, le=10_000)
    """Items of one job, unless they are videos."""
    videos: int = Field(default=100, ge=1, le=10_000)
    """Videos of one job."""
    megabytes: int = Field(default=10, ge=1, le=100)
    """Size of the import manifest of one job."""


class Registration(Part):
    """Objects under `prefix` become items of `folder`, linked to `datasets`. The longest matching prefix wins.

    A `.json` or `.csv` below `<prefix>manifests/` is not media but an import manifest, and what it names is registered.
    """

    prefix: str
    integration: Title
    """Encord cloud integration, by title or UUID."""
    folder: UUID
    datasets: list[UUID] = []
    group: Grouping = Grouping()
    metadata: Metadata = Metadata()
    jobs: Jobs = Jobs()
    deleted: Literal["ignore", "report", "unlink"] = "ignore"
    """What becomes of an item whose object is deleted: nothing; nothing but a line in the receipt; it is taken out of
    `datasets`, with its tasks and labels there."""
    buckets: list[BucketName] = []
    """Other buckets that import manifests may name, besides the one they lie in; `integration` must read them, too."""
    on_error: Literal["skip", "abort"] = "skip"
    """What a fault in an import manifest does: the entry is left out, or nothing of that manifest is registered."""

    @property
    def manifests(self) -> str:
        """Beginning of the keys of import manifests."""
        return f"{self.prefix}manifests/"
