"""The tasks waiting at a stage, always in order, so that a page costs its own length and no more."""

from collections.abc import Iterator
from uuid import UUID

from sortedcontainers import SortedDict

from .tasks import Place, Task


class Queue:
    """Tasks by UUID and by place."""

    def __init__(self) -> None:
        self._tasks: dict[UUID, Task] = {}
        self._places: SortedDict[Place, Task] = SortedDict()

    def __len__(self) -> int:
        """How many tasks wait."""
        return len(self._tasks)

    def __contains__(self, task: UUID) -> bool:
        """Whether the task waits here."""
        return task in self._tasks

    def __getitem__(self, task: UUID) -> Task:
        """The task with this UUID."""
        return self._tasks[task]

    def values(self) -> Iterator[Task]:
        """All tasks, the most urgent first, then the oldest."""
        yield from self._places.values()

    def after(self, place: Place | None) -> Iterator[Task]:
        """The tasks behind a place in the queue, whether or not somebody still stands there."""
        for here in self._places.irange(place, inclusive=(False, True)):
            yield self._places[here]

    def add(self, task: Task) -> None:
        """Let a task wait at its place."""
        self._tasks[task.uuid] = task
        self._places[task.place] = task

    def remove(self, task: Task) -> None:
        """Let a task go; its priority must be what it was when it came."""
        del self._tasks[task.uuid], self._places[task.place]
