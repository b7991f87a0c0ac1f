"""Legacy: a project's datasets and users, and the older listing of projects."""

from uuid import UUID

from pydantic import BaseModel, Field

from ..platform import access, attachments
from ..platform.json_values import Json
from .calls import LegacyCall, UserCall, parsed
from .described import Described


class Attachment(BaseModel):
    """Payload of attaching datasets."""

    dataset_hashes: list[UUID]


class NewUsers(BaseModel):
    """Payload of adding users; their role makes no difference here."""

    user_emails: list[str]
    user_role: int


class Listing(BaseModel):
    """Payload of listing projects."""

    filter: Described = Field(default_factory=Described)


def attach_datasets(call: LegacyCall) -> Json:
    """Attach datasets; their rows become tasks."""
    hashes = parsed(Attachment, call.payload).dataset_hashes
    attachments.attach(call.store, call.store.project(call.resource), hashes, call.user)
    return True


def detach_datasets(call: LegacyCall) -> Json:
    """Remove the datasets named as uids; their tasks are gone."""
    attachments.detach(call.store, call.store.project(call.resource), call.uids())
    return True


def add_users(call: LegacyCall) -> Json:
    """Let users into a project."""
    added = parsed(NewUsers, call.payload)
    access.add_members(call.store.project(call.resource), added.user_emails)
    project = str(call.resource)
    return [{"user_email": user, "user_role": added.user_role, "project_hash": project} for user in added.user_emails]


def list_projects(call: UserCall) -> Json:
    """The user's projects that meet every condition, in one answer."""
    wanted = parsed(Listing, call.payload).filter
    return [
        {
            "user_role": 0,
            "project": {
                "project_hash": str(project.uuid),
                "title": project.title,
                "description": "",
                "created_at": f"{project.created_at:%Y-%m-%d %H:%M:%S}",
                "last_edited_at": f"{project.created_at:%Y-%m-%d %H:%M:%S}",
                "ontology_hash": str(project.ontology),
            },
        }
        for project in call.store.projects.values()
        if access.admits(project, call.user) and wanted.accepts(project)
    ]
