"""Projects and their agent stages: listing tasks, opening and saving label rows, proceeding along pathways."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC
from typing import Final
from uuid import UUID

from encord.http.bundle import Bundle
from encord.orm.project import ProjectType
from encord.project import Project
from encord.user_client import EncordUserClient
from encord.workflow import AgentStage
from encord.workflow.stages.agent import AgentTask
from encord.workflow.workflow import WorkflowStage

from encord_lambda.dispatch.sweep import WaitingTask
from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.errors import Misconfigured, Reject, Trouble
from encord_lambda.labels.ontology import Ontology

FRESH_SECONDS: Final = 300.0
"""How long a project is kept before its ontology and workflow are fetched again: two requests."""


class Projects:
    """Projects, each fetched once per container and five minutes. Not for use by several threads."""

    def __init__(self, client: EncordUserClient) -> None:
        self._client = client
        self._known: dict[UUID, tuple[float, Project]] = {}

    def project(self, uuid: UUID, *, fresh: bool = False) -> Project:
        """A project with its workflow and ontology.

        Raises:
            Misconfigured: It does not exist, or the key may not see it.
        """
        fetched, project = self._known.get(uuid, (0.0, None))
        if project is None or fresh or time.monotonic() - fetched > FRESH_SECONDS:
            try:
                with translated(f"open project {uuid}"):
                    project = self._client.get_project(str(uuid))
            except Reject as missing:
                raise Misconfigured(missing.reason) from None
            self._known[uuid] = (time.monotonic(), project)
        return project

    def titled(self, project: UUID, title: str) -> "Stage":
        """The agent stage with this title; a title not known yet is looked up afresh.

        Raises:
            Misconfigured: The project has no such agent stage; says which it has.
        """
        return self._stage(project, lambda stage: stage.title == title, f"titled '{title}'")

    def stage(self, project: UUID, uuid: UUID) -> "Stage":
        """The agent stage with this id.

        Raises:
            Misconfigured: The project has no such agent stage; says which it has.
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

    def _stage(self, uuid: UUID, wanted: Callable[[AgentStage], bool], called: str) -> "Stage":
        for fresh in (False, True):
            project = self.project(uuid, fresh=fresh)
            stages = [stage for stage in stages_of(project) if isinstance(stage, AgentStage)]
            if found := [stage for stage in stages if wanted(stage)]:
                return Stage(project, found[0])
        known = ", ".join(f"'{stage.title}'" for stage in stages) or "none"
        raise Misconfigured(f"project {uuid} has no agent stage {called}; its agent stages: {known}")


class Stage:
    """One agent stage of one project."""

    def __init__(self, project: Project, stage: AgentStage) -> None:
        self._project, self._stage = project, stage
        self._tasks: dict[UUID, AgentTask] = {}
        self.uuid, self.title = stage.uuid, stage.title
        self._ontology = ontology(project)
        self.pathways = frozenset(pathway.name for pathway in stage.pathways)

    def tasks(self) -> list[WaitingTask]:
        """All tasks that wait here: one request per page of the server's choosing."""
        with translated(f"list the tasks of stage '{self.title}'"):
            return [_waiting(task) for task in self._stage.get_tasks()]

    def waiting(self, data: Collection[UUID]) -> set[UUID]:
        """The tasks of these data units that wait here: one request, of up to 100 data units."""
        with translated(f"list {len(data)} tasks of stage '{self.title}'"):
            self._tasks = {task.uuid: task for task in self._stage.get_tasks(data_hash=list(data))}
        return set(self._tasks)

    def rows(self, data: Collection[UUID], branch: str) -> dict[UUID, Row]:
        """The label rows of data units: one request. One that the platform does not know (any more) is left out."""
        with translated(f"list {len(data)} label rows"):
            found = self._project.list_label_rows_v2(
                data_hashes=list(data), branch_name=branch, include_client_metadata=True
            )
        return {UUID(row.data_hash): Row(row, self._ontology) for row in found}

    def open(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Give rows of one branch their labels and signed URLs, in one request or two; if refused, one by one.

        Returns what could not be opened, by key. The platform refuses a whole request for one row that is gone.
        """
        return self._opened(rows, Row.open, "open label rows")

    def open_afresh(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Give rows the labels that stand now, in one request; as `open`."""
        for row in rows.values():
            row.close()
        return self._opened(rows, Row.open_afresh, "open label rows again")

    def _opened(
        self, rows: Mapping[UUID, Row], opens: Callable[[Row, Bundle], None], doing: str
    ) -> dict[UUID, Trouble]:
        def fetch(some: Sequence[UUID], bundle: Bundle) -> None:
            for key in some:
                # The request before, which was refused, may have opened it: new rows and others go separately.
                if not rows[key].is_open:
                    opens(rows[key], bundle)

        refused = _together_or_singly(list(rows), fetch, self._project, doing)
        # The platform may leave a row out of its answer, and the bundle says nothing.
        missing = [key for key, row in rows.items() if not row.is_open and key not in refused]
        return refused | {key: Reject(f"cannot {doing}: Encord's answer lacks it") for key in missing}

    def save(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Save rows in one request; if it is refused, one by one. Returns what could not be saved, by key."""

        def save(some: Sequence[UUID], bundle: Bundle) -> None:
            for key in some:
                rows[key].save(bundle)

        return _together_or_singly(list(rows), save, self._project, "save labels")

    def proceed(self, moves: Mapping[UUID, str]) -> dict[UUID, Trouble]:
        """Send tasks along pathways in one request; if it is refused, one by one.

        Returns what could not be moved, by task. The platform refuses a whole request for one stale task.
        """

        def go(some: Sequence[UUID], bundle: Bundle) -> None:
            for task in some:
                self._tasks[task].proceed(pathway_name=moves[task], bundle=bundle)

        return _together_or_singly(list(moves), go, self._project, f"proceed from '{self.title}'")


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


def _together_or_singly(
    keys: list[UUID], act: Callable[[Sequence[UUID], Bundle], None], project: Project, doing: str
) -> dict[UUID, Trouble]:
    if not keys:
        return {}
    try:
        with translated(f"{doing} ({len(keys)})"), project.create_bundle() as bundle:
            act(keys, bundle)
    except Reject as refusal:
        if len(keys) == 1:
            return {keys[0]: refusal}
        return {k: t for key in keys for k, t in _together_or_singly([key], act, project, doing).items()}
    return {}


def _waiting(task: AgentTask) -> WaitingTask:
    updated = task.updated_at if task.updated_at.tzinfo else task.updated_at.replace(tzinfo=UTC)
    return WaitingTask(task.uuid, task.data_hash, task.data_title, task.label_branch_name, updated)
