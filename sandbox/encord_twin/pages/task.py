"""A task: what is to be seen, the labels on it, and the way it came."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request

from ..platform.data_units import DataUnit, Place, data_units
from ..platform.holdings import DataRow, Item
from ..platform.json_values import JsonObject
from ..platform.media_facts import MediaKind
from ..platform.records import LabelRow, Project
from ..platform.refusals import Missing
from ..protocol.exchange import Desk
from .answers import agents_of, answers
from .board import MAIN, events_of
from .flow import LOOKS
from .pictures import shown
from .shapes import Shape, Size, shape

DRAWN = frozenset({MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DICOM_FILE, MediaKind.DICOM_SERIES})
DRAWN |= {MediaKind.IMAGE_GROUP, MediaKind.IMAGE_SEQUENCE}
NOUNS = {MediaKind.VIDEO: "Frame", MediaKind.PDF: "Page"}
NOUNS |= dict.fromkeys((MediaKind.DICOM_FILE, MediaKind.DICOM_SERIES, MediaKind.NIFTI), "Slice")
UNKNOWN_SIZE = (640, 480)


@dataclass(frozen=True)
class Sight:
    """One frame of a data row with what is labelled on it. A picture's `size` is what coordinates are shares of."""

    item: Item
    frame: int
    frames: int
    size: Size
    shapes: list[Shape]

    @property
    def is_picture(self) -> bool:
        """Whether there is something to draw on."""
        return self.item.facts.kind in DRAWN

    @property
    def noun(self) -> str:
        """What one of its frames is called."""
        return NOUNS.get(self.item.facts.kind, "Image")

    @property
    def name_height(self) -> float:
        """How large names are, in the picture's own pixels."""
        return max(self.size) / 36


def task(desk: Desk, request: Request) -> Mapping[str, object]:
    """Everything about one data unit in one project, as the query's `branch` and `frame` want it."""
    project = desk.store.project(request.path_params["project"])
    found = project.tasks.get(request.path_params["data"])
    if found is None:
        raise Missing("no such task in this project")
    branches = sorted({MAIN, *project.labels.get(found.row.data_hash, {}), *(one.branch for one in found.subtasks)})
    branch = request.query_params.get("branch", MAIN)
    labels = project.label_row(found.row.data_hash, branch)
    agents = agents_of(project, found)
    sight = _sight(found.row, labels, _frame(request), agents)
    stage = project.stages[found.stage]
    return {
        "title": found.row.item.name,
        "trail": [(project.title, f"/projects/{project.uuid}")],
        "project": project,
        "task": found,
        "stage": stage,
        "look": LOOKS[stage.type],
        "branch": branch,
        "branches": branches,
        "labels": labels,
        "sight": sight,
        "answers": list(answers(labels, agents, sight.frame)) if labels else [],
        "marked": _marked(found.row, labels),
        "journey": events_of(project, found),
        "dataset": desk.store.datasets[found.row.dataset],
    }


def item(desk: Desk, request: Request) -> Mapping[str, object]:
    """A registered file, and the tasks made of it."""
    found = desk.store.item(request.path_params["item"])
    folder = desk.store.folder(found.folder)
    return {
        "title": found.name,
        "trail": [("Storage folders", "/folders"), (folder.name, f"/folders/{folder.uuid}")],
        "sight": Sight(found, _within(found.facts.frames, _frame(request)), found.facts.frames, _size(found), []),
        "tasks": _tasks_of(desk, found.uuid) if found.links else [],
    }


def _tasks_of(desk: Desk, uuid: UUID) -> list[tuple[Project, Any]]:
    everywhere = ((project, task) for project in desk.store.projects.values() for task in project.tasks.values())
    return [(project, task) for project, task in everywhere if task.row.item.uuid == uuid]


def _frame(request: Request) -> int:
    asked = request.query_params.get("frame", "")
    return int(asked[:9]) if asked.isdecimal() else 0


def _within(frames: int, asked: int) -> int:
    return min(asked, max(frames - 1, 0))


def _sight(row: DataRow, labels: LabelRow | None, asked: int, agents: Set[str]) -> Sight:
    units = data_units(row)
    frames = sum(unit.frames for unit in units)
    frame = _within(frames, asked)
    size = _size(shown(row.item, frame)[0], row.item)
    things = _objects(units, labels, frame) if labels else []
    return Sight(row.item, frame, frames, size, [shape(thing, size, agents) for thing in things])


def _size(*items: Item) -> Size:
    for one in items:
        if one.facts.width and one.facts.height:
            return one.facts.width, one.facts.height
    return UNKNOWN_SIZE


def _objects(units: list[DataUnit], labels: LabelRow, frame: int) -> list[JsonObject]:
    """The objects on a frame; those of sounds and texts are only in the answers, and hold for the whole."""
    if units[0].place is Place.NOWHERE:
        return [thing for thing in labels.object_answers.values() if "featureHash" in thing]
    unit, place = (units[0], frame) if units[0].place is Place.PER_FRAME else (units[frame], 0)
    sheet = labels.labels.get(str(unit.hash), {})
    if unit.place is Place.PER_FRAME:
        sheet = sheet.get(str(place), {})
    return list(sheet.get("objects", []))


def _marked(row: DataRow, labels: LabelRow | None) -> list[int]:
    """The frames that have objects on them."""
    if labels is None:
        return []
    units = data_units(row)
    if units[0].place is Place.PER_FRAME:
        sheets = labels.labels.get(str(units[0].hash), {})
        return sorted(int(frame) for frame, sheet in sheets.items() if frame.isdecimal() and sheet.get("objects"))
    return [unit.sequence for unit in units if labels.labels.get(str(unit.hash), {}).get("objects")]
