"""A project as a board: what waits at which stage, the story so far in numbers, and what happened last."""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from starlette.requests import Request

from ..platform.records import LabelRow, Project, Stage, StageType
from ..platform.tasks import Task
from ..protocol.exchange import Desk
from .answers import Answer, agents_of, headline
from .flow import LOOKS, Look, in_flow_order, taken
from .flow_drawing import draw
from .paging import cut

CARDS = 40  # a column shows at most; the rest is a click away
EVENTS = 4
MAIN = "main"


@dataclass(frozen=True)
class Card:
    """A task at its stage. `submitted` counts the consensus subtasks that are."""

    task: Task
    answer: Answer | None
    submitted: int


@dataclass(frozen=True)
class Column:
    """A stage with the tasks that came last."""

    stage: Stage
    look: Look
    count: int
    cards: list[Card]


@dataclass(frozen=True)
class Event:
    """A task went from one stage to another, or entered the first one."""

    task: Task
    origin: str | None
    destination: str
    way: str
    at: datetime
    by: str | None


@dataclass(frozen=True)
class Step:
    """One number of the story."""

    name: str
    number: int
    look: str


def board(desk: Desk, request: Request) -> Mapping[str, object]:
    """The whole board."""
    project = desk.store.project(request.path_params["project"])
    columns = [_column(project, stage) for stage in in_flow_order(project)]
    return {
        "title": project.title,
        "trail": [],
        "project": project,
        "sheet": draw(project),
        "columns": columns,
        "story": list(story(desk, project)),
        "events": list(islice(_events(project), EVENTS)),
    }


def stage_list(desk: Desk, request: Request) -> Mapping[str, object]:
    """All tasks of one stage, page by page, in the order they are handed out."""
    project = desk.store.project(request.path_params["project"])
    stage = desk.store.stage(project, request.path_params["stage"])
    queue = project.waiting[stage.uuid]
    page = cut(request, queue.values(), len(queue))
    return {
        "title": stage.title,
        "trail": [(project.title, f"/projects/{project.uuid}")],
        "project": project,
        "look": LOOKS[stage.type],
        "page": page,
        "cards": [_card(project, task) for task in page.entries],
    }


def story(desk: Desk, project: Project) -> Iterator[Step]:
    """From file to finished task, as numbers: each counts tasks that came at least so far."""
    waiting = dict.fromkeys(StageType, 0)
    for uuid, queue in project.waiting.items():
        waiting[project.stages[uuid].type] += len(queue)
    rows = sum(len(desk.store.datasets[dataset].rows) for dataset in project.datasets)
    labelled = sum(_has_labels(branches.get(MAIN)) for branches in project.labels.values())
    yield Step("registered", rows, "plain")
    yield Step("waiting for an agent", waiting[StageType.AGENT], "agent")
    yield Step("labelled", labelled, "annotation")
    yield Step("routed", len(project.tasks) - waiting[StageType.AGENT], "review")
    yield Step("done", waiting[StageType.DONE], "done")


def _has_labels(labels: LabelRow | None) -> bool:
    return labels is not None and bool(labels.classification_answers or labels.object_answers)


def _column(project: Project, stage: Stage) -> Column:
    queue = project.waiting[stage.uuid]
    latest = heapq.nlargest(CARDS, queue.values(), key=lambda task: task.updated_at)
    return Column(stage, LOOKS[stage.type], len(queue), [_card(project, task) for task in latest])


def _card(project: Project, task: Task) -> Card:
    labels = project.label_row(task.row.data_hash, MAIN)
    submitted = sum(subtask.status == "COMPLETED" for subtask in task.subtasks)
    return Card(task, headline(labels, agents_of(project, task)), submitted)


def events_of(project: Project, task: Task) -> list[Event]:
    """A task's journey, the last step first."""
    found: list[Event] = []
    before: UUID | None = None
    for visit in task.visits:
        origin = project.stages[before].title if before else None
        way = taken(project, before, visit.stage) if before else "registered"
        found.append(Event(task, origin, project.stages[visit.stage].title, way, visit.at, visit.by))
        before = visit.stage
    return found[::-1]


def _events(project: Project) -> list[Event]:
    latest = heapq.nlargest(EVENTS, project.tasks.values(), key=lambda task: task.updated_at)
    events = [event for task in latest for event in events_of(project, task)]
    return sorted(events, key=lambda event: event.at, reverse=True)
