"""Who may work in which project and dataset."""

from typing import Literal
from uuid import UUID

from .holdings import Dataset
from .records import Project
from .refusals import Forbidden
from .store import Store


def admits(thing: Project | Dataset, user: str) -> bool:
    """Whether the user is a member; without members, everybody with a key is."""
    return thing.members is None or user in thing.members


def check(store: Store, user: str, kind: Literal["project", "dataset"], uuid: UUID) -> None:
    """Refuse a project or dataset the user is no member of, as if there were none."""
    thing = store.projects.get(uuid) if kind == "project" else store.datasets.get(uuid)
    if thing is None or not admits(thing, user):
        raise Forbidden(f"no access to {kind} {uuid} for {user}")


def members(store: Store, project: Project) -> list[str]:
    """The e-mail addresses of all who may work in a project."""
    return sorted(set(store.users.values()) if project.members is None else project.members)


def add_members(project: Project, users: list[str]) -> None:
    """Let users in; a project open to everybody stays open."""
    if project.members is not None:
        project.members |= set(users)


def remove_members(store: Store, project: Project, users: list[str]) -> None:
    """Shut users out; a project open to everybody becomes one of those who are left."""
    project.members = set(members(store, project)) - set(users)
