"""A declarative start: what exists in the platform before the first request.

Things refer to each other by title, which is unique per kind. A UUID may be given; otherwise it follows from
the title, the same in every run.
"""

from uuid import UUID

from pydantic import BaseModel, Field

from .platform.json_values import JsonObject
from .spec import Named, Spec
from .storage_specs import DatasetSpec, FolderSpec, IntegrationSpec, ItemSpec
from .workflow_specs import NotifySpec, ProjectSpec, StageSpec

__all__ = [
    "DatasetSpec",
    "FolderSpec",
    "IntegrationSpec",
    "ItemSpec",
    "Named",
    "NotifySpec",
    "OntologySpec",
    "ProjectSpec",
    "StageSpec",
    "World",
    "WorldIds",
]


class OntologySpec(Named):
    """An ontology; `editor` is the structure as it goes over the wire."""

    editor: JsonObject


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
