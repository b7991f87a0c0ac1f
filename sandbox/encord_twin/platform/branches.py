"""Label branches: versions of the same data unit's labels side by side, each in a row of its own."""

from collections.abc import Sequence
from uuid import UUID

from . import label_rows
from .label_rows import MAIN
from .records import Project
from .refusals import Invalid
from .store import Store


def names(project: Project) -> list[str]:
    """`main`, then every other branch anybody created a label row on."""
    return [MAIN, *sorted(project.branches - {MAIN})]


def of_row(project: Project, data_hash: UUID) -> list[str]:
    """`main`, then the other branches on which a data unit has a label row."""
    return [MAIN, *sorted(project.labels.get(data_hash, {}).keys() - {MAIN})]


def copy(
    store: Store, project: Project, label_hashes: Sequence[UUID], source: str, target: str, *, overwrite: bool
) -> int:
    """Copy rows of one branch to another, all or none, and say how many were written.

    A row that exists there already is written over or left alone.
    """
    label_rows.check_branch(target)
    if source == target:
        raise Invalid("source and target branch must be different")
    rows = label_rows.find(store, project, label_hashes)
    if strangers := [row for row in rows if row.branch != source]:
        raise Invalid(f"label row {strangers[0].label_hash} is on branch {strangers[0].branch!r}, not {source!r}")
    wanted = [row for row in rows if overwrite or not project.label_row(row.row.data_hash, target)]
    for row in wanted:
        label_rows.copy(store, row, label_rows.get_or_create(store, project, row.row, target))
    return len(wanted)
