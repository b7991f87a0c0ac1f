"""Benchmark tasks at a consensus stage's review: all branches and the ground truth, up to a hundred tasks at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import batched
from typing import Final
from uuid import UUID

from encord.constants.enums import DataType
from encord.objects import LabelRowV2
from encord.project import Project
from encord.user_client import EncordUserClient
from encord.workflow import ConsensusReviewStage
from encord.workflow.stages.consensus_review import ConsensusReviewTask

from encord_lambda.benchmark.reviewed import KeptLabel, KeptSubmission, ReviewedUnit
from encord_lambda.benchmark.submissions import Rater
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.label_reading import labels
from encord_lambda.encord_platform.together import bundled, together
from encord_lambda.encord_platform.workflow import Projects, ontology, stages_of
from encord_lambda.errors import Misconfigured, Trouble
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Label

AT_ONCE: Final = 100
"""Tasks that are read together; four requests."""
AGENTS: Final = Rater("agents", "model")
"""Whoever wrote what no person touched on the main branch."""


class ConsensusReviews:
    """The reviews of one benchmark."""

    def __init__(self, client: EncordUserClient, benchmark: Benchmark, picture: Callable[[str], bytes]) -> None:
        """`picture` makes a small JPEG of what is at a signed URL; it raises Trouble where that is no picture."""
        self._projects, self._benchmark, self._picture = Projects(client), benchmark, picture

    @property
    def ontologies(self) -> tuple[Ontology, Ontology]:
        """Those of the ground truth and of the production project.

        Raises:
            Misconfigured: One of the projects does not exist, or the key may not see it.
        """
        return ontology(self._truth), ontology(self._production)

    def waiting(self) -> Iterator[tuple[ConsensusReviewTask, ...]]:
        """The tasks that wait for review, up to a hundred at once: all their annotators have submitted.

        All are listed before the first are given, for those that are rejected meanwhile would shift the pages.

        Raises:
            Misconfigured: The production project has no such stage; says which it has.
        """
        with translated(f"list the tasks of stage '{self._benchmark.stage}'"):
            listed = list(self._stage.get_tasks())
        yield from batched(listed, AT_ONCE, strict=False)

    def read(self, tasks: Sequence[ConsensusReviewTask], now: datetime) -> list[ReviewedUnit]:
        """Everybody's labels of these tasks; those without ground truth are left out."""
        data = [task.data_hash for task in tasks]
        truth = {row.data_hash: row for row in self._opened(self._truth, data) if row.label_hash}
        rows: dict[str, dict[str, LabelRowV2]] = {}
        for row in self._opened(self._production, data, branches=True):
            rows.setdefault(row.data_hash, {})[row.branch_name] = row
        return [
            _reviewed(task, truth[key], rows.get(key, {}), now)
            for task in tasks
            if (key := str(task.data_hash)) in truth
        ]

    def reject(self, tasks: Iterable[ConsensusReviewTask]) -> dict[UUID, Trouble]:
        """Reject tasks; returns what could not be, by task, but for those that have left the stage anyway."""
        by_uuid = {task.uuid: task for task in tasks}
        request = bundled(self._production, "reject tasks", lambda key, bundle: by_uuid[key].reject(bundle=bundle))
        refused = together(list(by_uuid), request)
        if refused:
            data = [by_uuid[key].data_hash for key in refused]
            with translated(f"list {len(data)} tasks of stage '{self._benchmark.stage}'"):
                here = {task.uuid for task in self._stage.get_tasks(data_hash=data)}
            refused = {key: why for key, why in refused.items() if key in here}
        return refused

    def pictures(self, places: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], bytes]:
        """Small JPEGs of these data units' frames; what is no picture, or cannot be had, is left out."""
        wanted = dict.fromkeys(places)
        rows = self._opened(self._production, [data for data, _ in wanted], urls=True) if wanted else []
        found = {}
        for row in rows:
            for data, frame in wanted:
                if row.data_hash == str(data) and row.data_type in (DataType.IMAGE, DataType.IMG_GROUP):
                    with suppress(Trouble):
                        found[data, frame] = self._picture(row.data_link or row.get_frame_view(frame).data_link or "")
        return found

    @property
    def _truth(self) -> Project:
        return self._projects.project(self._benchmark.ground_truth)

    @property
    def _production(self) -> Project:
        return self._projects.project(self._benchmark.production)

    @property
    def _stage(self) -> ConsensusReviewStage:
        reviews = [one for one in stages_of(self._production) if isinstance(one, ConsensusReviewStage)]
        if found := next((one for one in reviews if one.title == self._benchmark.stage), None):
            return found
        known = ", ".join(f"'{one.title}'" for one in reviews) or "none"
        raise Misconfigured(
            f"project {self._benchmark.production} has no consensus review titled '{self._benchmark.stage}'; "
            f"its consensus reviews: {known}"
        )

    def _opened(
        self, project: Project, data: Sequence[UUID], *, branches: bool = False, urls: bool = False
    ) -> list[LabelRowV2]:
        """The label rows of data units that were ever opened, with their labels."""
        with translated(f"read {len(data)} label rows of project {project.project_hash}"):
            rows = project.list_label_rows_v2(data_hashes=list(data), include_all_label_branches=branches)
            begun = [row for row in rows if row.label_hash]
            with project.create_bundle() as bundle:
                for row in begun:
                    row.initialise_labels(include_signed_url=urls, bundle=bundle)
        return begun


def _reviewed(
    task: ConsensusReviewTask, truth: LabelRowV2, rows: Mapping[str, LabelRowV2], now: datetime
) -> ReviewedUnit:
    by_agents = [one for one in _labels(rows.get("main")) if one.author == "agent"]
    submissions = [
        KeptSubmission.of(Rater(option.annotator, "annotator"), given, prelabelled=bool(by_agents) or _led(given))
        for option in task.options
        for given in [_labels(rows.get(option.label_branch_name))]
    ]
    if by_agents:
        submissions.append(KeptSubmission.of(AGENTS, by_agents))
    return ReviewedUnit(
        version=1,
        data=task.data_hash,
        title=task.data_title,
        width=truth.width or 0,
        height=truth.height or 0,
        frames=max(truth.number_of_frames, 1),
        truth=tuple(map(KeptLabel.of, _labels(truth))),
        submissions=tuple(submissions),
        reviewed_at=now,
    )


def _labels(row: LabelRowV2 | None) -> list[Label]:
    return list(labels(row)) if row else []


def _led(given: Iterable[Label]) -> bool:
    """Whether a model's labels are among an annotator's: they were there first."""
    return any(one.author == "agent" for one in given)
