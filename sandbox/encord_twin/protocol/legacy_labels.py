"""Legacy: creating, reading and saving label rows, and completing or reopening their tasks."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from ..platform import data_units, label_rows, workflow
from ..platform.json_values import Json, JsonObject
from ..platform.label_rows import MAIN
from ..platform.refusals import Invalid
from . import label_wire
from .calls import LegacyCall, parsed


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

    labels: JsonObject = {}


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
    validate_before_saving: bool = False


class GraphNode(BaseModel):
    """Payload of completing or reopening."""

    action: Literal["complete", "reopen"]


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
    body = parsed(Saving, call.payload)
    if [row.label_hash for row in body.labels] != call.uids():
        raise Invalid("uid and labels name different label rows")
    rows = [_saved(row) for row in body.labels]
    label_rows.save(call.store, project, rows, call.user, validate=body.validate_before_saving)
    return True


def complete_or_reopen(call: LegacyCall) -> Json:
    """Move the rows' tasks to the workflow's end or back to be annotated again, all or none."""
    project = call.store.project(call.resource)
    action = parsed(GraphNode, call.payload).action
    rows = label_rows.find(call.store, project, call.uids())
    if strange := sorted({row.branch for row in rows} - {MAIN}):
        raise Invalid(f"label rows on branch {strange[0]!r} have no task")
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


def _filtered(row: JsonObject, options: Reading) -> JsonObject:
    """Leave out features nobody asked for; a client that saves such a row deletes the rest."""
    things, answers = options.include_object_feature_hashes, options.include_classification_feature_hashes
    if answers is not None:
        given = row["classification_answers"].items()
        row["classification_answers"] = {key: one for key, one in given if one["featureHash"] in answers}
    if things is not None:
        for unit in row["data_units"].values():
            unit["labels"] = data_units.filtered(unit["labels"], things)
        units = row["data_units"].values()
        left = {thing["objectHash"] for unit in units for thing in data_units.objects_in(unit["labels"])}
        row["object_answers"] = {
            key: one
            for key, one in row["object_answers"].items()
            if key in left or one.get("featureHash") in things  # objects on sound and text are nowhere else
        }
    return row
