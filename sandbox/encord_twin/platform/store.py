"""Everything the twin knows, in memory.

Only the event loop changes it, and never with an `await` between two steps, so every request is atomic.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from .holdings import Dataset, Folder, Integration, Item
from .job_state import Job
from .objects import MemoryObjects, ObjectSource
from .records import Ontology, Project, Stage
from .refusals import Forbidden, Missing
from .settings import Settings


class Store:
    """The records by UUID, with lookups that refuse in the platform's words."""

    def __init__(self, settings: Settings | None = None, objects: ObjectSource | None = None) -> None:
        self.settings = settings or Settings()
        self.objects: ObjectSource = MemoryObjects() if objects is None else objects
        self.base_url = ""
        self.users: dict[str, str] = {}  # by public key
        self.tokens: dict[str, str] = {}  # bearer tokens handed out, to users
        self.integrations: dict[UUID, Integration] = {}
        self.folders: dict[UUID, Folder] = {}
        self.items: dict[UUID, Item] = {}
        self.datasets: dict[UUID, Dataset] = {}
        self.ontologies: dict[UUID, Ontology] = {}
        self.projects: dict[UUID, Project] = {}
        self.jobs: dict[UUID, Job] = {}

    def now(self) -> datetime:
        """The twin's clock."""
        return self.settings.clock()

    def signed_url(self, item: Item) -> str | None:
        """A link to the item's bytes that works without credentials; None where there is nothing to sign.

        That is for composites, and for files of a client-only integration.
        """
        integration = self.integrations.get(item.integration) if item.integration else None
        if item.url is None or (integration is not None and integration.client_only):
            return None
        url = self.objects.signed_url(item.url)
        return f"{self.base_url}{url}" if url.startswith("/") else url

    def folder(self, uuid: UUID) -> Folder:
        """The folder, or `Missing`."""
        return _found(self.folders, uuid, "storage folder")

    def item(self, uuid: UUID) -> Item:
        """The item, or `Missing`."""
        return _found(self.items, uuid, "storage item")

    def ontology(self, uuid: UUID) -> Ontology:
        """The ontology, or `Missing`."""
        return _found(self.ontologies, uuid, "ontology")

    def job(self, folder: UUID, uuid: UUID) -> Job:
        """The upload job of that folder, or `Missing`."""
        job = _found(self.jobs, uuid, "upload job")
        if job.folder.uuid != folder:
            raise Missing(f"no upload job {uuid} in folder {folder}")
        return job

    def dataset(self, uuid: UUID) -> Dataset:
        """The dataset, or `Forbidden`: the platform does not tell strangers what exists."""
        if uuid not in self.datasets:
            raise Forbidden(f"no access to dataset {uuid}")
        return self.datasets[uuid]

    def project(self, uuid: UUID) -> Project:
        """The project, or `Forbidden`: the platform does not tell strangers what exists."""
        if uuid not in self.projects:
            raise Forbidden(f"no access to project {uuid}")
        return self.projects[uuid]

    def stage(self, project: Project, uuid: UUID) -> Stage:
        """The stage as a client may name it, or `Missing`; routers are not for clients."""
        stage = _found(project.stages, uuid, "workflow stage")
        if stage.type.is_router:
            raise Missing(f"no workflow stage {uuid}")
        return stage

    def projects_with(self, dataset: UUID) -> list[Project]:
        """The projects a dataset is attached to."""
        return [project for project in self.projects.values() if dataset in project.datasets]


def _found[T](records: Mapping[UUID, T], uuid: UUID, kind: str) -> T:
    if uuid not in records:
        raise Missing(f"no {kind} {uuid}")
    return records[uuid]
