"""The report on each stage that was in the shadow."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Thing
from encord_lambda.shadow import ShadowDecision
from encord_lambda.shadow_report import answers, objects
from encord_lambda.shadow_report.answers import AnswersReport
from encord_lambda.shadow_report.objects import ObjectsReport
from encord_lambda.shadow_report.standing import Standing

type Rows = Mapping[tuple[UUID, str], Standing]
"""Label rows by data unit and branch."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Tasks that would have taken a pathway, and where they are now."""

    pathway: str | None
    """None for those that would have stayed."""
    stage: str
    count: int


@dataclass(frozen=True, slots=True)
class StageReport:
    """What an agent would have done at a stage, compared with what people did since."""

    stage: str
    decisions: int
    """All, which is the sum of the four that follow."""
    rejected: int
    """The agent could not work on it."""
    unfinished: int
    """No person has finished the task yet."""
    gone: int
    """Encord has the data unit no more."""
    compared: int
    """Finished, and what the tables below are about."""
    pathways: tuple[Taken, ...]
    """Of all decisions but those whose data unit is gone; most frequent first."""
    classifications: tuple[AnswersReport, ...]
    objects: tuple[ObjectsReport, ...]


def report(decisions: Iterable[ShadowDecision], rows: Rows, ontology: Ontology) -> tuple[StageReport, ...]:
    """One report for each stage, by its title."""
    by_stage: dict[str, list[ShadowDecision]] = {}
    for one in decisions:
        by_stage.setdefault(one.stage_title, []).append(one)
    texts = {one.title for one in ontology.classifications if one.kind == "text"}
    return tuple(_stage(title, made, rows, texts) for title, made in sorted(by_stage.items()))


def _stage(title: str, made: Sequence[ShadowDecision], rows: Rows, texts: set[str]) -> StageReport:
    known = [(one, rows[one.data, one.branch]) for one in made if (one.data, one.branch) in rows]
    worked = [(one, standing) for one, standing in known if not one.rejected]
    finished = [(one.proposed, standing) for one, standing in worked if standing.finished]
    answered = [(tuple(one for one in made if isinstance(one, Answer)), there) for made, there in finished]
    drawn = [(tuple(one for one in made if isinstance(one, Thing)), there) for made, there in finished]
    asked = sorted({one.classification for proposals, _ in answered for one in proposals})
    titles = sorted({one.object for proposals, _ in drawn for one in proposals})
    taken = Counter((one.pathway, standing.stage) for one, standing in known)
    return StageReport(
        stage=title,
        decisions=len(made),
        rejected=sum(one.rejected for one, _ in known),
        unfinished=len(worked) - len(finished),
        gone=len(made) - len(known),
        compared=len(finished),
        pathways=tuple(Taken(*way, count) for way, count in sorted(taken.items(), key=_frequent)),
        classifications=tuple(answers.report(one, one in texts, answered) for one in asked),
        objects=tuple(objects.report(one, drawn) for one in titles),
    )


def _frequent(counted: tuple[tuple[str | None, str], int]) -> tuple[int, str, str]:
    (pathway, stage), count = counted
    return -count, pathway or "", stage
