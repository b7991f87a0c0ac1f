"""Labels per data unit and branch: created once, then overwritten whole by every save."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from . import data_units, label_checks
from .holdings import DataRow
from .identifiers import identifier
from .json_values import JsonObject
from .records import LabelRow, Project
from .refusals import Exists, Invalid, Missing, TooMany
from .store import Store

MAIN = "main"
BRANCH = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Saved:
    """The part of a saved row the platform keeps; links and sizes in it are ours, not the writer's."""

    label_hash: UUID
    object_answers: JsonObject
    classification_answers: JsonObject
    object_actions: JsonObject
    spaces: JsonObject
    labels: JsonObject  # per data unit


def create(store: Store, project: Project, data_hashes: Sequence[UUID], branch: str) -> list[LabelRow]:
    """A row per data unit on the branch; what exists is handed out or refused, as the settings say."""
    _check_number(store, data_hashes)
    check_branch(branch)
    if unknown := [data for data in data_hashes if data not in project.tasks]:
        raise Missing(f"{len(unknown)} data units are not in the project, for example {unknown[0]}")
    existing = [data for data in data_hashes if project.label_row(data, branch)]
    if existing and store.settings.existing_label_rows == "refuse":
        raise Exists(f"{len(existing)} label rows exist already")
    return [get_or_create(store, project, project.tasks[data].row, branch) for data in data_hashes]


def find(store: Store, project: Project, label_hashes: Sequence[UUID]) -> list[LabelRow]:
    """The rows with these hashes, or `Missing` for the whole request; removed data has none."""
    _check_number(store, label_hashes)
    rows = [project.by_label_hash.get(label_hash) for label_hash in label_hashes]
    found = [row for row in rows if row is not None and row.row.data_hash in project.tasks]
    if len(found) != len(label_hashes):
        raise Missing(f"{len(label_hashes) - len(found)} label rows are not in the project")
    return found


def save(store: Store, project: Project, rows: Sequence[Saved], user: str, *, validate: bool) -> None:
    """Overwrite rows, all or none; the last writer wins. With `validate` they must satisfy the ontology too."""
    targets = find(store, project, [row.label_hash for row in rows])
    ontology = store.ontology(project.ontology)
    rules, problems = label_checks.OntologyCheck(ontology), []
    for target, row in zip(targets, rows, strict=True):
        label_checks.check_structure(target.row, row, ontology.features)
        problem = rules.problem(target.row, row)
        if problem is not None and validate:
            raise problem
        problems.append(problem)
    for target, row, problem in zip(targets, rows, problems, strict=True):
        _sign(row, user)
        _overwrite(target, row, None if problem is None else str(problem), store.now())
        target.saves += 1


def get_or_create(store: Store, project: Project, row: DataRow, branch: str) -> LabelRow:
    """The row of a data unit on a branch, made if there is none."""
    if known := project.label_row(row.data_hash, branch):
        return known
    now = store.now()
    labels = LabelRow(identifier("labels", project.uuid, row.data_hash, branch), row, branch, now, now)
    project.labels.setdefault(row.data_hash, {})[branch] = labels
    project.by_label_hash[labels.label_hash] = labels
    project.branches.add(branch)
    return labels


def copy(store: Store, source: LabelRow, target: LabelRow) -> None:
    """Give one row the labels of another. They may share them: labels are replaced, never changed in place."""
    _overwrite(target, source, source.problem, store.now())


def check_branch(name: str) -> None:
    """Refuse a branch name the platform does not take."""
    if BRANCH.fullmatch(name) is None:
        raise Invalid(f"a branch name has letters, digits, '-', '_' and '.' only, so not {name!r}")


def _check_number(store: Store, hashes: Sequence[UUID]) -> None:
    if len(hashes) > store.settings.label_rows_per_request:
        raise TooMany(store.settings.label_rows_per_request)


def _overwrite(target: LabelRow, content: Saved | LabelRow, problem: str | None, now: datetime) -> None:
    target.object_answers = content.object_answers
    target.classification_answers = content.classification_answers
    target.object_actions = content.object_actions
    target.spaces = content.spaces
    target.labels = content.labels
    target.problem, target.edited_at = problem, now


def _sign(row: Saved, user: str) -> None:
    """Fill in who made and last edited each label, where the client does not say."""
    objects = (thing for labels in row.labels.values() for thing in data_units.objects_in(labels))
    for label in (*objects, *row.classification_answers.values()):
        label["createdBy"] = label.get("createdBy") or user
        label["lastEditedBy"] = label.get("lastEditedBy") or user
