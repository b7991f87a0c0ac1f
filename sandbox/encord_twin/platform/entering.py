"""A task arrives at a stage, and leaves the one it was at."""

from uuid import UUID

from . import consensus, routers
from .records import Project, StageType
from .store import Store
from .tasks import Task, Visit


def enter(
    store: Store, project: Project, task: Task, stage: UUID, user: str | None, assignee: str | None = None
) -> None:
    """Send a task to a stage, through any routers before it; `user` is who sent it."""
    leave(project, task)
    there = project.stages[routers.through(project, task, stage, user)]
    now = store.now()
    task.stage, task.updated_at, task.assignee, task.last_actioned_by = there.uuid, now, assignee, user
    task.status = _status(task, there.type)
    if there.type is StageType.CONSENSUS_ANNOTATION:
        consensus.open_subtasks(project, there, task, now)
    task.visits = (*task.visits, Visit(there.uuid, now, user))
    project.waiting[there.uuid].add(task)


def leave(project: Project, task: Task) -> None:
    """Take a task out of the queue it waits in, if any."""
    if task.uuid in (queue := project.waiting[task.stage]):
        queue.remove(task)


def _status(task: Task, there: StageType) -> str:
    if there is StageType.DONE:
        return "COMPLETED"
    if task.assignee:
        return "ASSIGNED"
    return "REOPENED" if any(visit.stage == task.stage for visit in task.visits) else "NEW"
