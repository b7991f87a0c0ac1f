"""Datasets of a project: attached, their rows become tasks; removed, the tasks are gone."""

from collections.abc import Sequence
from uuid import UUID

from . import access, workflow
from .records import Project
from .refusals import Missing
from .store import Store


def attach(store: Store, project: Project, datasets: Sequence[UUID], user: str) -> None:
    """Attach datasets the user may read, all or none, and start a task for each row; again is harmless."""
    for uuid in datasets:
        if uuid not in store.datasets:
            raise Missing(f"no dataset {uuid}")
        access.check(store, user, "dataset", uuid)
    for uuid in dict.fromkeys(datasets):
        if uuid not in project.datasets:
            project.datasets.append(uuid)
            for row in store.datasets[uuid].rows.values():
                workflow.start_task(store, project, row)


def detach(store: Store, project: Project, datasets: Sequence[UUID]) -> None:
    """Remove datasets, all or none. Labels are kept for the day a dataset comes back; its tasks start over then."""
    if strangers := [uuid for uuid in datasets if uuid not in project.datasets]:
        raise Missing(f"dataset {strangers[0]} is not in the project")
    for uuid in dict.fromkeys(datasets):
        project.datasets.remove(uuid)
        for row in store.datasets[uuid].rows.values():
            workflow.withdraw(project, row)
