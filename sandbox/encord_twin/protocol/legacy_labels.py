"""Legacy: label rows of a project, and completing or reopening their tasks."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from ..platform import label_rows, workflow
from ..platform.holdings import DataRow
from ..platform.json_values import Json, JsonObject
from ..platform.label_rows import MAIN
from ..platform.records import LabelRow, Project
from ..platform.refusals import Invalid
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
    include_uninitialised_labels: bool = False
    include_all_label_branches: bool = False
    branch_name: str | None = None


class Creation(BaseModel):
    """Payload of a creation."""

    get_signed_url: bool = False
    branch_name: str | None = None


class Reading(BaseModel):
    """Payload of a read; the feature filters leave out what they do not name."""

    get_signed_url: bool = False
    include_object_feature_hashes: set[str] | None = None
    include_classification_feature_hashes: set[str] | None = None


class Unit(BaseModel):
    """The part of a saved data unit that is kept."""

    labels: dict[str, list[JsonObject]] = {}


class Row(BaseModel):
    """The part of a saved label row that is kept."""

    label_hash: UUID
    object_answers: dict[str, JsonObject]
    classification_answers: dict[str, JsonObject]
    object_actions: JsonObject = {}
    spaces: JsonObject = {}
    data_units: dict[str, Unit]


class Saving(BaseModel):
    """Payload of a save, in the order of the uids."""

    labels: list[Row]


class GraphNode(BaseModel):
    """Payload of completing or reopening."""

    action: Literal["complete", "reopen"]


def list_rows(call: LegacyCall) -> Json:
    """Metadata of all rows that meet every condition, in one answer."""
    project = call.store.project(call.resource)
    wanted = parsed(Listing, call.payload)
    listed = [
        label_wire.metadata(call.store, project, row, branch, with_client_metadata=wanted.include_client_metadata)
        for row in call.store.rows_of(project)
        if _wanted_data(project, row, wanted)
        for branch in _branches(project, row, wanted)
        if _wanted_labels(project.label_row(row.data_hash, branch), wanted)
    ]
    statuses = wanted.label_statuses
    return [entry for entry in listed if statuses is None or entry["label_status"] in statuses]


def create_rows(call: LegacyCall) -> Json:
    """Create (or get) a row per data hash."""
    project = call.store.project(call.resource)
    options = parsed(Creation, call.payload)
    rows = label_rows.create(call.store, project, call.uids(), options.branch_name or MAIN)
    return [label_wire.full_row(call.store, project, row, sign=options.get_signed_url) for row in rows]


def read_rows(call: LegacyCall) -> Json:
    """Rows by label hash, which also decides the branch."""
    project = call.store.project(call.resource)
    options = parsed(Reading, call.payload)
    rows = label_rows.find(call.store, project, call.uids())
    full = [label_wire.full_row(call.store, project, row, sign=options.get_signed_url) for row in rows]
    return [_filtered(row, options) for row in full]


def save_rows(call: LegacyCall) -> Json:
    """Overwrite rows, all or none."""
    project = call.store.project(call.resource)
    rows = parsed(Saving, call.payload).labels
    if [row.label_hash for row in rows] != call.uids():
        raise Invalid("uid and labels name different label rows")
    label_rows.save(call.store, project, [_saved(row) for row in rows])
    return True


def complete_or_reopen(call: LegacyCall) -> Json:
    """Move the rows' tasks to the workflow's end or back to its start, all or none."""
    project = call.store.project(call.resource)
    action = parsed(GraphNode, call.payload).action
    rows = label_rows.find(call.store, project, call.uids())
    if branches := sorted({row.branch for row in rows} - {MAIN}):
        raise Invalid(f"label rows on branch {branches[0]!r} have no task")
    tasks = [project.tasks[row.row.data_hash] for row in rows]
    (workflow.finish if action == "complete" else workflow.reopen)(call.store, project, tasks, call.user)
    return True


def _saved(row: Row) -> label_rows.Saved:
    return label_rows.Saved(
        label_hash=row.label_hash,
        object_answers=row.object_answers,
        classification_answers=row.classification_answers,
        object_actions=row.object_actions,
        spaces=row.spaces,
        labels={unit: content.labels for unit, content in row.data_units.items()},
    )


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
    return [MAIN, *sorted(project.labels.get(row.data_hash, {}).keys() - {MAIN})]


def _wanted_labels(labels: LabelRow | None, wanted: Listing) -> bool:
    if labels is None:
        by_row = (wanted.label_hashes, wanted.edited_after, wanted.edited_before)
        return wanted.include_uninitialised_labels and all(condition is None for condition in by_row)
    return (
        (wanted.label_hashes is None or labels.label_hash in wanted.label_hashes)
        and (wanted.edited_after is None or labels.edited_at >= wanted.edited_after)
        and (wanted.edited_before is None or labels.edited_at <= wanted.edited_before)
    )


def _filtered(row: JsonObject, options: Reading) -> JsonObject:
    """Leave out features nobody asked for; a client that saves such a row deletes the rest."""
    things, answers = options.include_object_feature_hashes, options.include_classification_feature_hashes
    if answers is not None:
        given = row["classification_answers"].items()
        row["classification_answers"] = {key: one for key, one in given if one["featureHash"] in answers}
    if things is not None:
        for unit in row["data_units"].values():
            objects = [thing for thing in unit["labels"].get("objects", []) if thing["featureHash"] in things]
            unit["labels"] = {**unit["labels"], "objects": objects}
        left = {thing["objectHash"] for unit in row["data_units"].values() for thing in unit["labels"]["objects"]}
        row["object_answers"] = {key: one for key, one in row["object_answers"].items() if key in left}
    return row
