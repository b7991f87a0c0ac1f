"""v2: projects, ontologies, workflow tasks and what moves them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..platform import workflow
from ..platform.json_values import Json, JsonObject
from ..platform.records import Project, Stage, StageType, Task
from ..platform.refusals import Invalid
from .calls import Call, Payload
from .queries import page


class ActionEntry(Payload):
    """One element of an actions request."""

    task_uuid: UUID
    action: workflow.ActionName
    pathway_name: str | None = None
    pathway_uuid: UUID | None = None
    assignee: str | None = None

    def meant(self) -> workflow.Action:
        """The action, whichever way the pathway was named."""
        pathway = self.pathway_name or (str(self.pathway_uuid) if self.pathway_uuid else None)
        return workflow.Action(self.task_uuid, self.action, pathway, self.assignee)


class Move(Payload):
    """Body of a move between stages."""

    task_uuids: list[UUID]
    destination_stage_uuid: UUID


class Priorities(Payload):
    """Body of a change of priorities, keyed by data hash."""

    priorities: list[tuple[UUID, Annotated[float, Field(ge=0, le=1)]]]


def get_project(call: Call) -> Json:
    """A project with its ontology and the workflow as clients may see it."""
    project = call.store.project(call.uuid("project"))
    ontology = call.store.ontology(project.ontology)
    created = project.created_at.isoformat()
    return {
        "projectHash": str(project.uuid),
        "projectType": "workflow",
        "status": "inProgress",
        "title": project.title,
        "description": "",
        "createdAt": created,
        "lastEditedAt": created,
        "creatorEmail": "owner@twin.local",
        "ontologyHash": str(ontology.uuid),
        "editorOntology": ontology.editor,
        "userRole": 0,
        "sourceProjects": [],
        "workflow": {"stages": [stage_json(stage) for stage in project.stages.values() if not stage.type.is_router]},
    }


def get_ontology(call: Call) -> Json:
    """An ontology."""
    ontology = call.store.ontology(call.uuid("ontology"))
    created = ontology.created_at.isoformat()
    return {
        "ontologyUuid": str(ontology.uuid),
        "title": ontology.title,
        "description": "",
        "createdAt": created,
        "lastEditedAt": created,
        "userRole": 0,
        "editor": {"skeleton_templates": [], **ontology.editor},
    }


def list_tasks(call: Call) -> Json:
    """The tasks waiting at a stage, in pages of the server's choosing."""
    project, stage = _project_and_stage(call)
    tasks = workflow.tasks_at(project, stage, _filter(call))
    cut = page(tasks, call.query.get("pageToken"), call.store.settings.task_page_size)
    return {"results": [task_json(stage, task) for task in cut.results], "nextPageToken": cut.next_token}


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
    project = call.store.project(call.uuid("project"))
    priorities = call.body(Priorities).priorities
    if strangers := [data for data, _ in priorities if data not in project.tasks]:
        raise Invalid(f"data unit {strangers[0]} has no task in this project")
    for data, priority in priorities:
        project.tasks[data].priority = priority
    return None


def stage_json(stage: Stage) -> JsonObject:
    """A stage as the SDK parses it; only agent stages have pathways."""
    described: JsonObject = {"stageType": stage.type.value, "uuid": str(stage.uuid), "title": stage.title}
    if stage.type is StageType.AGENT:
        described["pathways"] = [
            {"uuid": str(way.uuid), "title": way.title, "destinationUuid": str(way.destination)}
            for way in stage.pathways
        ]
    return described


def task_json(stage: Stage, task: Task) -> JsonObject:
    """A task as the SDK parses it; each stage type picks the keys it knows."""
    described: JsonObject = {
        "uuid": str(task.uuid),
        "createdAt": task.created_at.isoformat(),
        "updatedAt": task.updated_at.isoformat(),
        "dataHash": str(task.row.data_hash),
        "dataTitle": task.row.item.name,
    }
    if stage.type is not StageType.DONE:
        described |= {
            "status": task.status,
            "labelBranchName": "main",
            "assignee": task.assignee,
            "lastActionedBy": task.last_actioned_by,
        }
    return described


def _project_and_stage(call: Call) -> tuple[Project, Stage]:
    project = call.store.project(call.uuid("project"))
    return project, call.store.stage(project, call.uuid("stage"))


def _filter(call: Call) -> workflow.TaskFilter:
    def wanted(name: str) -> frozenset[str] | None:
        return frozenset(call.query.getlist(name)) or None

    return workflow.TaskFilter(
        data_hashes=call.uuids("dataHashes"),
        datasets=call.uuids("datasetHashes"),
        statuses=wanted("statuses"),
        assignees=wanted("userEmails"),
        title_contains=call.query.get("dataTitleContains"),
    )
