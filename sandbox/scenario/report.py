"""What happened, in numbers: everything the checks and the closing table need, after all is over."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from sandbox.scenario.agents import AGENT_STAGES
from sandbox.scenario.catalogue import Catalogue
from sandbox.scenario.editor import Call
from sandbox.scenario.encord import RUN_TASKS, LabelRow
from sandbox.scenario.findings import Finding
from sandbox.scenario.library import Piece
from sandbox.scenario.notifications import Notifications
from sandbox.scenario.scoring import Scoring
from sandbox.scenario.uploads import Upload
from sandbox.scenario.watching import Sight
from sandbox.scenario.world import AGENT_STAGE, ANIMAL, STAGE_OF


@dataclass(frozen=True, slots=True)
class Outcome:
    """One object's way: what its picture shows, how it was labelled, and where its task is now."""

    key: str
    truth: str | None
    answers: Sequence[object]  # to "Animal": none, one, or by mistake several
    stages: Sequence[str]  # one task, or by mistake none or several

    @property
    def right(self) -> bool:
        """The label is what the drawing shows; what is neither cat nor dog has none."""
        return list(self.answers) == ([self.truth] if self.truth in STAGE_OF else [])

    @property
    def routed(self) -> bool:
        """The only task left the agent stage on the pathway of its label."""
        answer = self.answers[0] if self.answers else None
        return len(self.answers) <= 1 and list(self.stages) == [STAGE_OF.get(str(answer) if answer else None)]


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the scenario."""

    uploads: Sequence[Upload]
    sight: Sight  # the last look, when nothing moved any more
    requests: Mapping[str, int]  # by user agent, from seeding until the last task left its last agent stage
    zoo: Sequence[Finding] = ()
    street: Sequence[Finding] = ()
    library: Sequence[Piece] = ()
    catalogue: Catalogue = field(default_factory=Catalogue)
    editor: Sequence[Call] = ()
    notifications: Notifications = field(default_factory=Notifications)
    scoring: Scoring = field(default_factory=Scoring)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by function, the end of its error log

    @property
    def unaccounted(self) -> list[str]:
        """Objects that no receipt speaks of."""
        return [upload.key for upload in self.uploads if upload.key not in self.sight.fates]

    @property
    def mistaken(self) -> list[str]:
        """Good objects that were refused, and bad ones that were registered."""
        fates, known = self.sight.fates, [upload for upload in self.uploads if upload.key in self.sight.fates]
        return [upload.key for upload in known if (upload.kind is None) == (fates[upload.key] is None)]

    @property
    def outcomes(self) -> list[Outcome]:
        """All registered drawings."""
        platform, truth = self.sight.platform, {upload.key: upload.kind for upload in self.uploads}
        stages = [(task.data_hash, title) for title, tasks in platform.stages.items() for task in tasks]
        return [
            Outcome(
                key,
                truth.get(key),
                _answers(platform.label_rows, data_hash),
                [title for waiting, title in stages if waiting == data_hash],
            )
            for data_hash, key in platform.keys.items()
        ]

    @property
    def tasks(self) -> int:
        """Tasks that left the agent stage."""
        return self.sight.left_agent

    @property
    def accuracy(self) -> float:
        """The share of drawings labelled as what they show, of all that were uploaded."""
        good = sum(upload.kind is not None for upload in self.uploads)
        return sum(outcome.right for outcome in self.outcomes) / good

    @property
    def visits(self) -> int:
        """How often a task came to an agent stage and left it, in all projects."""
        came, waiting = self.sight.platform.visits(AGENT_STAGES)
        return came - waiting

    @property
    def waited(self) -> list[float]:
        """How long each drawing's task was at the agent stage, in seconds: waiting, being worked on, being labelled."""
        tasks = [task for tasks in self.sight.platform.stages.values() for task in tasks]
        stays = [stay for task in tasks for stay in pairwise(task.visits)]
        return [(after.at - visit.at).total_seconds() for visit, after in stays if visit.stage == AGENT_STAGE]

    @property
    def requests_per_task(self) -> float:
        """Encord requests of the function that works on tasks, per task and agent stage that it left.

        Those of the sweeps are not for a task: there are as many as stages and minutes.
        """
        return self.requests.get(RUN_TASKS, 0) / self.visits if self.visits else float("inf")

    @property
    def duplicates(self) -> list[str]:
        """What exists twice: items of one object, data units of one item, labels of one branch, answers."""
        platform = self.sight.platform
        things = [f"item {item.key}" for item in platform.items]
        things += [f"data unit of item {row.item}" for row in platform.rows]
        things += [f"label row {row.data_hash} on {row.branch}" for row in platform.label_rows]
        things += [f"task {task.data_hash}" for tasks in platform.stages.values() for task in tasks]
        things += [f"{title} of {row.data_hash}" for row in platform.label_rows for title in _titles(row)]
        return [thing for thing, number in Counter(things).items() if number > 1]

    @property
    def left_over(self) -> dict[str, int]:
        """Queues that hold messages."""
        dead = {f"{name} dead letters": number for name, number in self.sight.dead_letters.items()}
        return {name: number for name, number in {**self.sight.queues, **dead}.items() if number}


def _answers(rows: Sequence[LabelRow], data_hash: UUID) -> list[object]:
    return [answer for row in rows if row.data_hash == data_hash for answer in row.answers(ANIMAL)]


def _titles(row: LabelRow) -> list[str]:
    return [title for one in row.classifications for title in one.answers]
