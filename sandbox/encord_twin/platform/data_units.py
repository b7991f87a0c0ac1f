"""The data units of a data row: what its label row is made of, and where on them labels may sit."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from .holdings import DataRow, Item
from .identifiers import identifier
from .json_values import JsonObject
from .media_facts import MediaKind
from .refusals import Corrupted


class Place(Enum):
    """Where a unit keeps its objects. Classifications are never here: they are in `classification_answers`."""

    FLAT = auto()  # in `labels` itself: one picture
    PER_FRAME = auto()  # in `labels` by frame, slice or page number
    NOWHERE = auto()  # only in `object_answers`, by range: sound and text


@dataclass(frozen=True)
class DataUnit:
    """One unit of a row. `item` is the file it shows: a part of a group, else the row's own item."""

    hash: UUID
    sequence: int
    item: Item
    place: Place

    @property
    def frames(self) -> int:
        """How many frames labels can sit on, counted from the unit's first."""
        return self.item.facts.frames if self.place is Place.PER_FRAME else 1


def data_units(row: DataRow) -> list[DataUnit]:
    """The row's units in order. Only units of pictures have hashes of their own; others share the row's."""
    item = row.item
    match item.facts.kind:
        case MediaKind.IMAGE:
            return [DataUnit(identifier("data unit", row.data_hash), 0, item, Place.FLAT)]
        case MediaKind.IMAGE_GROUP | MediaKind.IMAGE_SEQUENCE:
            return [
                DataUnit(identifier("data unit", row.data_hash, number), number, part, Place.FLAT)
                for number, part in enumerate(item.parts)
            ]
        case MediaKind.AUDIO | MediaKind.PLAIN_TEXT:
            return [DataUnit(row.data_hash, 0, item, Place.NOWHERE)]
        case _:
            return [DataUnit(row.data_hash, 0, item, Place.PER_FRAME)]


def objects_on(row: DataRow, labels: JsonObject) -> list[JsonObject]:
    """All objects of a row's `labels` (by unit hash), or `Corrupted` if any sits where it cannot."""
    units = {str(unit.hash): unit for unit in data_units(row)}
    if unknown := labels.keys() - units.keys():
        raise Corrupted(f"data row {row.data_hash} has no data unit {min(unknown)}")
    return [thing for key, content in labels.items() for thing in _objects(units[key], content)]


def filtered(labels: JsonObject, features: set[str]) -> JsonObject:
    """A unit's labels, flat or per frame, without the objects of other features."""
    if _is_flat(labels):
        return {**labels, "objects": [thing for thing in objects_in(labels) if thing["featureHash"] in features]}
    return {frame: filtered(sheet, features) for frame, sheet in labels.items()}


def objects_in(labels: JsonObject) -> list[JsonObject]:
    """The objects of a unit's labels as they were accepted, flat or per frame."""
    sheets = [labels] if _is_flat(labels) else labels.values()
    return [thing for sheet in sheets for thing in sheet.get("objects", [])]


def _is_flat(labels: JsonObject) -> bool:
    return not all(key.isdecimal() for key in labels)


def slices(series: Item) -> Iterator[tuple[int, Item, int | None]]:
    """Every slice of a series: its number, the file it is in and, in a file of several, its place there."""
    number = 0
    for part in series.parts:
        many = part.facts.frames > 1
        for place in range(part.facts.frames):
            yield number, part, place if many else None
            number += 1


def _objects(unit: DataUnit, labels: JsonObject) -> list[JsonObject]:
    match unit.place:
        case Place.FLAT:
            if labels and not _is_flat(labels):
                raise Corrupted(f"data unit {unit.hash} is one picture: its labels are not grouped by frame")
            return _listed(unit, labels)
        case Place.PER_FRAME:
            return [thing for frame, sheet in labels.items() for thing in _listed(unit, _sheet(unit, frame, sheet))]
        case Place.NOWHERE:
            if labels:
                raise Corrupted(
                    f"data unit {unit.hash} is {unit.item.facts.kind.words}: its objects go to object_answers"
                )
            return []


def _sheet(unit: DataUnit, frame: str, sheet: object) -> JsonObject:
    if not frame.isdecimal() or not isinstance(sheet, dict):
        raise Corrupted(f"labels of data unit {unit.hash} must be grouped by frame number, not {frame!r}")
    if int(frame) >= unit.frames:
        raise Corrupted(f"data unit {unit.hash} has {unit.frames} frames, so there is no frame {frame}")
    return sheet


def _listed(unit: DataUnit, sheet: JsonObject) -> list[JsonObject]:
    objects = sheet.get("objects", [])
    if not isinstance(objects, list) or not all(isinstance(thing, dict) for thing in objects):
        raise Corrupted(f"the objects of data unit {unit.hash} are not a list")
    return objects
