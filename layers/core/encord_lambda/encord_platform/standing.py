"""Label rows as they stand now, for reading only."""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Final
from uuid import UUID

from encord.constants.enums import DataType
from encord.objects import LabelRowV2
from encord.project import Project
from encord.user_client import EncordUserClient
from encord.workflow import FinalStage

from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.label_reading import labels
from encord_lambda.encord_platform.workflow import Projects, ontology, stages_of
from encord_lambda.labels.ontology import Ontology
from encord_lambda.shadow_report.standing import Standing

AT_ONCE: Final = 100
"""Label rows in one request."""


class StandingRows:
    """A project's label rows. What was never opened has no labels, and is not opened for this."""

    def __init__(self, client: EncordUserClient, project: UUID) -> None:
        self._projects, self._uuid = Projects(client), project

    @property
    def ontology(self) -> Ontology:
        """The project's.

        Raises:
            Misconfigured: It does not exist, or the key may not see it.
        """
        return ontology(self._project)

    def stage(self, title: str) -> UUID:
        """The agent stage with this title.

        Raises:
            Misconfigured: The project has no such agent stage; says which it has.
        """
        return self._projects.titled(self._uuid, title).uuid

    def read(self, units: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], Standing]:
        """The label rows of data units on branches: two requests for 100 of a branch.

        What Encord does not know (any more) is left out.
        """
        found: dict[tuple[UUID, str], Standing] = {}
        by_branch: dict[str, list[UUID]] = {}
        for data, branch in dict.fromkeys(units):
            by_branch.setdefault(branch, []).append(data)
        for branch, all_of_them in by_branch.items():
            for some in batched(all_of_them, AT_ONCE, strict=False):
                found |= {(UUID(row.data_hash), branch): self._standing(row) for row in self._opened(some, branch)}
        return found

    @property
    def _project(self) -> Project:
        return self._projects.project(self._uuid)

    def _opened(self, data: Sequence[UUID], branch: str) -> list[LabelRowV2]:
        with translated(f"read {len(data)} label rows of project {self._uuid}"):
            rows = self._project.list_label_rows_v2(data_hashes=list(data), branch_name=branch)
            with self._project.create_bundle() as bundle:
                for row in rows:
                    if row.label_hash:
                        row.initialise_labels(bundle=bundle)
        return rows

    def _standing(self, row: LabelRowV2) -> Standing:
        final = {str(stage.uuid) for stage in stages_of(self._project) if isinstance(stage, FinalStage)}
        node = row.workflow_graph_node
        return Standing(
            stage=node.title if node else "",
            finished=node is not None and node.uuid in final,
            is_video=row.data_type is DataType.VIDEO,
            labels=tuple(labels(row)) if row.is_labelling_initialised else (),
        )
