"""Label rows as the SDK parses them: the full row, and the metadata of a listing."""

from datetime import datetime

from ..platform.holdings import DataRow
from ..platform.json_values import JsonObject
from ..platform.label_rows import MAIN
from ..platform.records import LabelRow, Project, StageType
from ..platform.store import Store
from ..platform.tasks import Task
from . import data_unit_wire

TASK_STATUS = {
    StageType.REVIEW: "IN_REVIEW",
    StageType.CONSENSUS_REVIEW: "IN_REVIEW",
    StageType.DONE: "COMPLETED",
}


def full_row(store: Store, project: Project, labels: LabelRow, *, sign: bool) -> JsonObject:
    """Everything about a label row. Links, sizes and titles come from the data, never from what was saved."""
    row = labels.row
    dataset = store.datasets[row.dataset]
    return {
        "label_hash": str(labels.label_hash),
        "branch_name": labels.branch,
        "created_at": _stamp(labels.created_at),
        "last_edited_at": _stamp(labels.edited_at),
        "data_hash": str(row.data_hash),
        "dataset_hash": str(row.dataset),
        "dataset_title": dataset.title,
        "data_title": row.item.name,
        "data_type": row.item.facts.kind.data_type,
        "annotation_task_status": _task_status(project, project.tasks.get(row.data_hash)),
        "is_shadow_data": False,
        "is_valid": labels.problem is None,
        "object_answers": labels.object_answers,
        "classification_answers": labels.classification_answers,
        "object_actions": labels.object_actions,
        "label_status": _label_status(project, labels),
        "data_units": data_unit_wire.units_json(store, labels, sign=sign),
        "spaces": labels.spaces,
    }


def metadata(
    store: Store,
    project: Project,
    row: DataRow,
    branch: str,
    *,
    with_client_metadata: bool,
    with_images_data: bool = False,
) -> JsonObject:
    """What a listing says of a data unit on a branch, whether or not its label row was created."""
    labels = project.label_row(row.data_hash, branch)
    task = project.tasks.get(row.data_hash) if branch == MAIN else None  # tasks live on main only
    item = row.item
    facts, audio = item.facts, item.facts.audio
    return {
        "label_hash": str(labels.label_hash) if labels else None,
        "created_at": labels.created_at.isoformat() if labels else None,
        "last_edited_at": labels.edited_at.isoformat() if labels else None,
        "branch_name": branch,
        "data_hash": str(row.data_hash),
        "dataset_hash": str(row.dataset),
        "dataset_title": store.datasets[row.dataset].title,
        "data_title": item.name,
        "data_type": (facts.kind.data_type or "").upper(),
        "data_link": data_unit_wire.object_key(item.url),
        "label_status": _label_status(project, labels),
        "annotation_task_status": _task_status(project, task),
        "workflow_graph_node": _graph_node(project, task),
        "is_shadow_data": False,
        "number_of_frames": facts.label_frames,
        "frames_per_second": facts.label_fps,
        "duration": facts.duration,
        "height": facts.height,
        "width": facts.width,
        "audio_sample_rate": audio.sample_rate if audio else None,
        "audio_codec": audio.codec if audio else None,
        "audio_bit_depth": audio.bit_depth if audio else None,
        "audio_num_channels": audio.channels if audio else None,
        "spaces": {},
        "task_uuid": str(task.uuid) if task else None,
        "priority": task.priority if task else None,
        "client_metadata": item.client_metadata if with_client_metadata else None,
        "images_data": data_unit_wire.images_json(row) if with_images_data else None,
        "file_type": facts.mime_type,
        "is_valid": labels is None or labels.problem is None,
        "backing_item_uuid": str(item.uuid),
        "assigned_user_email": task.assignee if task else None,
        "last_actioned_by_user_email": task.last_actioned_by if task else None,
    }


def _label_status(project: Project, labels: LabelRow | None) -> str:
    if labels is None:
        return "NOT_LABELLED"
    task = project.tasks.get(labels.row.data_hash)
    done = labels.branch == MAIN and task and project.stages[task.stage].type is StageType.DONE
    return "LABELLED" if done else "LABEL_IN_PROGRESS"


def _task_status(project: Project, task: Task | None) -> str:
    if task is None:
        return "QUEUED"
    if task.status == "ASSIGNED":
        return "ASSIGNED"
    return TASK_STATUS.get(project.stages[task.stage].type, "QUEUED")


def _graph_node(project: Project, task: Task | None) -> JsonObject | None:
    if task is None:
        return None
    return {"uuid": str(task.stage), "title": project.stages[task.stage].title}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S UTC")
