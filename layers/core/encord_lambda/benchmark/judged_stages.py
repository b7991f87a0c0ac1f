"""What agents at stages did to a benchmark's data units, task by task, as ground truth judges it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from encord_lambda.benchmark.answers_by_rater import AnswersByRater
from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.object_scores import ObjectScores
from encord_lambda.benchmark.reviewed import ReviewedUnit
from encord_lambda.benchmark.submissions import Rater
from encord_lambda.config import Stage
from encord_lambda.config_classify import Classify
from encord_lambda.config_prelabel import Prelabel
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Label
from encord_lambda.shadow import ShadowDecision

type Task = tuple[Judgement, ...]
"""What was judged of one data unit at one stage; empty where the agent found nothing."""


class JudgedStage:
    """A stage of pipeline.yaml whose agent states how sure it is; a rater of its own."""

    def __init__(self, number: int, title: str, agent: Prelabel | Classify, ontology: Ontology, notes: Notes) -> None:
        """`number` is its place in the file; the ontology is that of the ground truth."""
        self.number, self.title, self.agent = number, title, agent
        self._answers = AnswersByRater(ontology, notes)
        self._objects = ObjectScores(ontology, notes, lambda one: self._drawn.append(one.given))
        self._answered: list[Task] = []
        self._drawn: list[int] = []

    def owns(self, label: Label) -> bool:
        """Whether its limits are about a label: its objects, or answers to the first of its classifications."""
        if isinstance(label.content, Answer):
            return isinstance(self.agent, Classify) and label.content.classification == self.agent.titles[0]
        return isinstance(self.agent, Prelabel) and label.content.object in self.agent.classes.values()

    def add(self, unit: ReviewedUnit, given: Iterable[Label]) -> None:
        """Judge the agent's own labels of a data unit."""
        submission = unit.beside_truth(Rater(self.title, "model"), given)
        if isinstance(self.agent, Prelabel):
            self._objects.add(submission)
            return
        before = len(self._answers.judgements)
        self._answers.add([submission])
        self._answered.append(tuple(self._answers.judgements[before:]))

    def tasks(self) -> list[Task]:
        """Those of all data units that were added."""
        if isinstance(self.agent, Classify):
            return self._answered
        self._objects.scores()  # compares what is still held, so that all of it is judged
        judged = iter(self._objects.judgements)
        return [tuple(islice(judged, count)) for count in self._drawn]


class JudgedStages:
    """All stages of a project that can be calibrated.

    A label that stands in the project is the one live stage's that owns it; where several do, it is nobody's. A stage
    without such labels in a data unit is judged by what it decided about it in the shadow, the last time.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        project: UUID,
        shadows: Iterable[ShadowDecision],
        ontology: Ontology,
        notes: Notes,
    ) -> None:
        """`stages` are all of pipeline.yaml; the shadows' decisions are those of the project."""
        here = [(number, one, one.agent) for number, one in enumerate(stages) if one.project == project]
        self._stages = [
            (one.shadow, JudgedStage(number, one.stage, agent, ontology, notes))
            for number, one, agent in here
            if isinstance(agent, Prelabel | Classify)
        ]
        worked = [one for one in shadows if not one.rejected]
        self._decided = {(one.stage_title, one.data): one for one in sorted(worked, key=lambda one: one.decided_at)}

    def __iter__(self) -> Iterator[JudgedStage]:
        """In the order of pipeline.yaml."""
        return (stage for _, stage in self._stages)

    def add(self, unit: ReviewedUnit) -> None:
        """Judge all that is known of a data unit."""
        standing = [label for one in unit.submitted() if one.rater.kind == "model" for label in one.given]
        for stage in self:
            mine = [label for label in standing if self._live(label) == [stage]]
            decided = None if mine else self._decided.get((stage.title, unit.data))
            if decided:
                labels = (Label(content, "agent", "") for content in decided.proposed)
                stage.add(unit, [label for label in labels if stage.owns(label)])
            elif mine:
                stage.add(unit, mine)

    def _live(self, label: Label) -> list[JudgedStage]:
        return [stage for shadow, stage in self._stages if not shadow and stage.owns(label)]
