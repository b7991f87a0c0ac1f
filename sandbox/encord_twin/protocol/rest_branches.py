"""v2: label branches, the bulk read of classifications, and whether a label row is valid."""

from uuid import UUID

from ..platform import branches, label_rows
from ..platform.json_values import Json, JsonObject
from ..platform.records import LabelRow
from .calls import Call, Payload, parsed
from .queries import page

MOST_ROWS = 1000


class Copy(Payload):
    """Body of a copy between branches."""

    source_branch_name: str
    target_branch_name: str
    overwrite: bool = False
    label_uuids: list[UUID]


class Classifications(Payload):
    """Body of a bulk read of classifications."""

    label_uuids: list[UUID]
    branch_name: str = label_rows.MAIN


def list_branches(call: Call) -> Json:
    """The names of all branches, `main` first, page by page."""
    names = branches.names(call.store.project(call.uuid("project")))
    limit = min(max(parsed(int, call.query.get("limit", "100")), 1), MOST_ROWS)
    cut = page(names, call.query.get("pageToken"), limit)
    return {"results": [{"name": name} for name in cut.results], "nextPageToken": cut.next_token}


def copy_branch(call: Call) -> Json:
    """Copy label rows to another branch, all or none."""
    body = call.body(Copy)
    project = call.store.project(call.uuid("project"))
    source, target = body.source_branch_name, body.target_branch_name
    copied = branches.copy(call.store, project, body.label_uuids, source, target, overwrite=body.overwrite)
    return {"copiedCount": copied}


def read_classifications(call: Call) -> Json:
    """The classification answers of label rows; a row without a sister on the branch is left out."""
    body = call.body(Classifications)
    project = call.store.project(call.uuid("project"))
    rows = label_rows.find(call.store, project, body.label_uuids)
    sisters = [project.label_row(row.row.data_hash, body.branch_name) for row in rows]
    return {"labels": [_classifications_json(row) for row in sisters if row]}


def validation_state(call: Call) -> Json:
    """What is wrong with a label row as it was last saved, if anything is."""
    project = call.store.project(call.uuid("project"))
    [row] = label_rows.find(call.store, project, [call.uuid("label")])
    return {
        "labelHash": str(row.label_hash),
        "branchName": row.branch,
        "version": row.saves,
        "isValid": row.problem is None,
        "errors": [row.problem] if row.problem else [],
    }


def _classifications_json(row: LabelRow) -> JsonObject:
    return {
        "labelUuid": str(row.label_hash),
        "dataUuid": str(row.row.data_hash),
        "dataTitle": row.row.item.name,
        "branchName": row.branch,
        "classificationAnswers": row.classification_answers,
    }
