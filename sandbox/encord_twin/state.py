"""The whole store as JSON a person or a test can read."""

from typing import Any
from uuid import UUID

from .platform.holdings import Dataset, Folder
from .platform.job_state import Job
from .platform.json_values import JsonObject
from .platform.records import LabelRow, Project, Task
from .platform.store import Store


def state_json(store: Store) -> JsonObject:
    """Projects with their queues and labels, folders with their items, datasets and jobs."""
    return {
        "projects": [_project(project) for project in store.projects.values()],
        "folders": [_folder(folder) for folder in store.folders.values()],
        "datasets": [_dataset(dataset) for dataset in store.datasets.values()],
        "jobs": [_job(job) for job in store.jobs.values()],
    }


def _project(project: Project) -> JsonObject:
    return {
        "uuid": str(project.uuid),
        "title": project.title,
        "stages": {
            stage.title: [_task(project, task) for task in project.waiting.get(uuid, {}).values()]
            for uuid, stage in project.stages.items()
        },
        "label_rows": [_labels(row) for branches in project.labels.values() for row in branches.values()],
    }


def _task(project: Project, task: Task) -> JsonObject:
    def title(stage: UUID) -> str:
        return project.stages[stage].title

    return {
        "uuid": str(task.uuid),
        "data_hash": str(task.row.data_hash),
        "title": task.row.item.name,
        "status": task.status,
        "assignee": task.assignee,
        "priority": task.priority,
        "updated_at": task.updated_at.isoformat(),
        "visits": [{"stage": title(visit.stage), "at": visit.at.isoformat(), "by": visit.by} for visit in task.visits],
    }


def _labels(row: LabelRow) -> JsonObject:
    objects = [thing for unit in row.labels.values() for thing in unit.get("objects", [])]
    return {
        "label_hash": str(row.label_hash),
        "data_hash": str(row.row.data_hash),
        "title": row.row.item.name,
        "branch": row.branch,
        "saves": row.saves,
        "classifications": [_classification(answer) for answer in row.classification_answers.values()],
        "objects": [{"name": thing["name"], "confidence": thing.get("confidence")} for thing in objects],
    }


def _classification(answer: JsonObject) -> JsonObject:
    """Attribute titles with their answers: an option's name, several names, or text."""
    return {
        "answers": {one["name"]: _readable(one["answers"]) for one in answer["classifications"]},
        "confidence": answer.get("confidence"),
        "manual": answer.get("manualAnnotation"),
        "frames": answer.get("range"),
    }


def _readable(answers: Any) -> Any:
    if not isinstance(answers, list):
        return answers
    names = [option["name"] for option in answers]
    return names[0] if len(names) == 1 else names


def _folder(folder: Folder) -> JsonObject:
    return {
        "uuid": str(folder.uuid),
        "name": folder.name,
        "items": [
            {
                "uuid": str(item.uuid),
                "name": item.name,
                "url": item.url,
                "client_metadata": item.client_metadata,
            }
            for item in folder.items.values()
        ],
    }


def _dataset(dataset: Dataset) -> JsonObject:
    return {
        "uuid": str(dataset.uuid),
        "title": dataset.title,
        "rows": [
            {"data_hash": str(row.data_hash), "title": row.item.name, "item": str(row.item.uuid)}
            for row in dataset.rows.values()
        ],
    }


def _job(job: Job) -> JsonObject:
    return {
        "uuid": str(job.uuid),
        "folder": job.folder.name,
        "status": job.status,
        "units": len(job.manifest.units),
        "registered": len(job.items),
        "errors": [error.reason for error in job.errors],
    }
