"""Reviews of single labels, as far as a review stage has got with them.

A review comes into being when somebody first looks: one per object and classification on `main`, per stage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from .identifiers import identifier
from .label_rows import MAIN
from .records import LabelRow, Project, Stage, StageType
from .refusals import Invalid
from .tasks import LabelReview, Task

type Kind = Literal["Object", "Classification"]


@dataclass(frozen=True)
class Verdict:
    """What becomes of one review; a rejection may say why."""

    review: UUID
    name: Literal["APPROVE", "REJECT", "REOPEN"]
    comment: str | None = None
    tags: tuple[str, ...] = ()


def of_task(project: Project, stage: Stage, task: Task) -> list[LabelReview]:
    """The reviews of the labels a task has by now; those of deleted labels are left out."""
    labels = project.label_row(task.row.data_hash, MAIN)
    if labels is None:
        return []
    known = project.reviews.setdefault(task.uuid, {})
    return [_review(known, stage, task, kind, label) for kind, label in _labels(labels)]


def act(project: Project, stage: Stage, task: Task, verdicts: Sequence[Verdict]) -> None:
    """Pass all verdicts, or raise `Invalid` and pass none."""
    known = {review.uuid: review for review in of_task(project, stage, task)}
    if unknown := [verdict.review for verdict in verdicts if verdict.review not in known]:
        raise Invalid(f"task {task.uuid} has no label review {unknown[0]}")
    for verdict in verdicts:
        review = known[verdict.review]
        if verdict.name == "REJECT":
            review.status, review.comment, review.tags = "REJECTED", verdict.comment, verdict.tags
        else:
            review.status = "APPROVED" if verdict.name == "APPROVE" else "REOPENED"


def settle(project: Project, stage: Stage, task: Task, action: str) -> None:
    """Let open reviews follow the whole task's verdict, and rejected ones count as resolved on submission."""
    if stage.type is StageType.REVIEW:
        for review in of_task(project, stage, task):
            if review.status not in ("APPROVED", "REJECTED"):
                review.status = "APPROVED" if action == "APPROVE" else "REJECTED"
    elif action == "SUBMIT":
        for review in project.reviews.get(task.uuid, {}).values():
            if review.status == "REJECTED":
                review.status = "RESOLVED"


def _review(
    known: dict[tuple[UUID, str], LabelReview], stage: Stage, task: Task, kind: Kind, label: str
) -> LabelReview:
    key = (stage.uuid, label)
    if key not in known:
        known[key] = LabelReview(identifier("review", task.uuid, *key), kind, label)
    return known[key]


def _labels(row: LabelRow) -> Iterator[tuple[Kind, str]]:
    yield from (("Object", label) for label in row.object_answers)
    yield from (("Classification", label) for label in row.classification_answers)
