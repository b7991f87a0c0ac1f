"""Which agent stages have work to tell of, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from .queues import Queue
from .records import Notify, Project, Stage
from .store import Store

type Reason = Literal["batch_size_reached", "max_wait_elapsed"]


@dataclass(frozen=True)
class WorkAvailable:
    """Tasks wait at a stage whose address wants to know."""

    project: Project
    stage: Stage
    notify: Notify
    pending: int
    reason: Reason


def due(store: Store) -> Iterator[WorkAvailable]:
    """Every stage that has reached a threshold now; a stage stays due until its queue is drained."""
    for project in store.projects.values():
        for stage in project.stages.values():
            waiting = project.waiting[stage.uuid]
            if stage.notify and waiting and (reason := _reason(store, stage.notify, waiting)):
                yield WorkAvailable(project, stage, stage.notify, len(waiting), reason)


def _reason(store: Store, notify: Notify, waiting: Queue) -> Reason | None:
    if len(waiting) >= notify.batch_size:
        return "batch_size_reached"
    longest = store.now() - min(task.visits[-1].at for task in waiting.values())
    return "max_wait_elapsed" if longest >= timedelta(seconds=notify.max_wait) else None
