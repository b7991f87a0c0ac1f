"""What agents at stages did to a benchmark's data units, task by task, as ground truth judges it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from encord_lambda.benchmark.agent_stages import AgentStages
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

    def limits(self, label: Label) -> bool:
        """Whether its limits are about a label of its own: an object, or an answer to the first classification."""
        if isinstance(label.content, Answer):
            return isinstance(self.agent, Classify) and label.content.classification == self.agent.titles[0]
        return isinstance(self.agent, Prelabel)

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
    """All stages of a project that can be calibrated, as `AgentStages` tells their labels apart."""

    def __init__(
        self,
        stages: Sequence[Stage],
        project: UUID,
        shadows: Iterable[ShadowDecision],
        ontology: Ontology,
        notes: Notes,
    ) -> None:
        """`stages` are all of pipeline.yaml; the shadows' decisions are those of the project."""
        self._agents = AgentStages(stages, project)
        self._judged = {
            one.number: JudgedStage(one.number, one.title, configured, ontology, notes)
            for one in self._agents
            if isinstance(configured := stages[one.number].agent, Prelabel | Classify)
        }
        self._decided = defaultdict[UUID, list[ShadowDecision]](list)
        for decision in shadows:
            self._decided[decision.data].append(decision)

    def __iter__(self) -> Iterator[JudgedStage]:
        """In the order of pipeline.yaml."""
        return iter(self._judged.values())

    def add(self, unit: ReviewedUnit) -> None:
        """Judge all that is known of a data unit."""
        for work in self._agents.work(unit, self._decided.get(unit.data, ())):
            if stage := self._judged.get(work.stage.number):
                stage.add(unit, [label for label in work.given if stage.limits(label)])
