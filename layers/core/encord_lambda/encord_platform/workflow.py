"""Projects, their ontologies and their workflows, and which of their stages are meant."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from encord.orm.project import ProjectType
from encord.project import Project
from encord.user_client import EncordUserClient
from encord.workflow import AgentStage
from encord.workflow.workflow import WorkflowStage

from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.labels.ontology import Ontology

if TYPE_CHECKING:
    from encord_lambda.encord_platform.stage import Stage

FRESH_SECONDS: Final = 300.0
"""How long a project is kept before its ontology and workflow are fetched again: two requests."""


class Projects:
    """Projects, each fetched once per container and five minutes. Not for use by several threads."""

    def __init__(self, client: EncordUserClient) -> None:
        self._client = client
        self._known: dict[UUID, tuple[float, Project]] = {}

    def project(self, uuid: UUID) -> Project:
        """A project with its workflow and ontology.

        Raises:
            Misconfigured: It does not exist, or the key may not see it.
        """
        try:
            return self._project(uuid)
        except Reject as missing:
            raise Misconfigured(missing.reason) from None

    def titled(self, project: UUID, title: str) -> "Stage":
        """The agent stage that pipeline.yaml names by this title; a title not known yet is looked up afresh.

        Raises:
            Misconfigured: The project has no such agent stage; says which it has.
        """
        try:
            return self._stage(project, lambda stage: stage.title == title, f"titled '{title}'")
        except Reject as missing:
            raise Misconfigured(missing.reason) from None

    def stage(self, project: UUID, uuid: UUID) -> "Stage":
        """The agent stage that a task was found at; looked up afresh if it is not known.

        Raises:
            Reject: There is no such project, or it has no such agent stage any more; says which it has.
        """
        return self._stage(project, lambda stage: stage.uuid == uuid, str(uuid))

    def row(self, project: UUID, data: UUID) -> Row | None:
        """A data unit's label row on the main branch, or None if the project has no such data unit: two requests."""
        opened = self.project(project)
        with translated(f"open the label row of {data}"):
            found = opened.list_label_rows_v2(data_hashes=[data], include_client_metadata=True)
            if not found:
                return None
            row = Row(found[0], ontology(opened))
            row.open()
        return row

    def _project(self, uuid: UUID, *, fresh: bool = False) -> Project:
        fetched, project = self._known.get(uuid, (0.0, None))
        if project is None or fresh or time.monotonic() - fetched > FRESH_SECONDS:
            with translated(f"open project {uuid}"):
                project = self._client.get_project(str(uuid))
            self._known[uuid] = (time.monotonic(), project)
        return project

    def _stage(self, uuid: UUID, wanted: Callable[[AgentStage], bool], called: str) -> "Stage":
        for fresh in (False, True):
            project = self._project(uuid, fresh=fresh)
            stages = [stage for stage in stages_of(project) if isinstance(stage, AgentStage)]
            if found := [stage for stage in stages if wanted(stage)]:
                from encord_lambda.encord_platform.stage import Stage  # which no call of the Label Editor waits for

                return Stage(project, found[0], ontology(project))
        known = ", ".join(f"'{stage.title}'" for stage in stages) or "none"
        raise Reject(f"project {uuid} has no agent stage {called}; its agent stages: {known}")


def ontology(project: Project) -> Ontology:
    """The project's ontology as agents see it; makes no request."""
    return Ontology.parse(project.ontology_structure.to_dict())


def stages_of(project: Project) -> Sequence[WorkflowStage]:
    """The stages of the project's workflow; makes no request.

    Raises:
        Misconfigured: It is one of Encord's older projects, without a workflow.
    """
    if project.project_type is not ProjectType.WORKFLOW:
        raise Misconfigured(f"project {project.project_hash} has no workflow: name a workflow project")
    return project.workflow.stages
