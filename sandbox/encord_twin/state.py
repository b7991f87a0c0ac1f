"""The whole store as JSON a person or a test can read."""

from typing import Any
from uuid import UUID

from .platform import branches
from .platform.data_units import objects_in
from .platform.holdings import Dataset, Folder
from .platform.job_state import Job
from .platform.json_values import JsonObject
from .platform.records import LabelRow, Project
from .platform.store import Store
from .platform.tasks import LabelReview, Subtask, Task


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
        "status": project.status,
        "datasets": [str(uuid) for uuid in project.datasets],
        "members": None if project.members is None else sorted(project.members),
        "branches": branches.names(project),
        "stages": {
            stage.title: [_task(project, task) for task in project.waiting[uuid].values()]
            for uuid, stage in project.stages.items()
        },
        "label_rows": [_labels(row) for rows in project.labels.values() for row in rows.values()],
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
        "subtasks": [_subtask(subtask) for subtask in task.subtasks],
        "reviews": [
            {"stage": title(stage), **_review(review)}
            for (stage, _label), review in project.reviews.get(task.uuid, {}).items()
        ],
    }


def _subtask(subtask: Subtask) -> JsonObject:
    return {
        "uuid": str(subtask.uuid),
        "branch": subtask.branch,
        "annotator": subtask.annotator,
        "assignee": subtask.assignee,
        "status": subtask.status,
    }


def _review(review: LabelReview) -> JsonObject:
    return {
        "label": review.label_id,
        "type": review.label_type,
        "status": review.status,
        "comment": review.comment,
        "tags": list(review.tags),
    }


def _labels(row: LabelRow) -> JsonObject:
    objects = [thing for unit in row.labels.values() for thing in objects_in(unit)]
    objects += [answer for answer in row.object_answers.values() if "featureHash" in answer]  # on sound and text
    return {
        "label_hash": str(row.label_hash),
        "data_hash": str(row.row.data_hash),
        "title": row.row.item.name,
        "branch": row.branch,
        "saves": row.saves,
        "problem": row.problem,
        "classifications": [_classification(answer) for answer in row.classification_answers.values()],
        "objects": [{"name": thing.get("name"), "confidence": thing.get("confidence")} for thing in objects],
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
