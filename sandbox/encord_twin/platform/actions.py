"""What may be done to a task at which stage, checked first and done later."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from . import consensus, reviews
from .entering import enter
from .records import Project, Stage, StageType
from .refusals import Invalid
from .store import Store
from .tasks import Subtask, Task

type ActionName = Literal["PATHWAY_ACTION", "SUBMIT", "ASSIGN", "RELEASE", "APPROVE", "REJECT"]
type Step = Callable[[Store, Project, str], None]

ANNOTATING: frozenset[ActionName] = frozenset({"SUBMIT", "ASSIGN", "RELEASE"})
REVIEWING: frozenset[ActionName] = frozenset({"APPROVE", "REJECT", "ASSIGN", "RELEASE"})
ALLOWED: dict[StageType, frozenset[ActionName]] = {
    StageType.AGENT: frozenset({"PATHWAY_ACTION"}),
    StageType.ANNOTATION: ANNOTATING,
    StageType.REVIEW: REVIEWING,
    StageType.CONSENSUS_ANNOTATION: ANNOTATING,
    StageType.CONSENSUS_REVIEW: REVIEWING,
}


@dataclass(frozen=True)
class Action:
    """What one task or consensus subtask is asked to do.

    `pathway` is a pathway's name or UUID. `assignee` is an e-mail address, and gets the task where it goes next;
    with `retain_assignee` it stays with whom it is. `settle_reviews` lets the reviews of its labels follow.
    """

    task: UUID
    name: ActionName
    pathway: str | None = None
    assignee: str | None = None
    retain_assignee: bool = False
    settle_reviews: bool = True


def on_task(stage: Stage, task: Task, action: Action) -> Step:
    """The step this action means for a task, or `Invalid`; nothing changes before the step is taken."""
    _check_allowed(stage, action)
    if action.name in ("ASSIGN", "RELEASE"):
        return _assignment(task, action)
    destination, assignee = _destination(stage, action), _next_assignee(task, action)

    def step(store: Store, project: Project, user: str) -> None:
        if action.settle_reviews:
            reviews.settle(project, stage, task, action.name)
        enter(store, project, task, destination, user, assignee)

    return step


def on_subtask(stage: Stage, subtask: Subtask, action: Action) -> Step:
    """The step this action means for a consensus subtask; the last one submitted takes the whole task on."""
    _check_allowed(stage, action)
    consensus.check_open(subtask)
    if action.name in ("ASSIGN", "RELEASE"):
        return _assignment(subtask, action)
    destination, assignee = _destination(stage, action), _next_assignee(subtask, action)

    def step(store: Store, project: Project, user: str) -> None:
        consensus.submit(subtask, store.now(), user)
        task = project.tasks[subtask.task]
        if consensus.all_submitted(task):
            enter(store, project, task, destination, user, assignee)

    return step


def _check_allowed(stage: Stage, action: Action) -> None:
    if action.name not in ALLOWED.get(stage.type, frozenset()):
        raise Invalid(f"{action.name} is not possible in the {stage.type} stage {stage.title!r}")


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


def _next_assignee(task: Task | Subtask, action: Action) -> str | None:
    if action.assignee or not action.retain_assignee:
        return action.assignee
    if task.assignee is None:
        raise Invalid(f"retain_assignee: task {task.uuid} has no assignee")
    return task.assignee


def _assignment(task: Task | Subtask, action: Action) -> Step:
    if action.name == "ASSIGN" and not action.assignee:
        raise Invalid("ASSIGN needs an assignee")

    def step(store: Store, _project: Project, user: str) -> None:
        task.assignee = action.assignee if action.name == "ASSIGN" else None
        task.status = "ASSIGNED" if action.name == "ASSIGN" else "RELEASED"
        task.updated_at, task.last_actioned_by = store.now(), user

    return step
