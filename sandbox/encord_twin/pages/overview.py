"""Everything that is not a task: projects, folders, upload jobs and datasets."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from ..platform.job_state import Job
from ..platform.records import Project
from ..platform.refusals import Missing
from ..protocol.exchange import Desk
from .board import Step, story
from .flow_drawing import Sheet, draw
from .paging import cut

LATEST_JOBS = 8


@dataclass(frozen=True)
class Summary:
    """A project on the first page."""

    project: Project
    story: list[Step]
    sheet: Sheet


def home(desk: Desk, _request: Request) -> Mapping[str, object]:
    """All projects, and the latest upload jobs."""
    store = desk.store
    return {
        "title": "Projects",
        "trail": [],
        "projects": [Summary(one, list(story(desk, one)), draw(one)) for one in store.projects.values()],
        "jobs": list(store.jobs.values())[: -LATEST_JOBS - 1 : -1],
        "items": len(store.items),
        "requests": desk.log.count(),
    }


def folders(desk: Desk, _request: Request) -> Mapping[str, object]:
    """All storage folders, those in others too."""
    return {"title": "Storage folders", "trail": [], "folders": list(desk.store.folders.values())}


def folder(desk: Desk, request: Request) -> Mapping[str, object]:
    """The items of a folder, in the order they came."""
    found = desk.store.folder(request.path_params["folder"])
    return {
        "title": found.name,
        "trail": [("Storage folders", "/folders")],
        "folder": found,
        "page": cut(request, found.items.values(), len(found.items)),
        "inside": [one for one in desk.store.folders.values() if one.parent == found.uuid],
        "jobs": [job for job in desk.store.jobs.values() if job.folder is found][::-1],
    }


def jobs(desk: Desk, request: Request) -> Mapping[str, object]:
    """All upload jobs, the last one first."""
    found = desk.store.jobs
    return {"title": "Upload jobs", "trail": [], "page": cut(request, reversed(found.values()), len(found))}


def job(desk: Desk, request: Request) -> Mapping[str, object]:
    """What an upload job registered, and what it did not and why."""
    found = _job(desk, request)
    return {
        "title": found.file_name or f"Upload job {str(found.uuid)[:8]}",
        "trail": [("Upload jobs", "/jobs"), (found.folder.name, f"/folders/{found.folder.uuid}")],
        "job": found,
        "page": cut(request, found.items, len(found.items)),
    }


def datasets(desk: Desk, _request: Request) -> Mapping[str, object]:
    """All datasets."""
    return {"title": "Datasets", "trail": [], "datasets": list(desk.store.datasets.values())}


def dataset(desk: Desk, request: Request) -> Mapping[str, object]:
    """The rows of a dataset, with where each waits in the projects that use it."""
    found = desk.store.dataset(request.path_params["dataset"])
    return {
        "title": found.title,
        "trail": [("Datasets", "/datasets")],
        "dataset": found,
        "projects": desk.store.projects_with(found.uuid),
        "page": cut(request, found.rows.values(), len(found.rows)),
    }


def _job(desk: Desk, request: Request) -> Job:
    found = desk.store.jobs.get(request.path_params["job"])
    if found is None:
        raise Missing("no such upload job")
    return found
