"""Labels per data unit and branch: created once, then overwritten whole by every save."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from .holdings import DataRow
from .identifiers import identifier
from .json_values import JsonObject
from .records import LabelRow, Project
from .refusals import Corrupted, Exists, Featureless, Missing, TooMany, Unanswered
from .store import Store

MAIN = "main"


@dataclass(frozen=True)
class Saved:
    """The part of a saved row the platform keeps; links and sizes in it are ours, not the writer's."""

    label_hash: UUID
    object_answers: JsonObject
    classification_answers: JsonObject
    object_actions: JsonObject
    spaces: JsonObject
    labels: JsonObject  # per data unit


def unit_hash(row: DataRow) -> UUID:
    """The hash of an image's single data unit, which is not the row's own."""
    return identifier("data unit", row.data_hash)


def create(store: Store, project: Project, data_hashes: Sequence[UUID], branch: str) -> list[LabelRow]:
    """A row per data unit on the branch; what exists is handed out or refused, as the settings say."""
    _check_number(store, data_hashes)
    rows = {row.data_hash: row for row in store.rows_of(project)}
    if unknown := [data for data in data_hashes if data not in rows]:
        raise Missing(f"{len(unknown)} data units are not in the project, for example {unknown[0]}")
    existing = [data for data in data_hashes if project.label_row(data, branch)]
    if existing and store.settings.existing_label_rows == "refuse":
        raise Exists(f"{len(existing)} label rows exist already")
    return [_get_or_create(store, project, rows[data], branch) for data in data_hashes]


def find(store: Store, project: Project, label_hashes: Sequence[UUID]) -> list[LabelRow]:
    """The rows with these hashes, or `Missing` for the whole request."""
    _check_number(store, label_hashes)
    rows = [project.by_label_hash.get(label_hash) for label_hash in label_hashes]
    found = [row for row in rows if row is not None]
    if len(found) != len(label_hashes):
        raise Missing(f"{len(label_hashes) - len(found)} label rows are not in the project")
    return found


def save(store: Store, project: Project, rows: Sequence[Saved]) -> None:
    """Overwrite rows, all or none; the last writer wins."""
    targets = find(store, project, [row.label_hash for row in rows])
    features = store.ontology(project.ontology).features
    for target, row in zip(targets, rows, strict=True):
        _check(target, row, features)
    now = store.now()
    for target, row in zip(targets, rows, strict=True):
        target.object_answers = row.object_answers
        target.classification_answers = row.classification_answers
        target.object_actions = row.object_actions
        target.spaces = row.spaces
        target.labels = row.labels
        target.edited_at = now
        target.saves += 1


def _check_number(store: Store, hashes: Sequence[UUID]) -> None:
    if len(hashes) > store.settings.label_rows_per_request:
        raise TooMany(store.settings.label_rows_per_request)


def _get_or_create(store: Store, project: Project, row: DataRow, branch: str) -> LabelRow:
    if known := project.label_row(row.data_hash, branch):
        return known
    now = store.now()
    labels = LabelRow(identifier("labels", project.uuid, row.data_hash, branch), row, branch, now, now)
    project.labels.setdefault(row.data_hash, {})[branch] = labels
    project.by_label_hash[labels.label_hash] = labels
    return labels


def _check(target: LabelRow, row: Saved, features: frozenset[str]) -> None:
    unit = str(unit_hash(target.row))
    if unknown := row.labels.keys() - {unit}:
        raise Corrupted(f"label row {target.label_hash} has no data unit {min(unknown)}")
    objects = row.labels.get(unit, {}).get("objects", [])
    if any(thing.get("objectHash") not in row.object_answers for thing in objects):
        raise Unanswered("an object has no entry in object_answers")
    used = [str(thing.get("featureHash")) for thing in objects]
    used += [str(answer.get("featureHash")) for answer in row.classification_answers.values()]
    if strange := set(used) - features:
        raise Featureless(f"the ontology has no feature {min(strange)}")
