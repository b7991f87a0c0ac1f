"""Which tasks of a stage a client wants, and how far it has read.

A page ends at a place in the queue, not at a number: tasks that leave between two pages make it skip nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from .records import Project, Stage
from .refusals import Invalid
from .tasks import Place, Task


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks of a stage are wanted; None means any."""

    data_hashes: frozenset[UUID] | None = None
    datasets: frozenset[UUID] | None = None
    statuses: frozenset[str] | None = None
    assignees: frozenset[str] | None = None
    title_contains: str | None = None

    def accepts(self, task: Task) -> bool:
        """Whether the task meets every condition; with subtasks, one of them must be the assignee's."""
        holders = (subtask.assignee for subtask in task.subtasks)
        return (
            (self.data_hashes is None or task.row.data_hash in self.data_hashes)
            and (self.datasets is None or task.row.dataset in self.datasets)
            and (self.statuses is None or task.status in self.statuses)
            and (self.assignees is None or not self.assignees.isdisjoint([task.assignee, *holders]))
            and (self.title_contains is None or self.title_contains in task.row.item.name)
        )


@dataclass(frozen=True)
class TaskPage:
    """A stretch of the queue and the token of the next one."""

    tasks: list[Task]
    next_token: str | None


def page(project: Project, stage: Stage, wanted: TaskFilter, token: str | None, size: int) -> TaskPage:
    """The next tasks behind `token`, the most urgent first, then the oldest. Looks at named data units only."""
    behind = _place(token) if token else None
    if wanted.data_hashes is None:
        candidates: Iterable[Task] = project.waiting[stage.uuid].after(behind)
    else:
        candidates = _named(project, stage, wanted.data_hashes, behind)
    found = list(islice((task for task in candidates if wanted.accepts(task)), size + 1))
    return TaskPage(found[:size], _token(found[size - 1]) if len(found) > size else None)


def _named(project: Project, stage: Stage, data_hashes: frozenset[UUID], behind: Place | None) -> Iterator[Task]:
    tasks = (project.tasks[data] for data in data_hashes if data in project.tasks)
    here = (task for task in tasks if task.stage == stage.uuid and (behind is None or task.place > behind))
    yield from sorted(here, key=lambda task: task.place)


def _token(task: Task) -> str:
    urgency, sequence = task.place
    return f"{urgency!r}~{sequence}"


def _place(token: str) -> Place:
    urgency, _, sequence = token.partition("~")
    try:
        return float(urgency), int(sequence)
    except ValueError as error:
        raise Invalid("pageToken is not one of ours") from error
