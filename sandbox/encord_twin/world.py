"""A declarative start: what exists in the platform before the first request.

Things refer to each other by title, which is unique per kind. A UUID may be given; otherwise it follows from
the title, the same in every run.
"""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .platform.json_values import JsonObject
from .platform.records import StageType


class Spec(BaseModel):
    """Strict and frozen: a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Spec):
    """A thing with a title and, if it must be a certain one, a UUID."""

    title: str
    uuid: UUID | None = None


class IntegrationSpec(Named):
    """A cloud integration; all of them read from the twin's one object source."""


class ItemSpec(Spec):
    """A file registered from the start, taken as described and never read."""

    url: str
    title: str
    width: int = 640
    height: int = 480
    mime_type: str = "image/jpeg"
    file_size: int = 1
    client_metadata: JsonObject = Field(default_factory=dict)


class FolderSpec(Named):
    """A storage folder."""

    items: list[ItemSpec] = Field(default_factory=list)


class DatasetSpec(Named):
    """A dataset; the items of `folders` are linked to it from the start."""

    folders: list[str] = Field(default_factory=list)


class OntologySpec(Named):
    """An ontology; `editor` is the structure as it goes over the wire."""

    editor: JsonObject


class StageSpec(Named):
    """A workflow node. `pathways` (agent stages) leads from a pathway's name to a stage's title.

    Annotation stages and routers go on to `next`; review stages to `next` when approved, else to `rejected`.
    """

    type: StageType
    pathways: dict[str, str] = Field(default_factory=dict)
    next: str | None = None
    rejected: str | None = None

    def leads_to(self) -> list[str]:
        """The titles of all stages one step away."""
        return [*self.pathways.values(), *(title for title in (self.next, self.rejected) if title)]


class ProjectSpec(Named):
    """A workflow project; tasks start at `first`, or at the first stage listed."""

    ontology: str
    datasets: list[str] = Field(default_factory=list)
    stages: list[StageSpec] = Field(min_length=1)
    first: str | None = None

    @model_validator(mode="after")
    def _graph_is_whole(self) -> Self:
        titles = {stage.title: stage for stage in self.stages}
        if len(titles) != len(self.stages):
            raise ValueError(f"project {self.title!r}: stage titles must be unique")
        for title in [
            self.first or self.stages[0].title,
            *(to for stage in self.stages for to in stage.leads_to()),
        ]:
            if title not in titles:
                raise ValueError(f"project {self.title!r}: no stage {title!r}")
        for stage in self.stages:
            self._check_router(stage, titles)
        return self

    def _check_router(self, stage: StageSpec, titles: dict[str, StageSpec]) -> None:
        passed: set[str] = set()
        while stage.type.is_router:
            if stage.next is None or stage.title in passed:
                raise ValueError(f"project {self.title!r}: router {stage.title!r} leads nowhere")
            passed.add(stage.title)
            stage = titles[stage.next]


class World(Spec):
    """Everything to build at once. `keys` leads from an ed25519 public key in hex to its owner's e-mail."""

    keys: dict[str, str] = Field(default_factory=dict)
    integrations: list[IntegrationSpec] = Field(default_factory=list)
    folders: list[FolderSpec] = Field(default_factory=list)
    ontologies: list[OntologySpec] = Field(default_factory=list)
    datasets: list[DatasetSpec] = Field(default_factory=list)
    projects: list[ProjectSpec] = Field(default_factory=list)


class WorldIds(BaseModel):
    """The UUIDs by title; stages and pathways by project title first."""

    integrations: dict[str, UUID] = Field(default_factory=dict)
    folders: dict[str, UUID] = Field(default_factory=dict)
    ontologies: dict[str, UUID] = Field(default_factory=dict)
    datasets: dict[str, UUID] = Field(default_factory=dict)
    projects: dict[str, UUID] = Field(default_factory=dict)
    stages: dict[str, dict[str, UUID]] = Field(default_factory=dict)
    pathways: dict[str, dict[str, dict[str, UUID]]] = Field(default_factory=dict)
