"""Tasks walking through a project's workflow graph.

A request names many tasks and moves all of them or none: every check comes before the first change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from .holdings import DataRow
from .identifiers import identifier
from .records import Project, Stage, StageType, Task, Visit
from .refusals import Invalid
from .store import Store

ActionName = Literal["PATHWAY_ACTION", "SUBMIT", "ASSIGN", "RELEASE", "APPROVE", "REJECT"]
ALLOWED: dict[StageType, frozenset[ActionName]] = {
    StageType.AGENT: frozenset({"PATHWAY_ACTION"}),
    StageType.ANNOTATION: frozenset({"SUBMIT", "ASSIGN", "RELEASE"}),
    StageType.REVIEW: frozenset({"APPROVE", "REJECT", "ASSIGN", "RELEASE"}),
}


@dataclass(frozen=True)
class Action:
    """What one task is asked to do; `pathway` is a pathway's name or UUID, `assignee` an e-mail address."""

    task: UUID
    name: ActionName
    pathway: str | None = None
    assignee: str | None = None


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks of a stage are wanted; None means any."""

    data_hashes: frozenset[UUID] | None = None
    datasets: frozenset[UUID] | None = None
    statuses: frozenset[str] | None = None
    assignees: frozenset[str] | None = None
    title_contains: str | None = None

    def accepts(self, task: Task) -> bool:
        """Whether the task meets every condition."""
        return (
            (self.data_hashes is None or task.row.data_hash in self.data_hashes)
            and (self.datasets is None or task.row.dataset in self.datasets)
            and (self.statuses is None or task.status in self.statuses)
            and (self.assignees is None or task.assignee in self.assignees)
            and (self.title_contains is None or self.title_contains in task.row.item.name)
        )


def start_task(store: Store, project: Project, row: DataRow) -> Task:
    """Put a new data row at the workflow's start."""
    now = store.now()
    task = Task(
        identifier("task", project.uuid, row.data_hash), row, project.first, "NEW", created_at=now, updated_at=now
    )
    project.tasks[row.data_hash] = task
    _enter(store, project, task, project.first, None)
    return task


def tasks_at(project: Project, stage: Stage, wanted: TaskFilter) -> list[Task]:
    """The tasks waiting at a stage, the most urgent first, then the oldest."""
    tasks = [task for task in project.waiting.get(stage.uuid, {}).values() if wanted.accepts(task)]
    return sorted(tasks, key=lambda task: (-task.priority, task.created_at))


def act(store: Store, project: Project, stage: Stage, actions: Sequence[Action], user: str) -> None:
    """Do all actions, or raise `Invalid` and do none."""
    tasks = _all_here(project, stage, [action.task for action in actions])
    steps = [_step(stage, action) for action in actions]
    for task, step in zip(tasks, steps, strict=True):
        step(store, project, task, user)


def move(store: Store, project: Project, origin: Stage, destination: Stage, tasks: Sequence[UUID], user: str) -> None:
    """Carry tasks from one stage straight to another, all or none."""
    for task in _all_here(project, origin, tasks):
        _enter(store, project, task, destination.uuid, user)


def finish(store: Store, project: Project, tasks: Sequence[Task], user: str) -> None:
    """Send tasks to the first final stage, from wherever they are."""
    done = next((stage.uuid for stage in project.stages.values() if stage.type is StageType.DONE), None)
    if done is None:
        raise Invalid("the workflow has no final stage")
    for task in tasks:
        _enter(store, project, task, done, user)


def reopen(store: Store, project: Project, tasks: Sequence[Task], user: str) -> None:
    """Send tasks back to the workflow's start."""
    for task in tasks:
        _enter(store, project, task, project.first, user)


type Step = Callable[[Store, Project, Task, str], None]


def _all_here(project: Project, stage: Stage, tasks: Sequence[UUID]) -> list[Task]:
    here = project.waiting.get(stage.uuid, {})
    if stale := [str(task) for task in tasks if task not in here]:
        raise Invalid(f"{len(stale)} of {len(tasks)} tasks are not in stage {stage.title!r}: {', '.join(stale[:3])}")
    if len(set(tasks)) != len(tasks):
        raise Invalid("a task is named twice")
    return [here[task] for task in tasks]


def _step(stage: Stage, action: Action) -> Step:
    if action.name not in ALLOWED.get(stage.type, frozenset()):
        raise Invalid(f"{action.name} is not possible in the {stage.type} stage {stage.title!r}")
    if action.name in ("ASSIGN", "RELEASE"):
        return _assignment(action)
    destination = _destination(stage, action)
    return lambda store, project, task, user: _enter(store, project, task, destination, user, action.assignee)


def _destination(stage: Stage, action: Action) -> UUID:
    if action.name == "PATHWAY_ACTION":
        for pathway in stage.pathways:
            if action.pathway in (pathway.title, str(pathway.uuid)):
                return pathway.destination
        raise Invalid(f"stage {stage.title!r} has no pathway {action.pathway!r}")
    destination = stage.rejected if action.name == "REJECT" else stage.next
    if destination is None:
        raise Invalid(f"stage {stage.title!r} leads nowhere on {action.name}")
    return destination


def _assignment(action: Action) -> Step:
    if action.name == "ASSIGN" and not action.assignee:
        raise Invalid("ASSIGN needs an assignee")

    def step(store: Store, _project: Project, task: Task, user: str) -> None:
        task.assignee = action.assignee if action.name == "ASSIGN" else None
        task.status = "ASSIGNED" if action.name == "ASSIGN" else "RELEASED"
        task.updated_at, task.last_actioned_by = store.now(), user

    return step


def _enter(
    store: Store, project: Project, task: Task, stage: UUID, user: str | None, assignee: str | None = None
) -> None:
    stage = _through_routers(project, stage)
    project.waiting.get(task.stage, {}).pop(task.uuid, None)
    returned = any(visit.stage == stage for visit in task.visits)
    now = store.now()
    task.stage, task.updated_at, task.assignee = stage, now, assignee
    task.status = "COMPLETED" if project.stages[stage].type is StageType.DONE else "REOPENED" if returned else "NEW"
    task.last_actioned_by = user
    task.visits.append(Visit(stage, now, user))
    project.waiting.setdefault(stage, {})[task.uuid] = task


def _through_routers(project: Project, stage: UUID) -> UUID:
    while project.stages[stage].type.is_router:
        onward = project.stages[stage].next
        assert onward is not None, "World refuses routers that lead nowhere"
        stage = onward
    return stage
