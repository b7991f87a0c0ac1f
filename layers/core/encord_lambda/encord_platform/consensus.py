"""Benchmark tasks at a consensus stage's review: all branches and the ground truth, up to a hundred tasks at a time."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import batched
from typing import Final
from uuid import UUID

from encord.constants.enums import DataType
from encord.objects import LabelRowV2
from encord.project import Project
from encord.user_client import EncordUserClient
from encord.workflow import AgentStage, ConsensusReviewStage, FinalStage
from encord.workflow.stages.consensus_review import ConsensusReviewTask

from encord_lambda.benchmark.agent_stages import subject
from encord_lambda.benchmark.reviewed import KeptLabel, KeptSubmission, ReviewedUnit, Unscored
from encord_lambda.benchmark.submissions import Rater
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.encord_platform.branch_rows import MAIN, Branches, opened, row_on
from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.label_reading import labels
from encord_lambda.encord_platform.together import bundled, together
from encord_lambda.encord_platform.workflow import Projects, ontology, stages_of
from encord_lambda.errors import Misconfigured, Reject, Skip, Trouble
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Label

AT_ONCE: Final = 100
"""Tasks that are read together; four requests."""
AGENTS: Final = Rater("agents", "model")
"""Whoever wrote what no person touched on the main branch."""
NO_TRUTH: Final = "the ground-truth project has no labels of this data unit: it is neither scored nor rejected"


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

    @property
    def agent_stages(self) -> dict[str, UUID]:
        """The production project's agent stages, by title.

        Raises:
            Misconfigured: The project does not exist, or the key may not see it.
        """
        return {one.title: one.uuid for one in stages_of(self._production) if isinstance(one, AgentStage)}

    def waiting(self) -> Iterator[tuple[ConsensusReviewTask, ...]]:
        """The tasks that wait for review, up to a hundred at once: all their annotators have submitted.

        All are listed before the first are given, for those that are rejected meanwhile would shift the pages.

        Raises:
            Misconfigured: The production project has no such stage; says which it has.
        """
        with translated(f"list the tasks of stage '{self._benchmark.stage}'"):
            listed = list(self._stage.get_tasks())
        yield from batched(listed, AT_ONCE, strict=False)

    def read(self, tasks: Sequence[ConsensusReviewTask]) -> dict[UUID, ReviewedUnit | Trouble]:
        """Everybody's labels of these tasks, or why they cannot be had, by data unit; Skip where there is no truth.

        Raises:
            Retry: Nothing can be had.
        """
        truths = opened(self._truth, [task.data_hash for task in tasks])
        rows = opened(self._production, list(truths), branches=True)
        found: dict[UUID, ReviewedUnit | Trouble] = {}
        for task in tasks:
            try:
                truth = self._true(truths.get(task.data_hash, {}))
                found[task.data_hash] = _reviewed(task, truth, rows.get(task.data_hash, {}))
            except Trouble as trouble:
                found[task.data_hash] = trouble
        return found

    def truths(
        self, since: datetime | None, known: Container[UUID]
    ) -> Iterator[dict[UUID, tuple[KeptLabel, ...] | None]]:
        """Ground truth of these data units that was edited since, a hundred at once; None where there is none any more.

        Without a time, all there is. One request, and two for each hundred.

        Raises:
            Retry: Something cannot be had just now.
        """
        with translated(f"list edited label rows of project {self._benchmark.ground_truth}"):
            listed = self._truth.list_label_rows_v2(edited_after=since)
        edited = [data for row in listed if (data := UUID(row.data_hash)) in known]
        for some in batched(edited, AT_ONCE, strict=False):
            rows = opened(self._truth, some)
            yield {data: self._standing(rows.get(data, {})) for data in some}

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
        # Those of the ground truth, for the production project's main branch may never have been opened.
        rows = opened(self._truth, list(dict.fromkeys(data for data, _ in wanted)), urls=True)
        found = {}
        for data, frame in wanted:
            with suppress(Trouble):
                if (row := row_on(rows.get(data, {}), MAIN)) and row.data_type in (DataType.IMAGE, DataType.IMG_GROUP):
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

    def _standing(self, rows: Branches) -> tuple[KeptLabel, ...] | None:
        try:
            return tuple(map(KeptLabel.of, _labels(self._true(rows))))
        except (Skip, Reject):
            return None

    def _true(self, rows: Branches) -> LabelRowV2:
        """The row whose labels are the truth.

        Raises:
            Skip: Nobody has labelled it. That nothing is there is true only once its task is finished.
            Trouble: It cannot be had.
        """
        row = row_on(rows, MAIN)
        if row is None or not (_labels(row) or self._is_finished(row)):
            raise Skip(NO_TRUTH)
        return row

    def _is_finished(self, row: LabelRowV2) -> bool:
        finals = {stage.uuid for stage in stages_of(self._truth) if isinstance(stage, FinalStage)}
        return row.workflow_graph_node is not None and UUID(str(row.workflow_graph_node.uuid)) in finals


def _reviewed(task: ConsensusReviewTask, truth: LabelRowV2, rows: Branches) -> ReviewedUnit:
    standing = _labels(row_on(rows, MAIN))
    by_agents = [one for one in standing if one.author == "agent"]
    by_people = {subject(one.content)[1] for one in standing if one.author == "person"}
    submissions, unscored = dict[str, KeptSubmission](), list[Unscored]()
    for option in task.options:
        row = row_on(rows, option.label_branch_name)
        if row is None and option.label_hash:
            unscored.append(Unscored(rater=option.annotator, why="missing"))
        elif option.annotator in submissions:
            unscored.append(Unscored(rater=option.annotator, why="twice"))
        else:
            given = _labels(row)
            led = bool(by_agents) or any(one.author == "agent" for one in given)
            rater = Rater(option.annotator, "annotator")
            submissions[option.annotator] = KeptSubmission.of(rater, given, prelabelled=led)
    of_agents = [KeptSubmission.of(AGENTS, by_agents)] if by_agents else []
    return ReviewedUnit(
        version=1,
        data=task.data_hash,
        title=task.data_title,
        width=truth.width or 0,
        height=truth.height or 0,
        frames=max(truth.number_of_frames, 1),
        truth=tuple(map(KeptLabel.of, _labels(truth))),
        submissions=(*submissions.values(), *of_agents),
        updated_at=task.updated_at,
        unscored=tuple(unscored),
        by_people=tuple(sorted(by_people)),
    )


def _labels(row: LabelRowV2 | None) -> list[Label]:
    return list(labels(row)) if row else []
