"""Legacy: listing the label rows of a project, created or not."""

from uuid import UUID

from pydantic import BaseModel

from ..platform import branches
from ..platform.holdings import DataRow
from ..platform.json_values import Json
from ..platform.label_rows import MAIN
from ..platform.records import LabelRow, Project
from . import label_wire
from .calls import LegacyCall, Moment, parsed
from .queries import matches_like


class Listing(BaseModel):
    """Payload of a listing; None means any."""

    edited_before: Moment | None = None
    edited_after: Moment | None = None
    label_statuses: list[str] | None = None
    data_hashes: list[UUID] | None = None
    label_hashes: list[UUID] | None = None
    data_title_eq: str | None = None
    data_title_like: str | None = None
    workflow_graph_node_title_eq: str | None = None
    workflow_graph_node_title_like: str | None = None
    include_client_metadata: bool = False
    include_images_data: bool = False
    include_uninitialised_labels: bool = False
    include_all_label_branches: bool = False
    branch_name: str | None = None


def list_rows(call: LegacyCall) -> Json:
    """Metadata of all rows that meet every condition, in one answer."""
    project = call.store.project(call.resource)
    wanted = parsed(Listing, call.payload)
    listed = [
        label_wire.metadata(
            call.store,
            project,
            row,
            branch,
            with_client_metadata=wanted.include_client_metadata,
            with_images_data=wanted.include_images_data,
        )
        for row in _rows(project, wanted)
        if _wanted_data(project, row, wanted)
        for branch in _branches(project, row, wanted)
        if _wanted_labels(project.label_row(row.data_hash, branch), wanted)
    ]
    statuses = wanted.label_statuses
    return [entry for entry in listed if statuses is None or entry["label_status"] in statuses]


def _rows(project: Project, wanted: Listing) -> list[DataRow]:
    """The rows to look at, in the order they came: the named ones alone, where any are named."""
    if wanted.label_hashes is not None:
        named = {row.row.data_hash for hash_ in wanted.label_hashes if (row := project.by_label_hash.get(hash_))}
    elif wanted.data_hashes is not None:
        named = set(wanted.data_hashes)
    else:
        return [task.row for task in project.tasks.values()]
    tasks = [project.tasks[data] for data in named if data in project.tasks]
    return [task.row for task in sorted(tasks, key=lambda task: task.sequence)]


def _wanted_data(project: Project, row: DataRow, wanted: Listing) -> bool:
    title = row.item.name
    task = project.tasks.get(row.data_hash)
    node = project.stages[task.stage].title if task else ""
    return (
        (wanted.data_hashes is None or row.data_hash in wanted.data_hashes)
        and (wanted.data_title_eq is None or title == wanted.data_title_eq)
        and (wanted.data_title_like is None or matches_like(wanted.data_title_like, title))
        and (wanted.workflow_graph_node_title_eq in (None, node))
        and (wanted.workflow_graph_node_title_like is None or matches_like(wanted.workflow_graph_node_title_like, node))
    )


def _branches(project: Project, row: DataRow, wanted: Listing) -> list[str]:
    if not wanted.include_all_label_branches:
        return [wanted.branch_name or MAIN]
    return branches.of_row(project, row.data_hash)


def _wanted_labels(labels: LabelRow | None, wanted: Listing) -> bool:
    if labels is None:
        by_row = (wanted.label_hashes, wanted.edited_after, wanted.edited_before)
        return wanted.include_uninitialised_labels and all(condition is None for condition in by_row)
    return (
        (wanted.label_hashes is None or labels.label_hash in wanted.label_hashes)
        and (wanted.edited_after is None or labels.edited_at >= wanted.edited_after)
        and (wanted.edited_before is None or labels.edited_at <= wanted.edited_before)
    )
