"""Tasks walking through a project's workflow graph.

A request names many tasks and moves all of them or none: every check comes before the first change.
"""

from collections.abc import Sequence
from uuid import UUID

from .actions import Action, Step, on_subtask, on_task
from .entering import enter, leave
from .holdings import DataRow
from .identifiers import identifier
from .records import Project, Stage, StageType
from .refusals import Invalid
from .store import Store
from .tasks import Task


def start_task(store: Store, project: Project, row: DataRow) -> Task:
    """Put a new data row at the workflow's start."""
    now = store.now()
    uuid = identifier("task", project.uuid, row.data_hash)
    task = Task(uuid, row, project.first, project.made, created_at=now, updated_at=now)
    project.made += 1
    project.tasks[row.data_hash] = task
    enter(store, project, task, project.first, None)
    return task


def withdraw(project: Project, row: DataRow) -> None:
    """Take a data row's task out of the workflow; its labels are kept, and out of reach until it comes back."""
    if task := project.tasks.pop(row.data_hash, None):
        leave(project, task)
        for subtask in task.subtasks:
            project.subtasks.pop(subtask.uuid, None)


def act(store: Store, project: Project, stage: Stage, actions: Sequence[Action], user: str) -> None:
    """Do all actions, or raise `Invalid` and do none. In a consensus annotation stage they name subtasks."""
    uuids = [action.task for action in actions]
    steps: list[Step]
    if stage.type is StageType.CONSENSUS_ANNOTATION:
        _check_here(stage, uuids, [uuid for uuid in uuids if not _subtask_is_here(project, stage, uuid)])
        steps = [on_subtask(stage, project.subtasks[action.task], action) for action in actions]
    else:
        here = _all_here(project, stage, uuids)
        steps = [on_task(stage, task, action) for task, action in zip(here, actions, strict=True)]
    for step in steps:
        step(store, project, user)


def move(store: Store, project: Project, origin: Stage, destination: Stage, tasks: Sequence[UUID], user: str) -> None:
    """Carry tasks from one stage straight to another, all or none."""
    for task in _all_here(project, origin, tasks):
        enter(store, project, task, destination.uuid, user)


def finish(store: Store, project: Project, tasks: Sequence[Task], user: str) -> None:
    """Send tasks to the first final stage, from wherever they are."""
    done = next((stage.uuid for stage in project.stages.values() if stage.type is StageType.DONE), None)
    if done is None:
        raise Invalid("the workflow has no final stage")
    for task in tasks:
        enter(store, project, task, done, user)


def reopen(store: Store, project: Project, tasks: Sequence[Task], user: str) -> None:
    """Send tasks back to the first stage where people annotate, or to the workflow's start if there is none."""
    annotating = (StageType.ANNOTATION, StageType.CONSENSUS_ANNOTATION)
    first = next((stage.uuid for stage in project.stages.values() if stage.type in annotating), project.first)
    for task in tasks:
        enter(store, project, task, first, user)


def prioritise(project: Project, priorities: Sequence[tuple[UUID, float]]) -> None:
    """Set priorities (0 to 1, higher is sooner) by data hash, all or none."""
    if strangers := [data for data, _ in priorities if data not in project.tasks]:
        raise Invalid(f"data unit {strangers[0]} has no task in this project")
    for data, priority in priorities:
        task = project.tasks[data]
        queue = project.waiting[task.stage]
        queue.remove(task)
        task.priority = priority
        queue.add(task)


def _all_here(project: Project, stage: Stage, tasks: Sequence[UUID]) -> list[Task]:
    here = project.waiting[stage.uuid]
    _check_here(stage, tasks, [task for task in tasks if task not in here])
    return [here[task] for task in tasks]


def _check_here(stage: Stage, tasks: Sequence[UUID], stale: Sequence[UUID]) -> None:
    if stale:
        named = ", ".join(map(str, stale[:3]))
        raise Invalid(f"{len(stale)} of {len(tasks)} tasks are not in stage {stage.title!r}: {named}")
    if len(set(tasks)) != len(tasks):
        raise Invalid("a task is named twice")


def _subtask_is_here(project: Project, stage: Stage, uuid: UUID) -> bool:
    subtask = project.subtasks.get(uuid)
    return subtask is not None and project.tasks[subtask.task].stage == stage.uuid
