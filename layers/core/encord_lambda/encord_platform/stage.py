"""One agent stage of one project: listing its tasks, opening and saving their label rows, sending tasks on."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC
from uuid import UUID

from encord.http.bundle import Bundle
from encord.project import Project
from encord.workflow import AgentStage
from encord.workflow.stages.agent import AgentTask

from encord_lambda.agent_stage import Visit
from encord_lambda.dispatch.sweep import WaitingTask
from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.encord_platform.proceeding import Departure, agent_task
from encord_lambda.encord_platform.together import bundled, together
from encord_lambda.errors import Reject, Trouble
from encord_lambda.labels.ontology import Ontology


class Stage:
    """One agent stage of one project. Where it takes several tasks or rows, up to 100, and rows of one branch."""

    def __init__(self, project: Project, stage: AgentStage, ontology: Ontology) -> None:
        self._project, self._stage, self._ontology = project, stage, ontology
        self.uuid, self.title = stage.uuid, stage.title
        self.pathways = frozenset(pathway.name for pathway in stage.pathways)

    def tasks(self) -> Iterator[WaitingTask]:
        """All tasks that wait here: one request per page of the server's choosing, when its first task is asked for.

        Raises:
            Trouble: A page could not be had, while it is gone through.
        """
        with translated(f"list the tasks of stage '{self.title}'"):
            yield from map(_waiting, self._stage.get_tasks())

    def waiting(self, data: Collection[UUID]) -> set[UUID]:
        """The tasks of these data units that wait here, as Encord answers when asked for them: one request or more."""
        return {task.task for task in self._about(data)}

    def _about(self, data: Collection[UUID]) -> list[WaitingTask]:
        if not data:
            return []  # no data hashes mean all there are
        with translated(f"list {len(data)} tasks of stage '{self.title}'"):
            return [_waiting(task) for task in self._stage.get_tasks(data_hash=list(data))]

    def rows(self, data: Collection[UUID], branch: str) -> dict[UUID, Row]:
        """The label rows of data units: one request. One that the platform does not know (any more) is left out."""
        with translated(f"list {len(data)} label rows"):
            found = self._project.list_label_rows_v2(
                data_hashes=list(data), branch_name=branch, include_client_metadata=True
            )
        return {UUID(row.data_hash): Row(row, self._ontology, self.uuid) for row in found}

    def open(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Give rows their labels and signed URLs, in one request or two; if refused, by halves.

        Returns what could not be opened, by key. The platform refuses a whole request for one row that is gone.

        Raises:
            Retry: None could be opened.
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
        def add(key: UUID, bundle: Bundle) -> None:
            # The request before, which was refused, may have opened it: new rows and others go separately.
            if not rows[key].is_open:
                opens(rows[key], bundle)

        refused = together(list(rows), bundled(self._project, doing, add))
        # The platform may leave a row out of its answer, and the bundle says nothing.
        missing = [key for key, row in rows.items() if not row.is_open and key not in refused]
        return refused | {key: Reject(f"cannot {doing}: Encord's answer lacks it") for key in missing}

    def save(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Save rows in one request; if it is refused, by halves. Returns what could not be saved, by key.

        Raises:
            Retry: It is not known of any that it was saved.
        """

        def add(key: UUID, bundle: Bundle) -> None:
            rows[key].save(bundle)

        return together(list(rows), bundled(self._project, "save labels", add))

    def proceed(self, moves: Mapping[UUID, str], visits: Mapping[UUID, Visit]) -> dict[UUID, Trouble]:
        """Send tasks along pathways: one request, if all of them can go. They need not have been listed.

        Returns what could not be moved, by task, and raises no trouble (`Departure.of`).
        """

        def add(task: UUID, bundle: Bundle) -> None:
            agent_task(self._stage, task).proceed(pathway_name=moves[task], bundle=bundle)

        def returned(tasks: Collection[UUID]) -> dict[UUID, bool]:
            found = self._about({visits[task].data for task in tasks})
            return {one.task: one.updated_at > visits[one.task].updated_at for one in found if one.task in visits}

        send = bundled(self._project, f"proceed from '{self.title}'", add)
        return Departure(self.title, send, returned).of(list(moves)) if moves else {}


def _waiting(task: AgentTask) -> WaitingTask:
    updated = task.updated_at if task.updated_at.tzinfo else task.updated_at.replace(tzinfo=UTC)
    return WaitingTask(task.uuid, task.data_hash, task.data_title, task.label_branch_name, updated)
