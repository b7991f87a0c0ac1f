"""Decisions of an agent in the shadow, and people who do the same work in Encord."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from encord.objects import Classification, LabelRowV2, Object, Option
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.workflow.stages.agent import AgentStage

from encord_lambda.agents.agent import Usage
from encord_lambda.labels.proposals import Answer, Box, Placement, Proposal, Thing
from encord_lambda.labels.records import recorded
from encord_lambda.shadow import ShadowDecision
from sandbox.encord_twin import Twin
from tests.cli.encord import PETS
from tests.twin.conftest import connect

HERE, NEARBY, THERE = Box(0.1, 0.1, 0.2, 0.2), Box(0.12, 0.1, 0.2, 0.2), Box(0.6, 0.6, 0.2, 0.2)
NO_STAGE = UUID(int=0)


def animal(option: str, confidence: float) -> Answer:
    return Answer("Animal", option, confidence)


def thing(box: Box, confidence: float, key: str = "0:0") -> Thing:
    return Thing("Thing", (Placement(0, box, confidence),), key)


def decided(
    data: UUID, *proposals: Proposal, pathway: str | None = "Cat", rejected: bool = False, stage: UUID = NO_STAGE
) -> ShadowDecision:
    return ShadowDecision(
        version=1,
        project=PETS,
        stage=stage,
        stage_title="Agent 1",
        task=UUID(int=data.int ^ 1),
        data=data,
        title=f"{data}.jpg",
        branch="main",
        answer=None,
        pathway=pathway,
        rejected=rejected,
        reason="",
        confidence=None,
        proposals=recorded(proposals),
        usage=Usage(),
        decided_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


@dataclass(frozen=True, slots=True)
class Done:
    """What was done by hand to a data unit."""

    animal: str | None = None
    things: Sequence[Box] = ()
    finish: bool = True
    by_hand: bool = True


class People:
    """Annotators in the project, through Encord's own SDK."""

    def __init__(self, twin: Twin) -> None:
        self.project = connect(twin).get_project(PETS)
        self.rows = sorted(self.project.list_label_rows_v2(), key=lambda row: row.data_title)

    @property
    def stage(self) -> AgentStage:
        return self.project.workflow.get_stage(name="Agent 1", type_=AgentStage)

    @property
    def data(self) -> list[UUID]:
        """All data units, by their titles."""
        return [UUID(row.data_hash) for row in self.rows]

    def do(self, work: Mapping[int, Done]) -> None:
        """Label the data units with these numbers; what is finished takes the pathway `Other`."""
        for number, done in work.items():
            if done.animal or done.things:
                self._label(self.rows[number], done)
        finished = {self.data[number] for number, done in work.items() if done.finish}
        for task in self.stage.get_tasks():
            if task.data_hash in finished:
                task.proceed(pathway_name="Other")

    def _label(self, row: LabelRowV2, done: Done) -> None:
        row.initialise_labels()
        ontology = self.project.ontology_structure
        if done.animal:
            question = ontology.get_child_by_title("Animal", type_=Classification)
            answered = question.create_instance()
            answered.set_for_frames(0, manual_annotation=done.by_hand)
            answered.set_answer(question.get_child_by_title(done.animal, type_=Option))
            row.add_classification_instance(answered)
        for box in done.things:
            drawn = ontology.get_child_by_title("Thing", type_=Object).create_instance()
            at = BoundingBoxCoordinates(height=box.height, width=box.width, top_left_x=box.x, top_left_y=box.y)
            drawn.set_for_frames(at, 0, manual_annotation=done.by_hand)
            row.add_object_instance(drawn)
        row.save()
