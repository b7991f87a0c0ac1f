"""All that `encord-lambda calibrate` has to say of a benchmark."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from encord_lambda.benchmark.calibration import Threshold
from encord_lambda.benchmark.judged_stages import JudgedStage
from encord_lambda.benchmark.patch import Change, Patch, patch
from encord_lambda.benchmark.proposing import changes, decides_who_answers, proposal
from encord_lambda.benchmark.whatif import WhatIf, what_if
from encord_lambda.config import PipelineConfig
from encord_lambda.config_classify import Classify
from encord_lambda.config_prelabel import Prelabel

BESIDE: Final = (0.9, 0.95, 0.98, 0.99)
"""Precisions that are told of beside the one that is asked for."""
DECIDES: Final = (
    "its limits also decide which of several models or detectors is believed, so other limits would get answers that"
    " nobody has judged: today's stay. Calibrate each of them by itself, at a stage in the shadow"
)


@dataclass(frozen=True, slots=True)
class Promise:
    """What is asked for."""

    precision: float
    """That of each class's accepted labels is to be at least this, in (0, 1)."""
    confidence: float
    """Probability with which that holds, for each class by itself, in (0, 1)."""
    seconds: float
    """That a person takes to look at a task."""


@dataclass(frozen=True, slots=True)
class StageCalibration:
    """What is proposed for a stage."""

    number: int
    """Its place among the stages of pipeline.yaml, from 0 on."""
    stage: str
    before: Prelabel | Classify
    after: Prelabel | Classify
    tasks: int
    """How many were judged."""
    thresholds: tuple[Threshold, ...]
    what_if: tuple[WhatIf, ...]
    """With today's limits; then for each precision, the one that is asked for among them."""

    @property
    def why_none(self) -> str:
        """Why nothing is proposed, whatever was judged; empty where something may be."""
        return DECIDES if decides_who_answers(self.before) else ""


def calibrated(stage: JudgedStage, promise: Promise) -> StageCalibration:
    """By all that was judged of a stage."""
    tasks, before = stage.tasks(), stage.agent

    def made(agent: Prelabel | Classify, precision: float | None) -> WhatIf:
        return what_if(tasks, agent, precision, promise.seconds, promise.confidence)

    as_today = made(before, None)
    if decides_who_answers(before):
        return StageCalibration(stage.number, stage.title, before, before, len(tasks), (), (as_today,))
    precisions = sorted({*BESIDE, promise.precision})
    proposed = {one: proposal(before, tasks, one, promise.confidence) for one in precisions}
    asked = proposed[promise.precision]
    return StageCalibration(
        stage.number,
        stage.title,
        before,
        asked.agent,
        len(tasks),
        asked.thresholds,
        (as_today, *(made(each.agent, one) for one, each in proposed.items())),
    )


def patched(name: str, text: str, pipeline: PipelineConfig, found: Iterable[StageCalibration]) -> Patch:
    """What makes the proposals of all stages those of the file."""
    wanted: list[Change] = []
    stages = list(pipeline.stages)
    for one in found:
        wanted += ((("stages", one.number, "agent", *path), value) for path, value in changes(one.before, one.after))
        stages[one.number] = stages[one.number].model_copy(update={"agent": one.after})
    return patch(name, text, wanted, pipeline.model_copy(update={"stages": stages}))


def told(one: StageCalibration) -> dict[str, object]:
    """The same for machines, without what pipeline.yaml says anyway."""
    return {
        "stage": one.stage,
        "kind": one.before.kind,
        "tasks": one.tasks,
        "thresholds": one.thresholds,
        "changes": {".".join(path): value for path, value in changes(one.before, one.after)},
        "what_if": one.what_if,
        "why_none": one.why_none,
    }
