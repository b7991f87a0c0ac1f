"""v2: projects, ontologies, and what belongs to a project beside its tasks and labels."""

from typing import Literal

from ..platform import access
from ..platform.json_values import Json, JsonObject
from ..platform.records import Ontology, Project, Stage, StageType
from ..platform.store import Store
from .calls import Call, Payload
from .described import described
from .queries import page


class NewStatus(Payload):
    """Body of a change of a project's status."""

    status: Literal["notStarted", "inProgress", "inReview", "paused", "completed", "cancelled", "archived"]


class Users(Payload):
    """Body of a removal of users."""

    user_emails: list[str]


def get_project(call: Call) -> Json:
    """A project with its ontology and the workflow as clients may see it."""
    return project_json(call.store, call.store.project(call.uuid("project")))


def list_projects(call: Call) -> Json:
    """The user's projects that meet every condition, page by page."""
    wanted = described(call)
    mine = [one for one in call.store.projects.values() if access.admits(one, call.user) and wanted.accepts(one)]
    cut = page(mine, call.query.get("pageToken"), call.page_size())
    return {"results": [project_json(call.store, one) for one in cut.results], "nextPageToken": cut.next_token}


def set_status(call: Call) -> Json:
    """Change a project's status; it is a note to people and stops nobody."""
    call.store.project(call.uuid("project")).status = call.body(NewStatus).status
    return None


def list_datasets(call: Call) -> Json:
    """The datasets attached to a project, all at once."""
    attached = [call.store.datasets[uuid] for uuid in call.store.project(call.uuid("project")).datasets]
    results = [{"datasetHash": str(one.uuid), "title": one.title, "description": one.description} for one in attached]
    return {"results": results, "nextPageToken": None}


def list_users(call: Call) -> Json:
    """Everybody who may work in a project, all as admins."""
    users = access.members(call.store, call.store.project(call.uuid("project")))
    cut = page(users, call.query.get("pageToken"), call.page_size())
    return {"results": [{"userEmail": user, "userRole": 0} for user in cut.results], "nextPageToken": cut.next_token}


def remove_users(call: Call) -> Json:
    """Shut users out of a project."""
    access.remove_members(call.store, call.store.project(call.uuid("project")), call.body(Users).user_emails)
    return None


def get_ontology(call: Call) -> Json:
    """An ontology."""
    return ontology_json(call.store.ontology(call.uuid("ontology")))


def list_ontologies(call: Call) -> Json:
    """The ontologies that meet every condition, all at once; everybody may read them."""
    wanted = described(call)
    found = [ontology_json(one) for one in call.store.ontologies.values() if wanted.accepts(one)]
    return {"results": found, "nextPageToken": None}


def project_json(store: Store, project: Project) -> JsonObject:
    """A project as the SDK parses it; routers are not for clients."""
    created = project.created_at.isoformat()
    ontology = store.ontology(project.ontology)
    return {
        "projectHash": str(project.uuid),
        "projectType": "workflow",
        "status": project.status,
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


def ontology_json(ontology: Ontology) -> JsonObject:
    """An ontology as the SDK parses it."""
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


def stage_json(stage: Stage) -> JsonObject:
    """A stage as the SDK parses it; only agent stages have pathways."""
    json: JsonObject = {"stageType": stage.type.value, "uuid": str(stage.uuid), "title": stage.title}
    if stage.type is StageType.AGENT:
        json["pathways"] = [
            {"uuid": str(way.uuid), "title": way.title, "destinationUuid": str(way.destination)}
            for way in stage.pathways
        ]
    return json
