"""Tasks, subtasks and label reviews as the SDK parses them."""

from ..platform.json_values import JsonObject
from ..platform.label_rows import MAIN
from ..platform.records import Project, Stage, StageType
from ..platform.tasks import LabelReview, Subtask, Task


def task_json(project: Project, stage: Stage, task: Task) -> JsonObject:
    """A task; each stage type picks the keys it knows, so the types between first and last share theirs."""
    described = _common(task, task)
    if stage.type is StageType.DONE:
        return described
    if stage.type is StageType.CONSENSUS_ANNOTATION:
        return described | {"subtasks": [_subtask_json(task, subtask) for subtask in task.subtasks]}
    described |= _held(task, MAIN)
    if stage.type is StageType.CONSENSUS_REVIEW:
        described["options"] = [_option_json(project, task, subtask) for subtask in task.subtasks]
    return described


def review_json(review: LabelReview) -> JsonObject:
    """A label review."""
    return {
        "reviewUuid": str(review.uuid),
        "status": review.status,
        "labelType": review.label_type,
        "labelId": review.label_id,
    }


def _common(task: Task, one: Task | Subtask) -> JsonObject:
    return {
        "uuid": str(one.uuid),
        "createdAt": one.created_at.isoformat(),
        "updatedAt": one.updated_at.isoformat(),
        "dataHash": str(task.row.data_hash),
        "dataTitle": task.row.item.name,
    }


def _held(one: Task | Subtask, branch: str) -> JsonObject:
    return {
        "status": one.status,
        "labelBranchName": branch,
        "assignee": one.assignee,
        "lastActionedBy": one.last_actioned_by,
    }


def _subtask_json(task: Task, subtask: Subtask) -> JsonObject:
    return _common(task, subtask) | _held(subtask, subtask.branch)


def _option_json(project: Project, task: Task, subtask: Subtask) -> JsonObject:
    labels = project.label_row(task.row.data_hash, subtask.branch)
    return {
        "annotator": subtask.annotator,
        "labelBranchName": subtask.branch,
        "labelHash": str(labels.label_hash) if labels else None,
    }
