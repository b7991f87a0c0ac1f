"""v2: workflow tasks, what moves them, and the reviews of their labels."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ..platform import listing, reviews, workflow
from ..platform.actions import Action, ActionName
from ..platform.json_values import Json
from ..platform.records import Project, Stage
from ..platform.refusals import Missing
from ..platform.tasks import Task
from .calls import Call, Payload
from .queries import page
from .task_wire import review_json, task_json


class ActionEntry(Payload):
    """One element of an actions request."""

    task_uuid: UUID
    action: ActionName
    pathway_name: str | None = None
    pathway_uuid: UUID | None = None
    assignee: str | None = None
    retain_assignee: bool = False
    approve_label_reviews: bool = True
    reject_label_reviews: bool = True
    resolve_label_reviews: bool = True

    def meant(self) -> Action:
        """The action, whichever way the pathway was named."""
        pathway = self.pathway_name or (str(self.pathway_uuid) if self.pathway_uuid else None)
        settle = self.approve_label_reviews and self.reject_label_reviews and self.resolve_label_reviews
        return Action(self.task_uuid, self.action, pathway, self.assignee, self.retain_assignee, settle)


class Move(Payload):
    """Body of a move between stages."""

    task_uuids: list[UUID]
    destination_stage_uuid: UUID


class Priorities(Payload):
    """Body of a change of priorities, keyed by data hash."""

    priorities: list[tuple[UUID, Annotated[float, Field(ge=0, le=1)]]]


class ReviewEntry(Payload):
    """One element of a label review request."""

    review_uuid: UUID
    action: Literal["APPROVE", "REJECT", "REOPEN"]
    comment: str | None = None
    comment_tags: list[str] | None = None


def list_tasks(call: Call) -> Json:
    """The tasks waiting at a stage, in pages of the server's choosing."""
    project, stage = _project_and_stage(call)
    cut = listing.page(project, stage, _filter(call), call.query.get("pageToken"), call.store.settings.task_page_size)
    return {"results": [task_json(project, stage, task) for task in cut.tasks], "nextPageToken": cut.next_token}


def act(call: Call) -> Json:
    """Actions on tasks of one stage, all or none."""
    project, stage = _project_and_stage(call)
    actions = [entry.meant() for entry in call.body(list[ActionEntry])]
    workflow.act(call.store, project, stage, actions, call.user)
    return None


def move_tasks(call: Call) -> Json:
    """Tasks from one stage to another, all or none."""
    project, origin = _project_and_stage(call)
    body = call.body(Move)
    destination = call.store.stage(project, body.destination_stage_uuid)
    workflow.move(call.store, project, origin, destination, body.task_uuids, call.user)
    return None


def set_priorities(call: Call) -> Json:
    """Priorities by data hash, all or none."""
    workflow.prioritise(call.store.project(call.uuid("project")), call.body(Priorities).priorities)
    return None


def list_reviews(call: Call) -> Json:
    """The label reviews of a task in a review stage, page by page."""
    project, stage, task = _task(call)
    everything = reviews.of_task(project, stage, task)
    cut = page(everything, call.query.get("pageToken"), call.page_size())
    return {"results": [review_json(review) for review in cut.results], "nextPageToken": cut.next_token}


def act_on_reviews(call: Call) -> Json:
    """Verdicts on labels of one task, all or none."""
    project, stage, task = _task(call)
    entries = call.body(list[ReviewEntry])
    verdicts = [
        reviews.Verdict(entry.review_uuid, entry.action, entry.comment, tuple(entry.comment_tags or ()))
        for entry in entries
    ]
    reviews.act(project, stage, task, verdicts)
    return None


def _project_and_stage(call: Call) -> tuple[Project, Stage]:
    project = call.store.project(call.uuid("project"))
    return project, call.store.stage(project, call.uuid("stage"))


def _task(call: Call) -> tuple[Project, Stage, Task]:
    project, stage = _project_and_stage(call)
    here, task = project.waiting[stage.uuid], call.uuid("task")
    if task not in here:
        raise Missing(f"no task {task} in stage {stage.title!r}")
    return project, stage, here[task]


def _filter(call: Call) -> listing.TaskFilter:
    def wanted(name: str) -> frozenset[str] | None:
        return frozenset(call.query.getlist(name)) or None

    return listing.TaskFilter(
        data_hashes=call.uuids("dataHashes"),
        datasets=call.uuids("datasetHashes"),
        statuses=wanted("statuses"),
        assignees=wanted("userEmails"),
        title_contains=call.query.get("dataTitleContains"),
    )
