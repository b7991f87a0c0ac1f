"""Look into the Encord twin: what it holds, and what it was asked, as far as the scenario cares."""

from collections import Counter
from collections.abc import Sequence, Set
from datetime import datetime
from typing import Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

import httpx
from pydantic import BaseModel, Field, TypeAdapter

from sandbox.encord_twin.world import NotifySpec, World, WorldIds
from sandbox.scenario.world import DATASET, FOLDER, PROJECT

SWEEPS, RUN_TASKS = "encord-lambda/sweep_stages", "encord-lambda/run_tasks"  # user agents of the task path


class Visit(BaseModel):
    """A task entered a stage."""

    stage: str
    at: datetime


class Task(BaseModel):
    """A task where it waits now."""

    uuid: UUID
    data_hash: UUID
    visits: list[Visit]


class Classification(BaseModel):
    """One saved classification: attribute titles with their answers."""

    answers: dict[str, object]


class LabelRow(BaseModel):
    """The labels of one data unit on one branch."""

    data_hash: UUID
    branch: str
    classifications: list[Classification]

    def answers(self, title: str) -> list[object]:
        """What was answered to one classification: nothing, once, or more often than it should."""
        return [one.answers[title] for one in self.classifications if title in one.answers]


class Item(BaseModel):
    """A registered file."""

    uuid: UUID
    url: str | None
    """None for what is made of several files."""

    @property
    def key(self) -> str:
        """The object's key in its bucket."""
        return unquote(urlsplit(self.url or "").path.removeprefix("/"))


class Row(BaseModel):
    """An item in a dataset."""

    data_hash: UUID
    item: UUID


class Told(BaseModel):
    """A notification that was sent, of this project and stage. `status` is the HTTP status it was answered with."""

    project: UUID
    stage: UUID
    status: int | None


_TOLD = TypeAdapter(list[Told])


class _Folder(BaseModel):
    uuid: UUID
    items: list[Item]


class _Dataset(BaseModel):
    uuid: UUID
    rows: list[Row]


class _Project(BaseModel):
    uuid: UUID
    stages: dict[str, list[Task]]
    label_rows: list[LabelRow]


class _State(BaseModel):
    folders: list[_Folder]
    datasets: list[_Dataset]
    projects: list[_Project]


class _Log(BaseModel):
    by_agent: dict[str, dict[str, int]]


class Platform(BaseModel):
    """The scenario's folder, dataset and project at one moment."""

    items: list[Item] = Field(default_factory=list)
    rows: list[Row] = Field(default_factory=list)
    stages: dict[str, list[Task]] = Field(default_factory=dict)
    label_rows: list[LabelRow] = Field(default_factory=list)
    others: dict[UUID, dict[str, list[Task]]] = Field(default_factory=dict)
    """Stages of the projects that no upload feeds, by project."""

    @classmethod
    def of(cls, state: _State) -> Self:
        """Pick ours out of everything."""
        folder = next(one for one in state.folders if one.uuid == FOLDER)
        dataset = next(one for one in state.datasets if one.uuid == DATASET)
        project = next(one for one in state.projects if one.uuid == PROJECT)
        others = {one.uuid: one.stages for one in state.projects if one.uuid != PROJECT}
        return cls(
            items=folder.items,
            rows=dataset.rows,
            stages=project.stages,
            label_rows=project.label_rows,
            others=others,
        )

    @property
    def keys(self) -> dict[UUID, str]:
        """Which object each data unit is."""
        items = {item.uuid: item.key for item in self.items}
        return {row.data_hash: items[row.item] for row in self.rows}

    def waiting(self) -> dict[str, int]:
        """How many tasks each stage holds."""
        return {title: len(tasks) for title, tasks in self.stages.items()}

    def visits(self, agent_stages: Set[str]) -> tuple[int, int]:
        """How often tasks came to these stages, in whichever project, and how many of them wait there still."""
        stages = [one for project in (self.stages, *self.others.values()) for one in project.items()]
        came = sum(visit.stage in agent_stages for _, tasks in stages for task in tasks for visit in task.visits)
        return came, sum(len(tasks) for title, tasks in stages if title in agent_stages)


class Encord:
    """A running twin, by its unsigned routes for whoever runs it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=10)

    @property
    def board(self) -> str:
        """The address of the project's board, for a browser."""
        return f"{self.url}/projects/{PROJECT}"

    def seed(self, world: World) -> WorldIds:
        """Build a world in the empty twin."""
        content = world.model_dump_json(exclude_defaults=True)
        built = self._http.post("/_twin/world", content=content).raise_for_status()
        return WorldIds.model_validate_json(built.content)

    def notify(self, project: UUID, stage: UUID, notify: NotifySpec) -> None:
        """Have an agent stage tell of its work."""
        order = {"project": str(project), "stage": str(stage), "notify": notify.model_dump()}
        self._http.post("/_twin/notifications", json=order).raise_for_status()

    def notified(self) -> Sequence[Told]:
        """The notifications it sent, oldest first."""
        return _TOLD.validate_json(self._get("/_twin/notifications"))

    def look(self) -> Platform:
        """What it holds now."""
        return Platform.of(_State.model_validate_json(self._get("/_twin/state")))

    def requests(self) -> Counter[str]:
        """How many requests came from whom since the start; only the task path's are named."""
        log = _Log.model_validate_json(self._get("/_twin/log"))
        return Counter({agent: sum(log.by_agent.get(agent, {}).values()) for agent in (SWEEPS, RUN_TASKS)})

    def _get(self, path: str) -> bytes:
        return self._http.get(path).raise_for_status().content
