"""Consensus: several annotators label the same data unit, each on a branch of their own.

A branch is created when its annotator first opens the data unit, and starts empty. Nothing here writes `main`:
what the reviewer approves is for the reviewer to copy there.
"""

import re
from datetime import datetime

from .identifiers import identifier
from .records import Project, Stage
from .refusals import Invalid
from .tasks import Subtask, Task


def branch_of(annotator: str) -> str:
    """The branch of an annotator's labels; the platform wants `encord-` first and few special characters.

    >>> branch_of("ann@twin.local")
    'encord-ann-twin.local'
    """
    return "encord-" + re.sub(r"[^A-Za-z0-9._-]", "-", annotator)


def open_subtasks(project: Project, stage: Stage, task: Task, now: datetime) -> None:
    """Give every annotator of the stage a share of the task, also when it comes back; older shares are gone."""
    for subtask in task.subtasks:
        project.subtasks.pop(subtask.uuid, None)
    returned = any(visit.stage == stage.uuid for visit in task.visits)
    task.subtasks = tuple(
        Subtask(
            uuid=identifier("subtask", task.uuid, stage.uuid, annotator),
            task=task.row.data_hash,
            branch=branch_of(annotator),
            annotator=annotator,
            assignee=annotator,
            status="REOPENED" if returned else "ASSIGNED",
            created_at=now,
            updated_at=now,
        )
        for annotator in stage.annotators
    )
    project.subtasks.update((subtask.uuid, subtask) for subtask in task.subtasks)


def submit(subtask: Subtask, now: datetime, user: str) -> None:
    """Count the subtask as done by whom it was assigned to, or by the one who submitted it."""
    subtask.annotator = subtask.assignee or user
    subtask.status, subtask.updated_at, subtask.last_actioned_by = "COMPLETED", now, user


def check_open(subtask: Subtask) -> None:
    """Refuse to act on a subtask that was submitted."""
    if subtask.status == "COMPLETED":
        raise Invalid(f"subtask {subtask.uuid} of {subtask.annotator} was submitted before")


def all_submitted(task: Task) -> bool:
    """Whether the task may go on to its review."""
    return all(subtask.status == "COMPLETED" for subtask in task.subtasks)
