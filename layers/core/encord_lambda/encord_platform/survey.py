"""Reads of Encord what pipeline.yaml names, and changes nothing."""

from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

from encord.exceptions import AuthorisationError, InvalidArgumentsError, ResourceNotFoundError
from encord.project import Project
from encord.user_client import EncordUserClient
from encord.workflow import AgentStage, ConsensusReviewStage
from encord.workflow.workflow import WorkflowStage

from encord_lambda.checking.survey import FoundProject, FoundStage, Integration, Named, Survey, Unreachable
from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.workflow import ontology, stages_of
from encord_lambda.errors import Misconfigured

_ABSENT = (AuthorisationError, InvalidArgumentsError, ResourceNotFoundError)


def check(client: EncordUserClient) -> None:
    """Return if Encord knows the key: one request.

    Raises:
        Misconfigured: It does not.
        Retry: Encord cannot be reached.
    """
    _integrations(client)


def survey(client: EncordUserClient, named: Named) -> Survey:
    """What Encord has of what is named.

    Two requests for a project, one more where its datasets or its labels are asked for, one for each folder and
    dataset, and one for all integrations. What is not there, or not to be seen with this key, is in the survey as
    unreachable.

    Raises:
        Misconfigured: Encord does not know the key.
        Retry: Encord cannot be reached.
    """
    return Survey(
        projects={uuid: _project(client, uuid, named) for uuid in named.projects},
        folders=_missing("storage folder", named.folders, client.get_storage_folder),
        datasets=_missing("dataset", named.datasets, lambda uuid: client.get_dataset(uuid, include_data_rows=False)),
        integrations=_integrations(client) if named.folders else (),
    )


def _project(client: EncordUserClient, uuid: UUID, named: Named) -> FoundProject | Unreachable:
    def read() -> FoundProject:
        project = client.get_project(uuid)
        attached = {one.dataset_hash: one.title for one in project.list_datasets()} if uuid in named.routed else {}
        labelled = uuid in named.truths and any(row.label_hash for row in project.list_label_rows_v2())
        return FoundProject(ontology(project), _stages(project), attached, labelled)

    return _reached("project", uuid, read)


def _stages(project: Project) -> tuple[FoundStage, ...]:
    return tuple(map(_stage, stages_of(project)))


def _stage(stage: WorkflowStage) -> FoundStage:
    pathways = tuple(way.name for way in stage.pathways) if isinstance(stage, AgentStage) else None
    return FoundStage(stage.title, pathways, isinstance(stage, ConsensusReviewStage))


def _missing(what: str, uuids: Iterable[UUID], read: Callable[[UUID], object]) -> dict[UUID, Unreachable | None]:
    found = {uuid: _reached(what, uuid, partial(read, uuid)) for uuid in uuids}
    return {uuid: one if isinstance(one, Unreachable) else None for uuid, one in found.items()}


def _reached[T](what: str, uuid: UUID, read: Callable[[], T]) -> T | Unreachable:
    with translated(f"open {what} {uuid}"):
        try:
            return read()
        except Misconfigured as unfit:
            return Unreachable(unfit.reason)
        except _ABSENT as refused:
            kind = type(refused).__name__
            return Unreachable(
                f"Encord has no {what} {uuid} that this key may see ({kind}): check the UUID, and that the key's "
                "account is a member"
            )


def _integrations(client: EncordUserClient) -> tuple[Integration, ...]:
    with translated("list the cloud integrations"):
        return tuple(Integration(one.id, one.title) for one in client.get_cloud_integrations())
